"""A week of a hall's roster as a page shows it: each person's hours of each day, and which of them differ."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

Plan = Mapping[str, Any]
Shift = dict[str, str]


@dataclass(frozen=True)
class Cell:
    """Somebody's day: its hours (none: off), as the week has it or, with the reason, otherwise."""

    day: date
    shifts: tuple[Shift, ...]
    plan: Plan | None

    @property
    def hours(self) -> tuple[str, ...]:
        return tuple(f"{one['starts']}–{one['ends']}" for one in self.shifts)

    @property
    def differs(self) -> bool:
        return self.plan is not None


@dataclass(frozen=True)
class Row:
    """Somebody's week."""

    staff_id: str
    name: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Week:
    """Seven days from a Monday on; `closed` says why, by day."""

    days: tuple[date, ...]
    closed: Mapping[str, str]
    rows: tuple[Row, ...]

    def shifts(self, staff_id: str, day: date) -> list[Shift]:
        """Somebody's hours of a day; none for whoever is not in the roster."""
        cells = (cell for row in self.rows if row.staff_id == staff_id for cell in row.cells if cell.day == day)
        return [shift for cell in cells for shift in cell.shifts]


def monday_of(day: date) -> date:
    """The Monday on or before a day."""
    return day - timedelta(days=day.weekday())


def week_of(
    monday: date,
    pattern: Iterable[Mapping[str, Any]],
    differing: Mapping[str, Any],
    people: Iterable[tuple[str, str]],
) -> Week:
    """The week from `monday` on: the weekly `pattern`, the days that differ, and the `people` by id and name."""
    days = tuple(monday + timedelta(days=n) for n in range(7))
    lines, plans = list(pattern), {(one["staff_id"], one["day"]): one for one in differing["days"]}
    rows = tuple(
        Row(staff_id, name, tuple(_cell(day, staff_id, lines, plans) for day in days)) for staff_id, name in people
    )
    return Week(days, {one["day"]: one["reason"] for one in differing["closed"]}, rows)


def lines_of(pattern: Iterable[Mapping[str, Any]], staff_id: str) -> list[Mapping[str, Any]]:
    """One person's lines of the weekly roster."""
    return [line for line in pattern if line["staff_id"] == staff_id]


def _cell(day: date, staff_id: str, pattern: list[Mapping[str, Any]], plans: Mapping[tuple[str, str], Plan]) -> Cell:
    plan = plans.get((staff_id, day.isoformat()))
    if plan is not None and plan["shifts"] is not None:
        return Cell(day, _sorted(plan["shifts"]), plan)
    return Cell(
        day, _sorted(line for line in lines_of(pattern, staff_id) if day.isoweekday() in line["weekdays"]), None
    )


def _sorted(shifts: Iterable[Mapping[str, Any]]) -> tuple[Shift, ...]:
    hours = ({"starts": one["starts"], "ends": one["ends"]} for one in shifts)
    return tuple(sorted(hours, key=lambda one: one["starts"]))
