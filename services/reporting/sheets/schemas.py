"""What goes over the wire about the follow-up sheet."""

import marshmallow as ma
from marshmallow import fields, validate

from services.reporting.sheets.rules import Basis


class SheetArguments(ma.Schema):
    """From and to, both included; `basis` says by which day closed deals count."""

    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")
    basis = fields.Enum(Basis, by_value=True, load_default=Basis.DEAL_DATE)
    branch_id = fields.String(load_default=None, validate=validate.Length(1, 36))


class SheetRowSchema(ma.Schema):
    """One row of the sheet. `progress` is 0 to 100; `salesperson` is a name; who is `erased` has no name any more."""

    code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    erased = fields.Boolean(required=True)
    customer_type = fields.String(required=True, allow_none=True)
    followup_date = fields.Date(required=True, allow_none=True)
    method = fields.String(required=True, allow_none=True)
    progress = fields.Integer(required=True, allow_none=True)
    intent = fields.String(required=True, allow_none=True)
    result = fields.String(required=True, allow_none=True)
    deal_date = fields.Date(required=True, allow_none=True)
    salesperson = fields.String(required=True, allow_none=True)


class FollowupSheetSchema(ma.Schema):
    """The sheet: rows of the period by follow-up date, those without a date apart, and the closed deals."""

    first = fields.Date(required=True, data_key="from")
    last = fields.Date(required=True, data_key="to")
    branch_id = fields.String(required=True, allow_none=True)
    basis = fields.Enum(Basis, by_value=True, required=True)
    closed_deals = fields.Integer(required=True)
    rows = fields.List(fields.Nested(SheetRowSchema), required=True)
    undated = fields.List(fields.Nested(SheetRowSchema), required=True)
    undated_count = fields.Integer(required=True)
