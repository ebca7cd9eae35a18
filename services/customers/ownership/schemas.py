"""What goes over the wire about owners."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

from chassis.web import say
from chassis.web.fields import Text
from services.customers.files.rules import Why

_ID = validate.Length(1, 36)


class AssignmentSchema(ma.Schema):
    """Whose the customer is to be; null takes it back to the pool, which needs a reason."""

    owner_id = fields.String(required=True, allow_none=True, validate=_ID)
    reason = Text(400, load_default=None, allow_none=True)

    @ma.validates_schema
    def _reason_for_the_pool(self, data: dict[str, Any], **_options: Any) -> None:
        if data["owner_id"] is None and data["reason"] is None:
            raise ValidationError("reason_needed", "reason")


class OwnerLineSchema(ma.Schema):
    """A change of owner: `owner_id` null: to the pool; `by_id` null: nobody decided it in person.

    `customer_id` is whose it was: the customer's own, or that of one who is one with them.
    """

    customer_id = fields.String(required=True)
    owner_id = fields.String(required=True, allow_none=True)
    former_id = fields.String(required=True, allow_none=True)
    since = fields.AwareDateTime(required=True)
    because = fields.String(required=True, validate=validate.OneOf([why.value for why in Why]))
    because_text = fields.Method("_text", required=True)
    by_id = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)

    def _text(self, line: Mapping[str, Any]) -> str:
        return say(f"owners.{line['because']}")


class OwnersSchema(ma.Schema):
    """The present owner of a customer (null: in the pool), and every change of owner, the first one first.

    Of several who are one customer all changes are theirs.
    """

    customer_id = fields.String(required=True)
    owner_id = fields.String(required=True, allow_none=True)
    owners = fields.List(fields.Nested(OwnerLineSchema), required=True)


class LeaverSchema(ma.Schema):
    """Somebody who does not work at the branch any more, and how many of its customers wait for another owner."""

    staff_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    customers = fields.Integer(required=True)


class LeaversSchema(ma.Schema):
    """All of them in reach."""

    items = fields.List(fields.Nested(LeaverSchema), required=True)


class NewHandoverSchema(ma.Schema):
    """Whose customers go to which colleagues, all of them, split fairly."""

    from_id = fields.String(required=True, validate=_ID)
    to_ids = fields.List(fields.String(validate=_ID), required=True, validate=validate.Length(1, 100))
    reason = Text(400, required=True)
    branch_id = fields.String(
        load_default=None, allow_none=True, validate=_ID, metadata={"description": "for those of the whole company"}
    )

    @ma.validates_schema
    def _colleagues(self, data: dict[str, Any], **_options: Any) -> None:
        if data["from_id"] in data["to_ids"] or len(set(data["to_ids"])) < len(data["to_ids"]):
            raise ValidationError("different_colleagues", "to_ids")


class HandoverShareSchema(ma.Schema):
    """How many customers a colleague got."""

    staff_id = fields.String(required=True)
    customers = fields.Integer(required=True)


class HandoverSchema(ma.Schema):
    """A hand-over as it was done."""

    handover_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    from_id = fields.String(required=True)
    shares = fields.List(fields.Nested(HandoverShareSchema), required=True)
