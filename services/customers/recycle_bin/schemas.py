"""What goes over the wire about the recycle bin."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema, say
from chassis.web.fields import Text, YesNo
from services.customers.files.rules import Move
from services.customers.files.schemas import WholeFileSchema
from services.customers.recycle_bin.rules import Notice


class DeletionSchema(ma.Schema):
    """Why the customer is moved into the recycle bin."""

    reason = Text(400, required=True)


class PurgingSchema(ma.Schema):
    """The customer's code once more: purging cannot be undone; `family_too`: all whose customer it is go, where it is a
    family's.
    """

    code = Text(20, required=True)
    family_too = YesNo(load_default=False)


class BinItemSchema(ma.Schema):
    """A customer in the recycle bin: since when, who deleted them and why; the day on which they are purged."""

    customer_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    owner_id = fields.String(required=True, allow_none=True)
    deleted_at = fields.AwareDateTime(required=True)
    deleted_by = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    purged_on = fields.Date(required=True)


BinPageSchema = page_schema(BinItemSchema)


class MoveSchema(ma.Schema):
    """A move into the recycle bin or out of it; `by_id` null: it came of itself."""

    move = fields.String(required=True, validate=validate.OneOf([move.value for move in Move]))
    move_text = fields.Method("_text", required=True)
    at = fields.AwareDateTime(required=True)
    by_id = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)

    def _text(self, row: Mapping[str, Any]) -> str:
        return say(f"bin_moves.{row['move']}")


class MovesSchema(ma.Schema):
    """Every move of one customer, the first one first."""

    items = fields.List(fields.Nested(MoveSchema), required=True)


class NoticeSchema(ma.Schema):
    """What happened meanwhile, and what to do."""

    code = fields.Method("_code", required=True)
    text = fields.Method("_text", required=True)

    def _code(self, notice: Notice) -> str:
        return notice.value

    def _text(self, notice: Notice) -> str:
        return say(f"bin_notices.{notice.value}")


class RestoredSchema(WholeFileSchema):
    """The customer as restored, and what is left to put right."""

    notices = fields.List(fields.Nested(NoticeSchema), required=True)
