"""What goes over the wire about groups."""

import marshmallow as ma
from marshmallow import fields, validate


class ParentSchema(ma.Schema):
    """The customer to stand under; null: none."""

    parent_id = fields.String(required=True, allow_none=True, validate=validate.Length(1, 36))


class TotalsSchema(ma.Schema):
    """What customers come to; `amount` is cents, of the deals whose amount is known."""

    customers = fields.Integer(required=True)
    deals = fields.Integer(required=True)
    amount = fields.Integer(required=True)


class MemberSchema(ma.Schema):
    """A customer in its place: `totals` with all that stand under it, `own` without. Out of reach: no code, no name."""

    customer_id = fields.String(required=True)
    parent_id = fields.String(required=True, allow_none=True)
    depth = fields.Integer(required=True)
    code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    in_reach = fields.Boolean(required=True)
    own = fields.Nested(TotalsSchema, required=True)
    totals = fields.Nested(TotalsSchema, required=True)


class GroupSchema(ma.Schema):
    """The whole group of a customer: the top first, each before those under it."""

    customer_id = fields.String(required=True)
    members = fields.List(fields.Nested(MemberSchema), required=True)
