"""What goes over the wire about changes of what is registered."""

from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

from chassis.web import PageArguments, page_schema
from services.customers.amendments.rules import Asked

_NAME = validate.And(validate.Length(max=80), validate.Regexp(r"\S"))
_PHONE = validate.And(validate.Length(max=30), validate.Regexp(r"[^0-9]*[0-9]"))
_STATE = validate.OneOf([state.value for state in Asked])
_REASON = validate.And(validate.Length(max=400), validate.Regexp(r"\S"))


class NewAmendmentSchema(ma.Schema):
    """Another name, another phone, or both, and why."""

    name = fields.String(load_default=None, validate=_NAME)
    phone = fields.String(load_default=None, validate=_PHONE)
    because = fields.String(required=True, validate=_REASON)

    @ma.validates_schema
    def _something(self, data: dict[str, Any], **_options: Any) -> None:
        if data.get("name") is None and data.get("phone") is None:
            raise ValidationError("name_or_phone")


class AmendmentSchema(ma.Schema):
    """A change that was asked for; `name` and `phone` are None where they are to stay. Only a signed one has an effect.

    The phone is masked for whoever neither asked nor may sign.
    """

    amendment_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    customer_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    because = fields.String(required=True)
    asked_by = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    state = fields.String(required=True, validate=_STATE)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


AmendmentPageSchema = page_schema(AmendmentSchema)


class AmendmentsSchema(ma.Schema):
    """Every change that was asked for of one customer."""

    items = fields.List(fields.Nested(AmendmentSchema), required=True)


class AmendmentQuerySchema(PageArguments):
    """All of them, or those in one state."""

    state = fields.String(load_default=None, validate=_STATE)


class RefusalSchema(ma.Schema):
    """Why it is refused."""

    reason = fields.String(required=True, validate=_REASON)


class WrongPhonesSchema(ma.Schema):
    """The registrations whose phone is wrong, and how that is known."""

    entry_ids = fields.List(
        fields.String(validate=validate.Length(1, 36)), required=True, validate=validate.Length(1, 50)
    )
    reason = fields.String(required=True, validate=_REASON)
