"""What goes over the wire about halls and receptions."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema
from services.reception.rotation.rules import BUILT_IN, Passed, State

_ID = validate.Length(1, 36)
_LINE = validate.And(validate.Length(max=80), validate.Regexp(r"\S"))


class NewHallSchema(ma.Schema):
    """A hall to be opened; headquarters names the branch, everybody else opens at their own."""

    name = fields.String(required=True, validate=_LINE)
    branch_id = fields.String(load_default=None, allow_none=True, validate=_ID)


class HallSchema(ma.Schema):
    """A hall of a branch."""

    hall_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)


HallPageSchema = page_schema(HallSchema)


class MemberSchema(ma.Schema):
    """Who joins the line."""

    staff_id = fields.String(required=True, validate=_ID)


class ReorderSchema(ma.Schema):
    """The manager's order of the line, from its head, with the reason that goes on the record."""

    order = fields.List(fields.String(validate=_ID), required=True, validate=validate.Length(max=500))
    reason = fields.String(required=True, validate=validate.And(validate.Length(max=400), validate.Regexp(r"\S")))


class ArrivalSchema(ma.Schema):
    """A visitor at the door; a party that comes together is one arrival."""

    kind = fields.String(required=True, validate=validate.OneOf(sorted(BUILT_IN.arrivals)))
    party_size = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 99))


class CompletionSchema(ma.Schema):
    """The visitor's name and phone; the rest as far as it is known. `next_contact` is a day agreed with the visitor."""

    name = fields.String(required=True, validate=_LINE)
    phone = fields.String(required=True, validate=validate.Length(1, 40))
    intent = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 40))
    progress = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 100))
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=4000))
    next_contact = fields.Date(load_default=None, allow_none=True)


class PassedOverSchema(ma.Schema):
    """Somebody ahead in the line who does not receive, and why."""

    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    reason = fields.String(required=True, validate=validate.OneOf([reason.value for reason in Passed]))
    text = fields.String(required=True)


class ExplanationSchema(ma.Schema):
    """Why this person receives, or why nobody does yet. `article` null: the rule is the product's own."""

    reception_id = fields.String(required=True)
    code = fields.String(required=True)
    article = fields.String(required=True, allow_none=True)
    policy_version = fields.String(required=True)
    text = fields.String(required=True)
    passed_over = fields.List(fields.Nested(PassedOverSchema), required=True)


class ReceptionSchema(ma.Schema):
    """One reception, from the door on."""

    reception_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    hall_id = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in State]))
    party_size = fields.Integer(required=True)
    local_day = fields.Date(required=True)
    arrived_at = fields.AwareDateTime(required=True)
    assigned_at = fields.AwareDateTime(required=True, allow_none=True)
    greeted_at = fields.AwareDateTime(required=True, allow_none=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    server_id = fields.String(required=True, allow_none=True)
    turn = fields.String(required=True, allow_none=True)
    customer_id = fields.String(required=True, allow_none=True)
    customer_is_new = fields.Boolean(required=True, allow_none=True)
    credit_rule = fields.String(required=True, allow_none=True)
    credit_day = fields.Date(required=True, allow_none=True)
    why = fields.Nested(ExplanationSchema, required=True)


class OnTheWallSchema(ma.Schema):
    """An open reception as the wall shows it: no name, no phone."""

    reception_id = fields.String(required=True)
    kind = fields.String(required=True)
    state = fields.String(required=True)
    party_size = fields.Integer(required=True)
    arrived_at = fields.AwareDateTime(required=True)
    assigned_at = fields.AwareDateTime(required=True, allow_none=True)
    greeted_at = fields.AwareDateTime(required=True, allow_none=True)


class InLineSchema(ma.Schema):
    """One salesperson in the line: free, serving or off_duty; `reception` is the one they serve."""

    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    on_duty = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["free", "serving", "off_duty"]))
    reception = fields.Nested(OnTheWallSchema, required=True, allow_none=True)


class TodaySchema(ma.Schema):
    """What came of the day so far, in this hall."""

    arrivals = fields.Integer(required=True)
    completed = fields.Integer(required=True)


class BoardSchema(ma.Schema):
    """The hall at this moment. `a` and `b` are staff ids; `line_version` is what a reorder's If-Match names."""

    hall_id = fields.String(required=True)
    name = fields.String(required=True)
    local_day = fields.Date(required=True)
    line_version = fields.Integer(required=True)
    a = fields.String(required=True, allow_none=True)
    b = fields.String(required=True, allow_none=True)
    line = fields.List(fields.Nested(InLineSchema), required=True)
    waiting = fields.List(fields.Nested(OnTheWallSchema), required=True)
    today = fields.Nested(TodaySchema, required=True)
