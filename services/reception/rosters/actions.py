"""Making the roster: the week, the days that differ from it, swaps and closed days."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping

from chassis import audit
from chassis.database import Transaction, scoped, upsert, upsert_later
from chassis.identity import Who
from chassis.web import if_match
from services.reception.people.views import check_works_at, local_time, staff_of
from services.reception.rosters import reader, rules, rules_of_sheet, views
from services.reception.rosters.rules import Hours
from services.reception.rosters.rules_of_sheet import Decided
from services.reception.rosters.tables import closed_days, roster_days, rosters, shifts
from services.reception.rotation.views import hall_of

IMPORTED = "导入"
"""The reason that stands with a day that came from a file."""


@dataclass(frozen=True)
class Planned:
    """What is to hold for somebody on one day: these hours, none (a day off), or None: the week's.

    `since`: from when on it held already, if it did.
    """

    staff_id: str
    day: date
    hours: tuple[Hours, ...] | None
    reason: str
    swapped_with: str | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Swap:
    """Two people change: the shift of `staff_id` on `day` for that of `with_staff_id` on `other_day`."""

    staff_id: str
    day: date
    with_staff_id: str
    other_day: date
    reason: str


def make_roster(tx: Transaction, who: Who, hall_id: str, lines: Sequence[Mapping[str, Any]]) -> None:
    """Replace the hall's weekly roster; `lines` as RosterSchema loads them. If-Match names the version it replaces.

    A shift that stays as it was counts from when it first stood there. Raises UnknownHall, UnknownStaff or BadTime.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    version = views.version_of(tx, who, hall_id)
    if_match(version)
    known = {_key(shift): shift.since for shift in views.shifts_in(tx, who, hall_id)}
    tx.execute(scoped(shifts, who).delete().where(shifts.c.hall_id == hall_id))
    for line in lines:
        check_works_at(tx, who, hall["branch_id"], line["staff_id"])
        starts, ends = rules.hours(line["starts"], line["ends"])
        for weekday in sorted(set(line["weekdays"])):
            shift = rules.Shift(line["staff_id"], weekday, starts, ends, tx.now())
            _add(tx, who, hall, replace(shift, since=known.get(_key(shift), shift.since)))
    kept = {"hall_id": hall_id, "branch_id": hall["branch_id"], "version": version + 1}
    upsert(tx, scoped(rosters, who).table, kept, ["hall_id"])
    audit.note(tx, who, "roster.made", f"hall/{hall_id}", hall["branch_id"])


def plan_day(tx: Transaction, who: Who, hall_id: str, plan: Planned) -> None:
    """Other hours for somebody on one day, a day off, or the week's again.

    Raises UnknownHall, UnknownStaff or DayIsOver.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    check_works_at(tx, who, hall["branch_id"], plan.staff_id)
    rules.check_not_over(plan.day, local_time(tx, who, hall["branch_id"]).date())
    store_plan(tx, who, hall, plan)
    details = {"staff_id": plan.staff_id, "day": str(plan.day)}
    audit.note(tx, who, "roster.day_planned", f"hall/{hall_id}", hall["branch_id"], **details)


def swap(tx: Transaction, who: Who, hall_id: str, wish: Swap) -> None:
    """Two people change shifts. Raises UnknownHall, UnknownStaff, HoursOverlap or DayIsOver."""
    hall = hall_of(tx, who, hall_id, lock=True)
    days, people = (wish.day, wish.other_day), (wish.staff_id, wish.with_staff_id)
    for staff_id in people:
        check_works_at(tx, who, hall["branch_id"], staff_id)
    rules.check_not_over(min(days), local_time(tx, who, hall["branch_id"]).date())
    roster = views.roster_between(tx, who, hall_id, min(days), max(days))
    own, other = (tuple(rules.planned(roster, one, day) for day in days) for one in people)
    same_day = wish.day == wish.other_day
    after = rules.swapped((own[0], own[1]), (other[0], other[1]), same_day=same_day)
    for staff_id, partner, theirs in zip(people, reversed(people), after, strict=True):
        for day, hours in dict(zip(days, theirs, strict=True)).items():
            store_plan(tx, who, hall, Planned(staff_id, day, hours, wish.reason, partner))
    audit.note(tx, who, "roster.swapped", f"hall/{hall_id}", hall["branch_id"], people=people, days=[*map(str, days)])


def store_plan(tx: Transaction, who: Who, hall: RowMapping, plan: Planned) -> None:
    """Somebody's hours of a day, instead of what stood there. The caller has locked the hall and checked them."""
    row = {
        "hall_id": hall["id"],
        "day": plan.day,
        "staff_id": plan.staff_id,
        "branch_id": hall["branch_id"],
        "hours": None if plan.hours is None else [list(one) for one in plan.hours],
        "swapped_with": plan.swapped_with,
        "reason": plan.reason,
        "made_by": who.actor_id,
        "since": plan.since or tx.now(),
    }
    upsert_later(tx, scoped(roster_days, who).table, row, ["hall_id", "day", "staff_id"])


