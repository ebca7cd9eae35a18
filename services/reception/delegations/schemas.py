"""What goes over the wire about delegations."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema
from chassis.web.fields import Moment, Text

_ID = validate.Length(1, 36)


class NewDelegationSchema(ma.Schema):
    """To whom one's customers are entrusted until when: all of them, or one.

    `staff_id` and `reason` are for a supervisor or manager who does it for an absent colleague. Without `starts_at` it
    holds from now.
    """

    delegate_id = fields.String(required=True, validate=_ID)
    customer_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    starts_at = Moment(load_default=None, allow_none=True)
    ends_at = Moment(required=True)
    staff_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    reason = Text(400, load_default=None, allow_none=True)


class DelegationSchema(ma.Schema):
    """Whose customers (`customer_id` null: all of them) somebody stands in for, from when to when."""

    delegation_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    staff_id = fields.String(required=True)
    delegate_id = fields.String(required=True)
    customer_id = fields.String(required=True, allow_none=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    made_by = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True, allow_none=True)
    taken_back_at = fields.AwareDateTime(required=True, allow_none=True)
    taken_back_by = fields.String(required=True, allow_none=True)


DelegationPageSchema = page_schema(DelegationSchema)
