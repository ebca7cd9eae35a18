"""Reading the register, rulings, and what held at an assignment."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, RowMapping, Select, bindparam, or_

from chassis import ledger
from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.reception.attendance.tables import attendances
from services.reception.corrections import rules
from services.reception.corrections.rules import Assigned, Merged, Owned, Period
from services.reception.corrections.tables import corrections, merged, owned, rulings
from services.reception.delegations.views import delegate_for
from services.reception.forfeits.tables import suspensions
from services.reception.history import views as history
from services.reception.history.rules import Entry
from services.reception.people.views import zone_of
from services.reception.policy.views import policy_of
from services.reception.receptions.tables import receptions
from services.reception.rotation.rules import Kind
from services.reception.rotation.views import chain_of

_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)


class UnknownEntry(Exception):
    """The hall's register has no such entry."""


def register_of(tx: Transaction, hall_id: str, after: int, limit: int, about: str | None = None) -> list[Entry]:
    """Entries of a hall's register after a number, in order, of one subject or of all.

    The caller has seen that the hall is in reach.
    """
    found = ledger.entries_after(tx, chain_of(hall_id), after, limit, about)
    return [history.entry_of(one) for one in found]


def entry_of(tx: Transaction, hall_id: str, n: int) -> Entry:
    """One entry of a hall's register; raises UnknownEntry."""
    found = register_of(tx, hall_id, n - 1, 1)
    if not found or found[0].n != n:
        raise UnknownEntry
    return found[0]


def followed_by(tx: Transaction, hall_id: str, entry: Entry) -> list[Entry]:
    """What came next about the same subject: a tap makes few entries, so these show whether something followed it."""
    return register_of(tx, hall_id, entry.n, 20, entry.subject)


def corrected_in(tx: Transaction, who: Who, hall_id: str) -> dict[int, int]:
    """Which entry of the register was corrected by which."""
    return {row.n: row.entry for row in tx.execute(*_corrected(who, hall=hall_id))}


def moved_by(tx: Transaction, who: Who, hall_id: str, n: int) -> RowMapping | None:
    """The reception by which somebody was moved with this entry of the line."""
    return tx.execute(*_moved_by(who, hall=hall_id, entry=n)).mappings().first()


def is_asked(tx: Transaction, who: Who, reception_id: str) -> bool:
    """Whether a reception waits for a ruling."""
    return tx.execute(*_asked(who, reception=reception_id)).first() is not None


def ruling_asked(tx: Transaction, who: Who, reception_id: str) -> RowMapping:
    """What a reception is to be ruled again by; raises NothingAsked."""
    row = tx.execute(*_asked(who, reception=reception_id)).mappings().first()
    if row is None:
        raise rules.NothingAsked
    return row


def ruling_of(tx: Transaction, who: Who, ruling_id: str) -> RowMapping:
    """One ruling that was just written."""
    return tx.execute(*_one_ruling(who, ruling=ruling_id)).mappings().one()


def was_ruled(tx: Transaction, who: Who, reception_id: str) -> bool:
    """Whether a supervisor has ruled this reception again."""
    return tx.execute(*_confirmed(who, reception=reception_id)).first() is not None


def rulings_of(tx: Transaction, who: Who, hall_id: str, page: Mapping[str, Any]) -> Page:
    """What was asked in a hall, the last first."""
    here = scoped(rulings, who).select().where(rulings.c.hall_id == hall_id)
    return paginate(tx, here, [rulings.c.asked_at, rulings.c.id], page, descending=True)


def day_of(tx: Transaction, who: Who, branch_id: str, at: datetime | None) -> Any:
    """Which day it was at the branch."""
    return at and at.astimezone(ZoneInfo(zone_of(tx, who, branch_id))).date()


def assigned(tx: Transaction, who: Who, row: Mapping[Any, Any], claim: Mapping[str, Any]) -> Assigned:
    """The facts of a reception's assignment, had it been known whose customer the visitor is."""
    at, until = row["assigned_at"], row["completed_at"] or tx.now()
    duties = _duties(tx, who, row, claim["original_id"])
    halted = _suspensions(tx, who, row, claim["original_id"])
    original_is = rules.standing_at(at, duties, halted)
    delegate_id, at_work = None, False
    if original_is is not None:
        whose = row["branch_id"], claim["original_id"], claim["customer_id"]
        delegate_id = delegate_for(tx, who, *whose, at)
    if delegate_id is not None:
        duties = _duties(tx, who, row, delegate_id)
        at_work = rules.standing_at(at, duties, _suspensions(tx, who, row, delegate_id)) is None
    gone = rules.clocked_off(at, until, duties)
    whom = Kind(claim["kind"]), row["server_id"], claim["original_id"]
    return Assigned(*whom, original_is, delegate_id, at_work, gone)


def linked(tx: Transaction, who: Who, customer_ids: Iterable[str]) -> set[str]:
    """All ids that were ever one customer with these, whether they still are or not."""
    members = set(customer_ids)
    found = members
    while found:
        pairs = tx.execute(*_merged_with(who, wanted=sorted(found))).all()
        found = {one for pair in pairs for one in (pair.loser_id, pair.winner_id)} - members
        members = members | found
    return members


