"""What goes over the wire about settlements and pay."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web.fields import Text, Whole
from services.reception.settlements.rules import Verdict

_ID = validate.Length(1, 36)
_MONTH = validate.Regexp(r"^[0-9]{4}-(0[1-9]|1[0-2])$(?!\n)")


class BranchArguments(ma.Schema):
    """Of which branch; by default the asker's own, headquarters names one."""

    branch_id = fields.String(load_default=None, validate=_ID)


class MonthLineSchema(ma.Schema):
    """What one penalty comes to in the month; a correction of an earlier month is negative."""

    penalty_id = fields.String(required=True)
    cause = fields.String(required=True)
    article = fields.String(required=True, allow_none=True)
    day = fields.Date(required=True)
    fine = fields.Integer(required=True)
    points = fields.Integer(required=True)
    carried = fields.Integer(required=True, allow_none=True)
    untaken = fields.Integer(required=True, allow_none=True)


class AmountsSchema(ma.Schema):
    """Yuan and points. `due`: what is taken, `fine` without `held` and `let_go`, with what was `carried` here from a
    settled month. What lies past the cap is null for whoever is neither the person nor a manager.
    """

    fine = fields.Integer(required=True)
    points = fields.Integer(required=True)
    held = fields.Integer(required=True, allow_none=True)
    let_go = fields.Integer(required=True, allow_none=True)
    carried = fields.Integer(required=True, allow_none=True)
    due = fields.Integer(required=True, allow_none=True)


class PersonMonthSchema(AmountsSchema):
    """A person's month."""

    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    lines = fields.List(fields.Nested(MonthLineSchema), required=True)


class SettlementSchema(ma.Schema):
    """A branch's month of the people in reach; open until `settled_at`."""

    branch_id = fields.String(required=True)
    month = fields.String(required=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)
    settled_by = fields.String(required=True, allow_none=True)
    people = fields.List(fields.Nested(PersonMonthSchema), required=True)
    totals = fields.Nested(AmountsSchema, required=True)


class ReviewSchema(ma.Schema):
    """What is decided about a person's fines past the cap, and why."""

    staff_id = fields.String(required=True, validate=_ID)
    verdict = fields.Enum(Verdict, by_value=True, required=True)
    reason = Text(1000, required=True)


class NewPaySchema(ma.Schema):
    """Monthly pay in whole yuan, from a month on; by default the present one."""

    monthly = Whole(required=True, validate=validate.Range(0, 10_000_000))
    month = fields.String(load_default=None, allow_none=True, validate=_MONTH)


class PaySchema(ma.Schema):
    """Monthly pay from a month on."""

    month = fields.String(required=True)
    monthly = fields.Integer(required=True)
    set_by = fields.String(required=True)
    set_at = fields.AwareDateTime(required=True)


class PaysSchema(ma.Schema):
    """A person's monthly pay, the latest first."""

    staff_id = fields.String(required=True)
    items = fields.List(fields.Nested(PaySchema), required=True)
