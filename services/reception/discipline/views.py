"""Reading the ledger of penalties, its points, and the cases that headquarters decides."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, func

from chassis import ledger
from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.reception.discipline.rules import UnknownCase, UnknownPenalty, UnknownPerson
from services.reception.discipline.tables import (
    penalties,
    postings,
    removal_cases,
    settled_months,
)
from services.reception.people.views import is_in_reach, of_people_in_reach


def chain_of(branch_id: str) -> str:
    """The chain of the ledger in which everything of a branch's discipline stands."""
    return f"discipline/{branch_id}"


def penalties_of(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Page:
    """Penalties in reach, the latest first; `asked` as PenaltyArguments loads it."""
    found = _seen(who)
    for name in ("branch_id", "staff_id", "state", "month"):
        if asked[name] is not None:
            found = found.where(penalties.c[name] == asked[name])
    return paginate(tx, found, [penalties.c.at, penalties.c.id], asked, descending=True)


def penalty_of(tx: Transaction, who: Who, penalty_id: str) -> RowMapping:
    """One penalty; raises UnknownPenalty."""
    row = tx.execute(_seen(who).where(penalties.c.id == penalty_id)).mappings().first()
    if row is None:
        raise UnknownPenalty
    return row


def steps_of(tx: Transaction, penalty: RowMapping) -> list[dict[str, Any]]:
    """What the register says of a penalty: when, by whom, what it came to, what was said; with each entry's hash."""
    subject = f"penalty/{penalty['id']}"
    return [
        {"n": one.n, "at": one.at, "hash": one.hash, "said": (one.personal or {}).get("said")}
        | {name: one.body[name] for name in ("state", "by")}
        for one in ledger.entries(tx, chain_of(penalty["branch_id"]), subject)
    ]


def evidence_of(tx: Transaction, penalty: RowMapping) -> list[dict[str, Any]]:
    """What the registers of the branch say of what a penalty rests on, oldest first."""
    own, subject = chain_of(penalty["branch_id"]), penalty["evidence"]
    found = [
        {"chain": one.chain, "n": one.n, "at": one.at, "kind": one.kind, "hash": one.hash, "facts": one.body}
        for chain in ledger.chains_about(tx, subject)
        for one in ledger.entries(tx, chain, subject)
        if one.chain == own or one.body.get("branch_id") == penalty["branch_id"]
    ]
    return sorted(found, key=lambda one: (one["at"], one["chain"], one["n"]))


def points_of(tx: Transaction, who: Who, staff_id: str, page: Mapping[str, Any]) -> dict[str, Any]:
    """A person's points, which open at 0, and the entries that made them; raises UnknownPerson."""
    if not is_in_reach(tx, who, staff_id):
        raise UnknownPerson
    theirs = postings.c.staff_id == staff_id
    balance = tx.execute(scoped(postings, who).select(func.sum(postings.c.points)).where(theirs)).scalar()
    entries = scoped(postings, who).select().where(theirs, postings.c.points != 0)
    keys = [postings.c.at, postings.c.penalty_id, postings.c.n]
    found = paginate(tx, entries, keys, page, descending=True)
    return {"staff_id": staff_id, "balance": balance or 0, "items": found.items, "next_after": found.next_after}


def cases_of(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """Cases in reach, the latest first."""
    keys = [removal_cases.c.opened_at, removal_cases.c.id]
    return paginate(tx, _seen_cases(who), keys, page, descending=True)


def case_of(tx: Transaction, who: Who, case_id: str) -> RowMapping:
    """One case; raises UnknownCase."""
    row = tx.execute(_seen_cases(who).where(removal_cases.c.id == case_id)).mappings().first()
    if row is None:
        raise UnknownCase
    return row


def penalties_on(
    tx: Transaction, who: Who, branch_id: str, evidence: str, staff_id: str | None
) -> Sequence[RowMapping]:
    """The penalties that rest on this evidence, of one person or of all."""
    here = scoped(penalties, who).select().where(penalties.c.branch_id == branch_id, penalties.c.evidence == evidence)
    theirs = here if staff_id is None else here.where(penalties.c.staff_id == staff_id)
    return tx.execute(theirs.order_by(penalties.c.id)).mappings().all()


def open_month(tx: Transaction, who: Who, branch_id: str, month: str) -> str | None:
    """The month, unless it is settled."""
    here = settled_months.c.branch_id == branch_id, settled_months.c.month == month
    found = tx.execute(scoped(settled_months, who).select(settled_months.c.month).where(*here)).first()
    return month if found is None else None


def moved_by(tx: Transaction, who: Who, penalty_id: str) -> tuple[int, int, int]:
    """What a penalty has moved so far: in how many postings, the yuan taken, and the points."""
    sums = func.count(), func.sum(postings.c.fine - postings.c.untaken), func.sum(postings.c.points)
    its = scoped(postings, who).select(*sums).where(postings.c.penalty_id == penalty_id)
    count, fine, points = tx.execute(its).one()
    return count, int(fine or 0), int(points or 0)


def _seen(who: Who) -> Select[Any]:
    return scoped(penalties, who).select().where(of_people_in_reach(who, penalties.c.staff_id))


def _seen_cases(who: Who) -> Select[Any]:
    return scoped(removal_cases, who).select().where(of_people_in_reach(who, removal_cases.c.staff_id))
