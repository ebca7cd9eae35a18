"""What goes over the wire about rosters."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload as UploadField
from marshmallow import fields, validate

from chassis.web import say
from chassis.web.fields import Text
from services.reception.rosters.reader import LIMITS
from services.reception.rosters.rules_of_sheet import Fate

_ID = validate.Length(1, 36)


class HoursSchema(ma.Schema):
    """A shift's hours in the branch's local time, HH:MM; 24:00 is midnight, and one that ends by its start runs into
    the next day.
    """

    starts = fields.String(required=True, validate=validate.Length(max=5))
    ends = fields.String(required=True, validate=validate.Length(max=5))


class ShiftLineSchema(HoursSchema):
    """One person's hours on some days of the week (1 is Monday), in the branch's local time. 24:00 is midnight."""

    staff_id = fields.String(required=True, validate=_ID)
    weekdays = fields.List(
        fields.Integer(strict=True, validate=validate.Range(1, 7)), required=True, validate=validate.Length(1, 7)
    )


class NewRosterSchema(ma.Schema):
    """A hall's whole weekly roster."""

    shifts = fields.List(fields.Nested(ShiftLineSchema), required=True, validate=validate.Length(max=500))


class RosterSchema(ma.Schema):
    """A hall's weekly roster; `version` is what If-Match names when it is replaced."""

    hall_id = fields.String(required=True)
    version = fields.Integer(required=True)
    shifts = fields.List(fields.Nested(ShiftLineSchema), required=True)


class NewDayPlanSchema(ma.Schema):
    """Somebody's hours of one day: none is a day off, null gives the day back to the weekly roster."""

    shifts = fields.List(fields.Nested(HoursSchema), required=True, allow_none=True, validate=validate.Length(max=4))
    reason = Text(400, required=True)


class DayPlanSchema(ma.Schema):
    """Somebody's hours of one day instead of the week's."""

    staff_id = fields.String(required=True)
    day = fields.Date(required=True)
    shifts = fields.List(fields.Nested(HoursSchema), required=True, allow_none=True)
    swapped_with = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True)
    made_by = fields.String(required=True)


class NewSwapSchema(ma.Schema):
    """Two people change: one's shift of `day` for the other's of `other_day` (by default the same day)."""

    staff_id = fields.String(required=True, validate=_ID)
    day = fields.Date(required=True)
    with_staff_id = fields.String(required=True, validate=_ID)
    other_day = fields.Date(load_default=None, allow_none=True)
    reason = Text(400, required=True)

    @ma.validates_schema
    def _two_people(self, data: dict[str, object], **_options: object) -> None:
        if data["staff_id"] == data["with_staff_id"]:
            raise ma.ValidationError("two_people", "with_staff_id")


class BetweenArguments(ma.Schema):
    """From which day to which, both included: a quarter of a year at most."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)

    @ma.validates_schema
    def _a_quarter(self, data: dict[str, object], **_options: object) -> None:
        if not 0 <= (data["last"] - data["first"]).days <= 92:  # type: ignore[operator]
            raise ma.ValidationError("out_of_range", "last")


class ClosedDaySchema(ma.Schema):
    """A day on which the hall is closed."""

    day = fields.Date(required=True)
    reason = fields.String(required=True)


class DayPlansSchema(ma.Schema):
    """What differs from the weekly roster."""

    days = fields.List(fields.Nested(DayPlanSchema), required=True)
    closed = fields.List(fields.Nested(ClosedDaySchema), required=True)


class OwnShiftSchema(ma.Schema):
    """One's own shift in a hall; `day` is the branch's day on which it begins."""

    hall_id = fields.String(required=True)
    hall = fields.String(required=True)
    day = fields.Date(required=True)
    starts_at = fields.AwareDateTime(required=True)
    ends_at = fields.AwareDateTime(required=True)


class OwnChangeSchema(ma.Schema):
    """A day on which one's hours differ from the week's, and why."""

    hall_id = fields.String(required=True)
    hall = fields.String(required=True)
    day = fields.Date(required=True)
    reason = fields.String(required=True)


class HallClosedSchema(ClosedDaySchema):
    """A day on which a hall is closed."""

    hall_id = fields.String(required=True)
    hall = fields.String(required=True)


class OwnDaysSchema(ma.Schema):
    """One's own shifts in all halls, in the order in which they begin."""

    shifts = fields.List(fields.Nested(OwnShiftSchema), required=True)
    changed = fields.List(fields.Nested(OwnChangeSchema), required=True)
    closed = fields.List(fields.Nested(HallClosedSchema), required=True)


class RosterFileSchema(ma.Schema):
    """A month's roster: a header with at least 姓名, 日期, 上班, 下班; a day off says 休 instead of hours."""

    file = UploadField(required=True, metadata={"description": ".xlsx, or .csv in UTF-8 or GB18030"})

    @ma.post_load
    def _read(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        return {"content": data["file"].stream.read(LIMITS.bytes + 1)}


class RosterRowSchema(ma.Schema):
    """What became of a row of the file; `reason` and its text only of one that was refused."""

    row_number = fields.Integer(required=True)
    staff_id = fields.String(required=True, allow_none=True)
    day = fields.Date(required=True, allow_none=True)
    fate = fields.String(required=True, validate=validate.OneOf([fate.value for fate in Fate]))
    reason = fields.String(required=True, allow_none=True)
    reason_text = fields.Method("_reason_text", required=True)

    def _reason_text(self, row: Mapping[str, Any]) -> str | None:
        return say(f"refusals.{row['reason']}") if row["reason"] else None


class RosterImportSchema(ma.Schema):
    """What became of a file: how many rows had which fate, and each row in the file's order."""

    taken = fields.Integer(required=True)
    unchanged = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    rows = fields.List(fields.Nested(RosterRowSchema), required=True)
