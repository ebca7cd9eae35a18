"""What goes over the wire about rosters and attendance."""

import marshmallow as ma
from marshmallow import fields, validate


class ShiftLineSchema(ma.Schema):
    """One person's hours on some days of the week (1 is Monday), in the branch's local time. 24:00 is midnight."""

    staff_id = fields.String(required=True, validate=validate.Length(1, 36))
    weekdays = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 7)), required=True, validate=validate.Length(1, 7)
    )
    starts = fields.String(required=True, validate=validate.Length(max=5))
    ends = fields.String(required=True, validate=validate.Length(max=5))


class NewRosterSchema(ma.Schema):
    """A hall's whole weekly roster."""

    shifts = fields.List(fields.Nested(ShiftLineSchema), required=True, validate=validate.Length(max=500))


class RosterSchema(ma.Schema):
    """A hall's weekly roster; `version` is what If-Match names when it is replaced."""

    hall_id = fields.String(required=True)
    version = fields.Integer(required=True)
    shifts = fields.List(fields.Nested(ShiftLineSchema), required=True)


class AttendanceSchema(ma.Schema):
    """One time on duty; `local_day` is the day of the shift."""

    attendance_id = fields.String(required=True, attribute="id")
    staff_id = fields.String(required=True)
    hall_id = fields.String(required=True)
    local_day = fields.Date(required=True)
    shift_starts_at = fields.AwareDateTime(required=True)
    clocked_in_at = fields.AwareDateTime(required=True)
    clocked_out_at = fields.AwareDateTime(required=True, allow_none=True)
