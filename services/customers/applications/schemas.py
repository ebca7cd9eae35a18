"""What goes over the wire about applications."""

from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

from chassis.web import PageArguments, page_schema, say
from chassis.web.fields import Text, YesNo
from services.customers.applications.rules import GIVEN_TO_ANOTHER, State


class NewApplicationSchema(ma.Schema):
    """For which customer, and why."""

    customer_id = fields.String(required=True, validate=validate.Length(1, 36))
    reason = Text(400, required=True)


class ApplicationsAskedSchema(PageArguments):
    """Of which state; without it of all."""

    state = fields.Enum(State, by_value=True, load_default=None)


class ApplicationDecisionSchema(ma.Schema):
    """Whether it is approved; a refusal needs a reason."""

    approved = YesNo(required=True)
    reason = Text(400, load_default=None, allow_none=True)

    @ma.validates_schema
    def _reason_for_a_refusal(self, data: dict[str, Any], **_options: Any) -> None:
        if not data["approved"] and data["reason"] is None:
            raise ValidationError("reason_needed", "reason")


class AnswerField(fields.String):
    """The reason of a decision as it was written, or, where another application was approved, in words for it."""

    def _serialize(self, value: Any, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        said = say(f"answers.{value}") if value == GIVEN_TO_ANOTHER else value
        return super()._serialize(said, attr, obj, **kwargs)


class ApplicationSchema(ma.Schema):
    """Who would like to own which customer and why; `answer` is the reason of the decision."""

    application_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    customer_id = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)
    applicant_id = fields.String(required=True)
    applicant_name = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    applied_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, validate=validate.OneOf([one.value for one in State]))
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    answer = AnswerField(required=True, allow_none=True)


ApplicationPageSchema = page_schema(ApplicationSchema)