def import_sheet(tx: Transaction, who: Who, hall_id: str, content: bytes) -> list[Decided]:
    """A month's roster from a file: answers what became of each row. The same file again changes nothing.

    Raises UnknownHall, SheetTooLarge, NotASheet, SheetEncrypted, RosterHeaderMissing or RosterSheetEmpty.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    rows = reader.read(content, staff_of(tx, who, hall["branch_id"]))
    days = [row.day for row in rows if row.day is not None] or [tx.now().date()]
    roster = views.roster_between(tx, who, hall_id, min(days), max(days))
    decided = rules_of_sheet.decide(rows, roster, local_time(tx, who, hall["branch_id"]).date())
    for (staff_id, day), hours in rules_of_sheet.plans_of(decided).items():
        since = rules.since_of(roster, staff_id, day) if rules.planned(roster, staff_id, day) == hours else None
        store_plan(tx, who, hall, Planned(staff_id, day, hours, IMPORTED, since=since))
    counts = Counter(one.fate.value for one in decided)
    audit.note(tx, who, "roster.imported", f"hall/{hall_id}", hall["branch_id"], **counts)
    return decided


def close_day(tx: Transaction, who: Who, hall: RowMapping, day: date, reason: str) -> bool:
    """On this day nobody is rostered; says whether that is new. The caller has locked the hall."""
    if views.closed_between(tx, who, hall["id"], day, day):
        return False
    row = {"hall_id": hall["id"], "day": day, "branch_id": hall["branch_id"], "reason": reason}
    row |= {"closed_by": who.actor_id, "closed_at": tx.now(), "opened_by": None, "opened_at": None}
    upsert(tx, scoped(closed_days, who).table, row, ["hall_id", "day"])
    audit.note(tx, who, "hall.day_closed", f"hall/{hall['id']}", hall["branch_id"], day=str(day))
    return True


def open_day(tx: Transaction, who: Who, hall_id: str, day: date) -> None:
    """The hall is open on this day after all: its shifts bind those that begin from now on.

    Raises UnknownHall or DayIsOver.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    rules.check_not_over(day, local_time(tx, who, hall["branch_id"]).date())
    here = closed_days.c.hall_id == hall_id, closed_days.c.day == day, closed_days.c.opened_at.is_(None)
    opened = {"opened_by": who.actor_id, "opened_at": tx.now()}
    tx.execute(scoped(closed_days, who).update().where(*here).values(opened))
    audit.note(tx, who, "hall.day_opened", f"hall/{hall_id}", hall["branch_id"], day=str(day))


def _key(shift: rules.Shift) -> tuple[str, int, int, int]:
    return shift.staff_id, shift.weekday, shift.starts, shift.ends


def _add(tx: Transaction, who: Who, hall: RowMapping, shift: rules.Shift) -> None:
    place = {"id": tx.new_id(), "branch_id": hall["branch_id"], "hall_id": hall["id"]}
    when = {"weekday": shift.weekday, "starts": shift.starts, "ends": shift.ends}
    since = None if shift.since == rules.EVER else shift.since
    tx.execute(*scoped(shifts, who).new(place | when | {"staff_id": shift.staff_id, "since": since}))
