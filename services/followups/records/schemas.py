"""What goes over the wire about records."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema
from services.followups.records.rules import CLOSED, NOT_CLOSED

_WORD = validate.And(validate.Length(max=40), validate.Regexp(r"\S"))
_ID = validate.Length(1, 36)
_MOST_CENTS = 10**15


class RecordingSchema(ma.Schema):
    """What a person says of one contact. Words for method and intent are the company's own."""

    customer_id = fields.String(required=True, validate=_ID)
    date = fields.Date(load_default=None, allow_none=True, metadata={"description": "today at the branch by default"})
    method = fields.String(required=True, validate=_WORD)
    progress = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 100))
    intent = fields.String(load_default=None, allow_none=True, validate=_WORD)
    said = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=4000))
    result = fields.String(load_default=None, allow_none=True, validate=validate.OneOf([CLOSED, NOT_CLOSED]))
    deal_date = fields.Date(
        load_default=None, allow_none=True, metadata={"description": "of a closed deal: the follow-up's by default"}
    )
    amount = fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=validate.Range(0, _MOST_CENTS),
        metadata={"description": "of a closed deal, in cents"},
    )
    next_contact = fields.Date(load_default=None, allow_none=True)
    effective = fields.Boolean(
        load_default=True, metadata={"description": "false: nobody was reached, and the plan stays as it is"}
    )
    salesperson_id = fields.String(load_default=None, allow_none=True, validate=_ID)


class RecordSchema(ma.Schema):
    """One follow-up. `salesperson` is the name, whether the person works here or is known by name only."""

    followup_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    customer_id = fields.String(required=True, allow_none=True)
    customer_code = fields.String(required=True, allow_none=True)
    customer_name = fields.String(required=True, allow_none=True)
    customer_erased = fields.Boolean(required=True)
    date = fields.Date(required=True, allow_none=True)
    method = fields.String(required=True, allow_none=True)
    progress = fields.Integer(required=True, allow_none=True)
    intent = fields.String(required=True, allow_none=True)
    said = fields.String(required=True, allow_none=True)
    result = fields.String(required=True, allow_none=True)
    deal_date = fields.Date(required=True, allow_none=True)
    amount = fields.Integer(required=True, allow_none=True, metadata={"description": "cents"})
    next_contact = fields.Date(required=True, allow_none=True)
    effective = fields.Boolean(required=True)
    salesperson_id = fields.String(required=True, allow_none=True)
    salesperson = fields.String(required=True, allow_none=True)
    origin = fields.String(required=True, validate=validate.OneOf(["reception", "import", "person"]))
    recorded_at = fields.AwareDateTime(required=True)


class RecordsArguments(PageArguments):
    """Which records to list."""

    customer_id = fields.String(load_default=None, validate=_ID)


RecordPageSchema = page_schema(RecordSchema)
