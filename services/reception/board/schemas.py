"""What goes over the wire about the board of a hall."""

import marshmallow as ma
from marshmallow import fields, validate

from services.reception.rotation.rules import Standing
from services.reception.stepping_out.rules import State

_ON_THE_WALL = [Standing.FREE, Standing.SERVING, Standing.AWAY, Standing.OFF_DUTY]


class OnTheWallSchema(ma.Schema):
    """An open reception as the wall shows it: no name, no phone. `why` explains in the reader's language."""

    reception_id = fields.String(required=True, attribute="id")
    kind = fields.String(required=True)
    state = fields.String(required=True)
    role = fields.String(required=True, allow_none=True)
    original_id = fields.String(required=True, allow_none=True)
    party_size = fields.Integer(required=True)
    arrived_at = fields.AwareDateTime(required=True)
    assigned_at = fields.AwareDateTime(required=True, allow_none=True)
    greeted_at = fields.AwareDateTime(required=True, allow_none=True)
    delegate_id = fields.String(required=True, allow_none=True)
    relation = fields.String(required=True, allow_none=True)
    trade = fields.String(required=True, allow_none=True)
    witness_id = fields.String(required=True, allow_none=True)
    witnessed_at = fields.AwareDateTime(required=True, allow_none=True)
    why = fields.String(required=True)


class InLineSchema(ma.Schema):
    """One salesperson in the line: free, serving, away or off_duty; `reception` is the one they serve.

    `is_ready`: has confirmed as A that the materials are ready.
    `waits_about` estimates the minutes until their turn: the day's mean visit for each free person ahead.
    """

    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    on_duty = fields.Boolean(required=True)
    state = fields.String(required=True, validate=validate.OneOf([one.value for one in _ON_THE_WALL]))
    is_ready = fields.Boolean(required=True)
    reception = fields.Nested(OnTheWallSchema, required=True, allow_none=True)
    waits_about = fields.Integer(required=True, allow_none=True)


class DrawnSchema(ma.Schema):
    """How today's line was drawn by lot; GET …/draws/{day} says how to check it."""

    seed = fields.String(required=True)
    order = fields.List(fields.String(), required=True)
    drawn_at = fields.AwareDateTime(required=True)


class OutSchema(ma.Schema):
    """Who has stepped out, or asks to: then `asked_id` takes the place by accepting, or with nobody free a supervisor
    grants it.
    """

    step_out_id = fields.String(required=True)
    staff_id = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf([State.ASKED, State.AWAY, State.OVERSTAYED]))
    asked_id = fields.String(required=True, allow_none=True)
    stand_in_id = fields.String(required=True, allow_none=True)
    since = fields.AwareDateTime(required=True, allow_none=True)
    until = fields.AwareDateTime(required=True, allow_none=True)


class OutReasonSchema(ma.Schema):
    """Why one may step out by the branch's policy, and what that is called."""

    reason = fields.String(required=True)
    zh = fields.String(required=True)
    en = fields.String(required=True)


class TodaySchema(ma.Schema):
    """What came of the day so far, in this hall."""

    arrivals = fields.Integer(required=True)
    completed = fields.Integer(required=True)


class BoardSchema(ma.Schema):
    """The hall at this moment. `a` and `b` are staff ids; `line_version` is what a reorder's If-Match names.

    `non_buyers` are the trades of 一.7 by the branch's policy.
    """

    hall_id = fields.String(required=True)
    name = fields.String(required=True)
    local_day = fields.Date(required=True)
    time_zone = fields.String(required=True)
    line_version = fields.Integer(required=True)
    a = fields.String(required=True, allow_none=True)
    b = fields.String(required=True, allow_none=True)
    line = fields.List(fields.Nested(InLineSchema), required=True)
    waiting = fields.List(fields.Nested(OnTheWallSchema), required=True)
    out = fields.List(fields.Nested(OutSchema), required=True)
    today = fields.Nested(TodaySchema, required=True)
    draw = fields.Nested(DrawnSchema, required=True, allow_none=True)
    non_buyers = fields.List(fields.String(), required=True)
    out_reasons = fields.List(fields.Nested(OutReasonSchema), required=True)
