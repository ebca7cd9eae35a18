"""What goes over the wire about attendance, leave and draws."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema
from chassis.web.fields import Text
from chassis.web.pagination import PageArguments
from services.reception.attendance.rules import Came, LeaveState

_STATES = [state.value for state in LeaveState]


class AttendanceSchema(ma.Schema):
    """One time on duty; `local_day` is the day of the shift, `late_by` whole seconds."""

    attendance_id = fields.String(required=True, attribute="id")
    staff_id = fields.String(required=True)
    hall_id = fields.String(required=True)
    local_day = fields.Date(required=True)
    shift_starts_at = fields.AwareDateTime(required=True)
    clocked_in_at = fields.AwareDateTime(required=True)
    clocked_out_at = fields.AwareDateTime(required=True, allow_none=True)
    late_by = fields.Integer(required=True)


class DayArguments(ma.Schema):
    """Which day, by the branch's wall clock."""

    day = fields.Date(required=True)


class GroundsSchema(ma.Schema):
    """Why, on the record."""

    reason = Text(400, required=True)


class SpanSchema(ma.Schema):
    """From when until when."""

    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class ShiftOutcomeSchema(ma.Schema):
    """Somebody's shift and what became of it.

    `late_by` is in whole seconds, null without a clock-in; `shift_ends_at` null where the shift stands in the roster no
    more. `not_counted`: it is over, nobody came, and it is no absence: it was rostered too late, or lies too far back.
    """

    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    shift_starts_at = fields.AwareDateTime(required=True)
    shift_ends_at = fields.AwareDateTime(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf([came.value for came in Came]))
    late_by = fields.Integer(required=True, allow_none=True)
    duties = fields.List(fields.Nested(AttendanceSchema), required=True)
    leave = fields.List(fields.Nested(SpanSchema), required=True)


class AttendanceDaySchema(ma.Schema):
    """What became of a hall's day; `closed_because` says why nobody was rostered."""

    hall_id = fields.String(required=True)
    day = fields.Date(required=True)
    closed_because = fields.String(required=True, allow_none=True)
    people = fields.List(fields.Nested(ShiftOutcomeSchema), required=True)


class NewLeaveSchema(SpanSchema):
    """A wish for leave."""

    reason = Text(400, required=True)


class LeaveArguments(PageArguments):
    """Which leave; without any, all in reach."""

    staff_id = fields.String(load_default=None, validate=validate.Length(1, 36))
    state = fields.String(load_default=None, validate=validate.OneOf(_STATES))


class LeaveSchema(ma.Schema):
    """A leave and how it was decided."""

    leave_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    staff_id = fields.String(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(_STATES))
    asked_at = fields.AwareDateTime(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_because = fields.String(required=True, allow_none=True)


LeavePageSchema = page_schema(LeaveSchema)


class DrawSchema(ma.Schema):
    """How a hall's line was drawn on a day.

    To check it: sort the ids of `order` by the SHA-256, in hexadecimal, of the UTF-8 text `seed/id`, with each id in
    turn; the sorted ids are the line, and `line_entry` is the number of the register's entry that says so.
    """

    hall_id = fields.String(required=True)
    day = fields.Date(required=True)
    seed = fields.String(required=True)
    order = fields.List(fields.String(), required=True)
    line_entry = fields.Integer(required=True)
    drawn_at = fields.AwareDateTime(required=True)
    rule = fields.Constant("sha256(seed/staff_id)", required=True)
