"""What goes over the wire about a hall as it was."""

import marshmallow as ma
from marshmallow import fields, validate

from services.reception.rotation.rules import Standing


class MomentSchema(ma.Schema):
    """The moment asked for, with its offset from UTC; by default now."""

    at = fields.AwareDateTime(load_default=None)


class PersonThenSchema(ma.Schema):
    """One salesperson in the line: free, serving, away or off_duty. Suspensions stand in the register of forfeits."""

    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([one.value for one in Standing]))
    on_duty_since = fields.AwareDateTime(required=True, allow_none=True)
    away_since = fields.AwareDateTime(required=True, allow_none=True)
    reception_id = fields.String(required=True, allow_none=True)


class WaitedSchema(ma.Schema):
    """A visitor who waited, since when."""

    reception_id = fields.String(required=True)
    arrived_at = fields.AwareDateTime(required=True)


class LineThenSchema(ma.Schema):
    """The hall as its register tells it up to entry number `entry`; `a` and `b` are staff ids."""

    hall_id = fields.String(required=True)
    at = fields.AwareDateTime(required=True)
    entry = fields.Integer(required=True)
    a = fields.String(required=True, allow_none=True)
    b = fields.String(required=True, allow_none=True)
    line = fields.List(fields.Nested(PersonThenSchema), required=True)
    waiting = fields.List(fields.Nested(WaitedSchema), required=True)
