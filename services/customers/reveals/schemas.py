"""What goes over the wire about reveals."""

import marshmallow as ma
from marshmallow import fields

from chassis.web import page_schema
from chassis.web.fields import Text


class RevealSchema(ma.Schema):
    """What the whole phone is needed for."""

    reason = Text(200, required=True)


class RevealedSchema(ma.Schema):
    """The whole phone, E.164, all phones of the customer, and the reveal that was written down."""

    reveal_id = fields.String(required=True)
    customer_id = fields.String(required=True)
    phone = fields.String(required=True, allow_none=True)
    phones = fields.List(fields.String(), required=True)


class RevealLineSchema(ma.Schema):
    """Who has read the phone of which customer, when, and what for."""

    reveal_id = fields.String(required=True)
    customer_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    revealed_by = fields.String(required=True)
    revealed_at = fields.AwareDateTime(required=True)
    local_day = fields.Date(required=True)
    reason = fields.String(required=True)


RevealPageSchema = page_schema(RevealLineSchema)
