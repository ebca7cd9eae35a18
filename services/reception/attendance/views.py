"""Reading who was on duty, who was missing, leave and draws."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, or_

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.reception.attendance.rules import AbsenceState, LeaveState, NotOnDuty, Span
from services.reception.attendance.tables import absences, attendances, draws, leaves
from services.reception.rosters.rules import OnShift
from services.reception.rotation.tables import halls


class UnknownLeave(Exception):
    """There is no such leave within reach."""


class NothingDrawn(Exception):
    """The line of this hall was not drawn by lot on this day."""


def duty_of(tx: Transaction, who: Who, hall_id: str, staff_id: str) -> RowMapping:
    """The attendance that is running; raises NotOnDuty."""
    here = (attendances.c.hall_id == hall_id) & (attendances.c.staff_id == staff_id)
    statement = scoped(attendances, who).select().where(here, attendances.c.clocked_out_at.is_(None))
    row = tx.execute(statement).mappings().first()
    if row is None:
        raise NotOnDuty
    return row


def attendance_of(tx: Transaction, who: Who, attendance_id: str) -> RowMapping:
    """One attendance that was just written."""
    return tx.execute(scoped(attendances, who).select().where(attendances.c.id == attendance_id)).mappings().one()


def duties_around(tx: Transaction, who: Who, branch_id: str, staff_id: str, span: Span) -> Sequence[RowMapping]:
    """A person's times on duty in any hall of the branch that touch `span`, or were for a shift that began in it."""
    found = tx.execute(*_around(who, branch=branch_id, person=staff_id, starts=span.starts_at, ends=span.ends_at))
    return found.mappings().all()


def spans_of(duties: Sequence[RowMapping], now: datetime) -> list[Span]:
    """Times on duty; what is running lasts until after now."""
    open_end = now + timedelta(microseconds=1)
    return [Span(row["clocked_in_at"], row["clocked_out_at"] or open_end) for row in duties]


def attended(tx: Transaction, who: Who, hall_id: str, day: date) -> Sequence[RowMapping]:
    """The times on duty of a hall's day, in the order of the clock-ins."""
    return tx.execute(*_attended(who, hall=hall_id, day=day)).mappings().all()


def accounted_since(tx: Transaction, who: Who, hall_id: str, since: datetime) -> set[tuple[str, datetime]]:
    """The shifts in a hall, by person and start, for which somebody came or of which an absence was noted."""
    return {
        (row.staff_id, row.shift_starts_at)
        for statement in (_shifts_come_to, _shifts_noted)
        for row in tx.execute(*statement(who, hall=hall_id, since=since))
    }


def absences_on(tx: Transaction, who: Who, hall_id: str, day: date) -> Sequence[RowMapping]:
    """Who was found missing in a hall on a day, and still counts so."""
    return tx.execute(*_absent(who, hall=hall_id, day=day)).mappings().all()


def absences_of(tx: Transaction, who: Who, branch_id: str, staff_id: str, span: Span) -> Sequence[RowMapping]:
    """The shifts that touch `span` for which a person counts as absent."""
    asked = {"branch": branch_id, "person": staff_id, "starts": span.starts_at, "ends": span.ends_at}
    return tx.execute(*_absent_in(who, **asked)).mappings().all()


def leave_in(
    tx: Transaction, who: Who, branch_id: str, span: Span, staff_id: str | None = None
) -> dict[str, list[Span]]:
    """The approved leave that touches `span`, of one person or of the whole branch, by person."""
    asked = {"branch": branch_id, "starts": span.starts_at, "ends": span.ends_at}
    found: dict[str, list[Span]] = {}
    for row in tx.execute(*(_leave(who, **asked) if staff_id is None else _leave_of(who, person=staff_id, **asked))):
        found.setdefault(row.staff_id, []).append(Span(row.starts_at, row.ends_at))
    return found


def leave_during(tx: Transaction, who: Who, branch_id: str, shift: OnShift) -> list[Span]:
    """The approved leave that touches somebody's shift."""
    span = Span(shift.starts_at, shift.ends_at)
    return leave_in(tx, who, branch_id, span, shift.staff_id).get(shift.staff_id, [])


def late_in(tx: Transaction, who: Who, branch_id: str, staff_id: str, span: Span) -> Sequence[RowMapping]:
    """A person's times on duty that began late, with some of the lateness within `span`."""
    asked = {"branch": branch_id, "person": staff_id, "starts": span.starts_at, "ends": span.ends_at}
    return tx.execute(*_late(who, **asked)).mappings().all()


def lock_halls(tx: Transaction, who: Who, branch_id: str) -> None:
    """Let nobody come or go in the branch until this transaction ends."""
    tx.execute(*_locked_halls(who, branch=branch_id)).all()


