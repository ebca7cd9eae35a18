"""Halls and their lines: a change locks the hall, is decided by the rules, goes into the register and is announced."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, Update, bindparam, func

from chassis import audit, ledger
from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from chassis.web import if_match
from services.reception import events
from services.reception.people.rules import UnknownBranch
from services.reception.people.views import check_works_at, local_time
from services.reception.rotation import rules
from services.reception.rotation.rules import Moved
from services.reception.rotation.tables import halls, places
from services.reception.rotation.views import chain_of, hall_of, line_entries, order_of


class HallNameTaken(Exception):
    """The branch has a hall of this name already."""


def open_hall(tx: Transaction, who: Who, name: str, branch_id: str | None) -> str:
    """A new hall of the branch (by default the asker's own); raises UnknownBranch or HallNameTaken."""
    branch_id = branch_id or who.branch_id
    if branch_id is None:
        raise UnknownBranch(branch_id)
    local_time(tx, who, branch_id)
    hall = {"id": tx.new_id(), "branch_id": branch_id, "name": name, "active": True, "version": 1, "line_version": 0}
    if not insert_if_new(tx, scoped(halls, who).table, hall, ["branch_id", "name"]):
        raise HallNameTaken
    audit.note(tx, who, "hall.opened", f"hall/{hall['id']}", branch_id)
    record(tx, events.HallChanged(str(hall["id"]), branch_id, name, True), about("hall", str(hall["id"]), 1, branch_id))
    return str(hall["id"])


def join_line(tx: Transaction, who: Who, hall_id: str, staff_id: str) -> None:
    """A newcomer joins the line at its tail; raises UnknownHall, UnknownStaff or AlreadyOnTheLine."""
    hall = hall_of(tx, who, hall_id, lock=True)
    check_works_at(tx, who, hall["branch_id"], staff_id)
    rules.joined(order_of(tx, who, hall_id), staff_id)
    place = {"hall_id": hall_id, "staff_id": staff_id, "branch_id": hall["branch_id"], "on_duty": False}
    tx.execute(*scoped(places, who).new(place | {"rank": 0, "away": False, "is_ready": False}))
    move(tx, who, hall, Moved.JOINED, {"staff_id": staff_id})


def reorder_line(tx: Transaction, who: Who, hall_id: str, wanted: Sequence[str], reason: str) -> None:
    """The manager's order, with a reason, on the record; raises OtherPeopleOnTheLine, or what If-Match calls for."""
    hall = hall_of(tx, who, hall_id, lock=True)
    if_match(hall["line_version"])
    move(tx, who, hall, Moved.REORDERED, {"order": list(wanted)}, reason)
    audit.note(tx, who, "line.reordered", f"line/{hall_id}", hall["branch_id"])


def move(
    tx: Transaction, who: Who, hall: RowMapping, cause: Moved, body: Mapping[str, Any], reason: str | None = None
) -> int:
    """Change the line of a hall that the caller has locked; answers the number of the register's entry.

    `body` is what `rules.moved` reads. Raises what it raises.
    """
    kept = {"cause": cause.value, "by": who.actor_id, "reason": reason, **body}
    before = order_of(tx, who, hall["id"])
    if cause is Moved.CORRECTED:
        order = rules.replayed([*line_entries(tx, hall["id"]), (0, kept)])
    else:
        order = rules.moved(_without_newcomer(before, cause, body), kept)
    _store(tx, who, hall["id"], before, order)
    version = tx.execute(*_raised_line_version(who, hall=hall["id"])).scalar_one()
    subject = about("line", hall["id"], version, hall["branch_id"])
    fact = events.LineChanged(hall["id"], hall["branch_id"], order, cause.value, who.actor_id, reason, tx.now())
    record(tx, fact, subject)
    return ledger.append(tx, chain_of(hall["id"]), "line", subject.subject, kept)


def stand(tx: Transaction, who: Who, hall_id: str, staff_id: str, **facts: bool) -> None:
    """Note of somebody in the line whether they are `on_duty`, `away` or `is_ready`; raises NotOnTheLine.

    Whoever comes or goes confirms anew that the materials are ready.
    """
    facts = {"is_ready": False} | facts
    if tx.execute(*_place(who, hall=hall_id, person=staff_id, **facts)).rowcount == 0:
        raise rules.NotOnTheLine


def _without_newcomer(order: list[str], cause: Moved, body: Mapping[str, Any]) -> list[str]:
    """The row of somebody who joins is there already; the rule decides about the line before it."""
    return rules.left(order, body["staff_id"]) if cause is Moved.JOINED else order


def _store(tx: Transaction, who: Who, hall_id: str, before: Sequence[str], order: Sequence[str]) -> None:
    """Most changes put one person behind everybody: one row then says so."""
    if order and [one for one in before if one != order[-1]] == order[:-1]:
        last = tx.execute(*_greatest_rank(who, hall=hall_id)).scalar_one()
        tx.execute(*_place(who, hall=hall_id, person=order[-1], rank=last + 1, is_ready=False))
        return
    for rank, staff_id in enumerate(order, start=1):
        tx.execute(*_place(who, hall=hall_id, person=staff_id, rank=rank))


@prepared
def _place(who: Who) -> Update:
    here = places.c.hall_id == bindparam("hall"), places.c.staff_id == bindparam("person")
    return scoped(places, who).update().where(*here)


@prepared
def _raised_line_version(who: Who) -> Any:
    raised = scoped(halls, who).update().where(halls.c.id == bindparam("hall"))
    return raised.values(line_version=halls.c.line_version + 1).returning(halls.c.line_version)


@prepared
def _greatest_rank(who: Who) -> Select[Any]:
    return scoped(places, who).select(func.max(places.c.rank)).where(places.c.hall_id == bindparam("hall"))