def told_of(tx: Transaction, who: Who, customer_ids: Iterable[str]) -> tuple[list[Owned], list[Merged]]:
    """Everything that was heard of who owned these customers, and of their merges."""
    ids = sorted(customer_ids)
    owners = [Owned(**row) for row in tx.execute(*_owned(who, wanted=ids)).mappings()]
    return owners, [Merged(**row) for row in tx.execute(*_merges(who, wanted=ids)).mappings()]


def completed_with(tx: Transaction, who: Who, customer_ids: Iterable[str]) -> Sequence[Any]:
    """The completed receptions of these customers, or in which they were named: (id, hall_id), by hall."""
    return tx.execute(*_completed(who, wanted=sorted(customer_ids))).all()


def _duties(tx: Transaction, who: Who, row: Mapping[Any, Any], staff_id: str) -> list[Period]:
    """Somebody's duty in the hall of a reception at its assignment; where the policy joins the halls, in any."""
    asked = {"branch": row["branch_id"], "person": staff_id, "moment": row["assigned_at"]}
    found = tx.execute(*_on_duty(who, **asked)).mappings()
    joined = policy_of(tx, who, row["branch_id"]).halls_joined
    mine = (one for one in found if joined or one["hall_id"] == row["hall_id"])
    return [Period(one["clocked_in_at"], one["clocked_out_at"]) for one in mine]


def _suspensions(tx: Transaction, who: Who, row: Mapping[Any, Any], staff_id: str) -> list[Period]:
    found = tx.execute(*_suspended(who, branch=row["branch_id"], person=staff_id))
    begun = (one for one in found if one.starts_at is not None)
    return [Period(one.starts_at, min(one.ends_at, one.ended_at or one.ends_at)) for one in begun]


@prepared
def _corrected(who: Who) -> Select[Any]:
    here = corrections.c.hall_id == bindparam("hall")
    return scoped(corrections, who).select(corrections.c.n, corrections.c.entry).where(here)


@prepared
def _moved_by(who: Who) -> Select[Any]:
    here = receptions.c.hall_id == bindparam("hall"), receptions.c.line_entry == bindparam("entry")
    return scoped(receptions, who).select().where(*here)


@prepared
def _asked(who: Who) -> Select[Any]:
    waiting = rulings.c.reception_id == bindparam("reception"), rulings.c.state == rules.Ruling.ASKED.value
    return scoped(rulings, who).select().where(*waiting)


@prepared
def _one_ruling(who: Who) -> Select[Any]:
    return scoped(rulings, who).select().where(rulings.c.id == bindparam("ruling"))


@prepared
def _confirmed(who: Who) -> Select[Any]:
    done = rulings.c.reception_id == bindparam("reception"), rulings.c.state == rules.Ruling.CONFIRMED.value
    return scoped(rulings, who).select(rulings.c.id).where(*done)


@prepared
def _merged_with(who: Who) -> Select[Any]:
    pairs = scoped(merged, who).select(merged.c.loser_id, merged.c.winner_id)
    return pairs.where(or_(merged.c.loser_id.in_(_WANTED), merged.c.winner_id.in_(_WANTED)))


@prepared
def _owned(who: Who) -> Select[Any]:
    columns = [column for column in owned.c if column.name != "branch_id"]
    return scoped(owned, who).select(*columns).where(owned.c.customer_id.in_(_WANTED))


@prepared
def _merges(who: Who) -> Select[Any]:
    columns = [column for column in merged.c if column.name != "branch_id"]
    both = or_(merged.c.loser_id.in_(_WANTED), merged.c.winner_id.in_(_WANTED))
    return scoped(merged, who).select(*columns).where(both)


@prepared
def _completed(who: Who) -> Select[Any]:
    theirs = or_(receptions.c.customer_id.in_(_WANTED), receptions.c.known_customer_id.in_(_WANTED))
    done = scoped(receptions, who).select(receptions.c.id, receptions.c.hall_id)
    return done.where(theirs, receptions.c.state == "completed").order_by(receptions.c.hall_id, receptions.c.id)


@prepared
def _on_duty(who: Who) -> Select[Any]:
    theirs = attendances.c.branch_id == bindparam("branch"), attendances.c.staff_id == bindparam("person")
    columns = (attendances.c.hall_id, attendances.c.clocked_in_at, attendances.c.clocked_out_at)
    over = or_(attendances.c.clocked_out_at.is_(None), attendances.c.clocked_out_at > bindparam("moment"))
    return (
        scoped(attendances, who)
        .select(*columns)
        .where(*theirs, attendances.c.clocked_in_at <= bindparam("moment"), over)
    )


@prepared
def _suspended(who: Who) -> Select[Any]:
    theirs = suspensions.c.branch_id == bindparam("branch"), suspensions.c.staff_id == bindparam("person")
    columns = (suspensions.c.starts_at, suspensions.c.ends_at, suspensions.c.ended_at)
    return scoped(suspensions, who).select(*columns).where(*theirs)
