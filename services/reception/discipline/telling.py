"""Storing what becomes of a penalty: the row, what it moves, the register's entry and the event, always together."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam

from chassis import ledger
from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.reception.discipline import events, rules, views
from services.reception.discipline.rules import State, Step
from services.reception.discipline.tables import discipline_books, penalties, postings, removal_cases
from services.reception.people.views import local_time

_FACTS: Mapping[Step, type[events._Penalty]] = {Step.APPEAL: events.PenaltyAppealed}
_PUBLIC = [field.name for field in fields(events._Penalty) if field.name != "penalty_id"]
_PUBLIC_OF_CASE = [field.name for field in fields(events._RemovalCase) if field.name != "case_id"]
BLANK: dict[str, Any] = dict.fromkeys(penalties.c.keys())
"""A row of which nothing is known yet."""


def append(tx: Transaction, branch_id: str, kind: str, subject: str, body: Mapping[str, Any], why: str | None) -> None:
    """Append to the branch's register; what somebody said stands apart, erasable."""
    ledger.append(tx, views.chain_of(branch_id), kind, subject, body, None if why is None else {"said": why})


def lock_book(tx: Transaction, who: Who, branch_id: str) -> None:
    """Let nobody else decide about penalties of the branch, or settle, until this is committed."""
    if tx.execute(*_book(who, branch=branch_id)).first() is None:
        insert_if_new(tx, scoped(discipline_books, who).table, {"branch_id": branch_id}, ["branch_id"])
        tx.execute(*_book(who, branch=branch_id))


def step(tx: Transaction, who: Who, penalty: RowMapping, taken: Step, reason: str) -> None:
    """Move a penalty on; the caller has locked the branch's book. Raises PenaltyStands."""
    before = State(penalty["state"])
    came_to = rules.after(before, taken)
    changes = {"state": came_to.value, "version": penalty["version"] + 1, **_said(tx, who, taken, reason)}
    if came_to.counts != before.counts:
        changes["month"] = _post(tx, who, penalty, came_to)
    tx.execute(scoped(penalties, who).update().where(penalties.c.id == penalty["id"]).values(changes))
    tell(tx, who, {**penalty, **changes}, _FACTS.get(taken, events.PenaltyDecided), reason)
    if came_to in (State.WAIVED, State.WITHDRAWN):
        _drop_case(tx, who, penalty["id"])


def tell(tx: Transaction, who: Who, row: Mapping[str, Any], fact: type[events._Penalty], why: str | None) -> None:
    """Append the penalty as it stands to the branch's register, and announce it."""
    said = fact(penalty_id=row["id"], **{name: row[name] for name in _PUBLIC})
    subject = about("penalty", row["id"], row["version"], row["branch_id"])
    announced = record(tx, said, subject)
    body = announced.data | {"by": who.actor_id}
    append(tx, row["branch_id"], fact.TYPE.removesuffix(".v1"), subject.subject, body, why)


def post(
    tx: Transaction, who: Who, penalty: RowMapping, month: str, fine: int, points: int, *, past_cap: bool = False
) -> None:
    """Add a posting to an open month; the caller has locked the branch's book."""
    before, _, _ = views.moved_by(tx, who, penalty["id"])
    row = {"penalty_id": penalty["id"], "n": before + 1, "month": month, "fine": fine, "points": points}
    row |= {"branch_id": penalty["branch_id"], "staff_id": penalty["staff_id"]}
    tx.execute(*scoped(postings, who).new(row | {"at": tx.now(), "past_cap": past_cap, "untaken": 0}))


def open_case(tx: Transaction, who: Who, penalty: Mapping[str, Any]) -> None:
    """A quarrel is reported to the administration (一.2)."""
    row = dict.fromkeys(removal_cases.c.keys()) | {
        "id": tx.new_id(),
        "branch_id": penalty["branch_id"],
        "staff_id": penalty["staff_id"],
        "penalty_id": penalty["id"],
        "opened_at": tx.now(),
        "opened_by": who.actor_id,
        "state": "open",
        "version": 1,
    }
    tx.execute(*scoped(removal_cases, who).new(row))
    tell_case(tx, who, row, None)


def tell_case(tx: Transaction, who: Who, row: Mapping[str, Any], why: str | None) -> None:
    """Append a case as it stands to the branch's register, and announce it."""
    fact = events.RemovalCaseOpened if row["state"] == "open" else events.RemovalCaseDecided
    said = fact(case_id=row["id"], **{name: row[name] for name in _PUBLIC_OF_CASE})
    record(tx, said, about("removal_case", row["id"], row["version"], row["branch_id"]))
    names = ("staff_id", "penalty_id", "state", "version")
    body = {name: row[name] for name in names} | {"by": who.actor_id}
    append(tx, row["branch_id"], fact.TYPE.removesuffix(".v1"), f"removal_case/{row['id']}", body, why)


def _said(tx: Transaction, who: Who, taken: Step, reason: str) -> dict[str, Any]:
    if taken is Step.APPEAL:
        return {"appealed_at": tx.now(), "appeal": reason}
    return {"decided_by": who.actor_id, "decided_at": tx.now(), "reason": reason}


def _month_for(tx: Transaction, who: Who, penalty: RowMapping) -> str:
    """The month of the deed, or where it was posted; once that is settled the branch's present one."""
    month = views.open_month(tx, who, penalty["branch_id"], penalty["month"] or rules.month_of(penalty["day"]))
    return month or rules.month_of(local_time(tx, who, penalty["branch_id"]).date())


def _post(tx: Transaction, who: Who, penalty: RowMapping, came_to: State) -> str:
    """Write down what it moves that a penalty counts, or no longer; answers the month in which it does."""
    month = _month_for(tx, who, penalty)
    _, fine, points = views.moved_by(tx, who, penalty["id"])
    moves = (penalty["fine"], -penalty["points"]) if came_to.counts else (-fine, -points)
    post(tx, who, penalty, month, *moves)
    return month


def _drop_case(tx: Transaction, who: Who, penalty_id: str) -> None:
    """Nothing is left of what was reported."""
    theirs = scoped(removal_cases, who).select().where(removal_cases.c.penalty_id == penalty_id)
    row = tx.execute(theirs.where(removal_cases.c.state == "open")).mappings().first()
    if row is None:
        return
    changes = {"state": "dropped", "version": row["version"] + 1}
    tx.execute(scoped(removal_cases, who).update().where(removal_cases.c.id == row["id"]).values(changes))
    tell_case(tx, who, {**row, **changes}, None)


@prepared
def _book(who: Who) -> Select[Any]:
    return (
        scoped(discipline_books, who)
        .select()
        .where(discipline_books.c.branch_id == bindparam("branch"))
        .with_for_update()
    )
