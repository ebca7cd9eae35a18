"""What the forms of the roster bring, as reception wants it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import request

from gateway.pages.week import lines_of

_SPARE = 1  # rows offered beside those that are there


def day(sent: str | None, otherwise: date) -> date:
    """A day of the address; what is none is `otherwise`."""
    try:
        return date.fromisoformat(sent or "")
    except ValueError:
        return otherwise


def hours() -> list[dict[str, str]] | None:
    """The hours of a day: none is a day off, null the week's again."""
    wanted = request.form.get("as", "hours")
    if wanted == "week":
        return None
    return [] if wanted == "off" else typed_hours()


def typed_hours() -> list[dict[str, str]]:
    """From when until when, row by row, as typed; empty rows are left out."""
    rows = zip(request.form.getlist("starts"), request.form.getlist("ends"), strict=False)
    return [{"starts": starts.strip(), "ends": ends.strip()} for starts, ends in rows if starts.strip() or ends.strip()]


def lines() -> list[dict[str, Any]]:
    """Somebody's lines of the weekly roster, as typed."""
    return [line for line in _typed_lines() if line["starts"] or line["ends"] or line["weekdays"]]


def pattern(held: Mapping[str, Any], staff_id: str) -> dict[str, Any]:
    """The form of somebody's week: as typed, else as it holds, with a row to spare; and the version it replaces."""
    if request.method == "POST":
        return {"rows": _typed_lines(), "version": request.form.get("version", "")}
    rows: list[Mapping[str, Any]] = lines_of(held.get("shifts", ()), staff_id)
    spare = [{"weekdays": [], "starts": "", "ends": ""}] * _SPARE
    return {"rows": [*rows, *spare], "version": held.get("version", "")}


def swap() -> dict[str, Any]:
    """Who changes with whom; without another day it is the same."""
    said = {name: request.form.get(name, "").strip() for name in ("staff_id", "day", "with_staff_id", "reason")}
    other = request.form.get("other_day", "").strip()
    return said | ({"other_day": other} if other else {})


def _typed_lines() -> list[dict[str, Any]]:
    starts, ends = request.form.getlist("starts"), request.form.getlist("ends")
    return [
        {"weekdays": _weekdays(n), "starts": one.strip(), "ends": other.strip()}
        for n, (one, other) in enumerate(zip(starts, ends, strict=False))
    ]


def _weekdays(n: int) -> list[int]:
    sent = request.form.getlist(f"weekdays-{n}")
    return [int(one) for one in sent if one.isascii() and one.isdigit() and len(one) == 1]
