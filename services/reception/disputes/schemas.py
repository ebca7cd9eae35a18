"""What goes over the wire about disputes."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema
from chassis.web.fields import Text

_ID = validate.Length(1, 36)


class NewDisputeSchema(ma.Schema):
    """With whom, in which reception, about which customer (by default the reception's), what happened."""

    other_id = fields.String(required=True, validate=_ID)
    reception_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    customer_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    said = Text(1000, required=True)


class DisputeDecisionSchema(ma.Schema):
    """How a dispute is settled, and why."""

    reason = Text(1000, required=True)


class DisputeSchema(ma.Schema):
    """A dispute between colleagues; decided once `decided_at` is there. `said` is null once the customer was erased."""

    dispute_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    reporter_id = fields.String(required=True)
    reporter = fields.String(required=True)
    other_id = fields.String(required=True)
    other = fields.String(required=True)
    reception_id = fields.String(required=True, allow_none=True)
    customer_id = fields.String(required=True, allow_none=True)
    said = fields.String(required=True, allow_none=True)
    reported_at = fields.AwareDateTime(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


DisputePageSchema = page_schema(DisputeSchema)
