"""What goes over the wire about a day."""

import marshmallow as ma
from marshmallow import fields, validate


class DayArguments(ma.Schema):
    """Of which branch: headquarters may name any, or none for the whole company."""

    branch_id = fields.String(load_default=None, validate=validate.Length(1, 36))


class CountsSchema(ma.Schema):
    """What is counted. Deals are distinct customers with a closed result, by deal date."""

    arrivals = fields.Integer(required=True)
    receptions_completed = fields.Integer(required=True)
    turns_used = fields.Integer(required=True)
    new_customers = fields.Integer(required=True)
    followups = fields.Integer(required=True)
    deals = fields.Integer(required=True)


class PersonDaySchema(CountsSchema):
    """The day of one person: a staff member, someone known by name only, or nobody in particular (both null)."""

    branch_id = fields.String(required=True)
    staff_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)


class BranchDaySchema(CountsSchema):
    """The day of one branch."""

    branch_id = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)


class DaySchema(CountsSchema):
    """The totals of a day in the asker's reach; `branch_id` null: of the whole company."""

    date = fields.Date(required=True)
    branch_id = fields.String(required=True, allow_none=True)
    by_branch = fields.List(fields.Nested(BranchDaySchema), required=True)
    by_person = fields.List(fields.Nested(PersonDaySchema), required=True)