def leave_of(tx: Transaction, who: Who, leave_id: str, *, lock: bool = False) -> RowMapping:
    """One leave, locked if it is to be decided; raises UnknownLeave."""
    statement = scoped(leaves, who).select().where(leaves.c.id == leave_id)
    row = tx.execute(statement.with_for_update() if lock else statement).mappings().first()
    if row is None:
        raise UnknownLeave
    return row


def leaves_page(tx: Transaction, who: Who, asked: dict[str, Any], *, leads: bool) -> Page:
    """Leave, the last asked for first: one's own, or that of all in reach for those who lead."""
    statement = scoped(leaves, who).select()
    if not leads:
        statement = statement.where(leaves.c.staff_id == who.actor_id)
    for name in ("staff_id", "state"):
        if asked[name] is not None:
            statement = statement.where(leaves.c[name] == asked[name])
    return paginate(tx, statement, [leaves.c.asked_at, leaves.c.id], asked, descending=True)


def draw_of(tx: Transaction, who: Who, hall_id: str, day: date) -> dict[str, Any] | None:
    """How a hall's line was drawn on a day; None where it was not."""
    row = tx.execute(*_draw(who, hall=hall_id, day=day)).mappings().first()
    return None if row is None else {**row, "order": row["people"]}


def published_draw(tx: Transaction, who: Who, hall_id: str, day: date) -> dict[str, Any]:
    """The same; raises NothingDrawn."""
    found = draw_of(tx, who, hall_id, day)
    if found is None:
        raise NothingDrawn
    return found


@prepared
def _around(who: Who) -> Select[Any]:
    theirs = attendances.c.branch_id == bindparam("branch"), attendances.c.staff_id == bindparam("person")
    running = attendances.c.clocked_out_at.is_(None) | (attendances.c.clocked_out_at > bindparam("starts"))
    touches = (attendances.c.clocked_in_at < bindparam("ends")) & running
    for_it = attendances.c.shift_starts_at.between(bindparam("starts"), bindparam("ends"))
    here = scoped(attendances, who).select().where(*theirs, or_(touches, for_it))
    return here.order_by(attendances.c.clocked_in_at)


@prepared
def _late(who: Who) -> Select[Any]:
    theirs = attendances.c.branch_id == bindparam("branch"), attendances.c.staff_id == bindparam("person")
    within = attendances.c.shift_starts_at < bindparam("ends"), attendances.c.clocked_in_at > bindparam("starts")
    return scoped(attendances, who).select().where(*theirs, *within, attendances.c.late_by > 0)


@prepared
def _locked_halls(who: Who) -> Select[Any]:
    here = scoped(halls, who).select(halls.c.id).where(halls.c.branch_id == bindparam("branch"))
    return here.order_by(halls.c.id).with_for_update()


@prepared
def _attended(who: Who) -> Select[Any]:
    here = attendances.c.hall_id == bindparam("hall"), attendances.c.local_day == bindparam("day")
    return scoped(attendances, who).select().where(*here).order_by(attendances.c.clocked_in_at, attendances.c.id)


@prepared
def _shifts_come_to(who: Who) -> Select[Any]:
    here = scoped(attendances, who).select(attendances.c.staff_id, attendances.c.shift_starts_at)
    lately = attendances.c.shift_starts_at >= bindparam("since")
    return here.where(attendances.c.hall_id == bindparam("hall"), lately)


@prepared
def _shifts_noted(who: Who) -> Select[Any]:
    here = scoped(absences, who).select(absences.c.staff_id, absences.c.shift_starts_at)
    return here.where(absences.c.hall_id == bindparam("hall"), absences.c.shift_starts_at >= bindparam("since"))


@prepared
def _absent(who: Who) -> Select[Any]:
    here = absences.c.hall_id == bindparam("hall"), absences.c.local_day == bindparam("day")
    return scoped(absences, who).select().where(*here, absences.c.state == AbsenceState.FOUND.value)


@prepared
def _absent_in(who: Who) -> Select[Any]:
    theirs = absences.c.branch_id == bindparam("branch"), absences.c.staff_id == bindparam("person")
    touches = absences.c.shift_starts_at < bindparam("ends"), absences.c.shift_ends_at > bindparam("starts")
    return scoped(absences, who).select().where(*theirs, *touches, absences.c.state == AbsenceState.FOUND.value)


def _approved(who: Who) -> Select[Any]:
    touches = leaves.c.starts_at < bindparam("ends"), leaves.c.ends_at > bindparam("starts")
    here = scoped(leaves, who).select().where(leaves.c.branch_id == bindparam("branch"), *touches)
    return here.where(leaves.c.state == LeaveState.APPROVED.value)


@prepared
def _leave(who: Who) -> Select[Any]:
    return _approved(who)


@prepared
def _leave_of(who: Who) -> Select[Any]:
    return _approved(who).where(leaves.c.staff_id == bindparam("person"))


@prepared
def _draw(who: Who) -> Select[Any]:
    return scoped(draws, who).select().where(draws.c.hall_id == bindparam("hall"), draws.c.day == bindparam("day"))
