"""Reading a month: as it stands while it is open, as it was settled for ever after."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import groupby
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.reception.discipline.tables import penalties, postings, settled_months
from services.reception.people.rules import UnknownBranch
from services.reception.people.views import names_of, of_people_in_reach, zone_of
from services.reception.policy.rules import Policy
from services.reception.settlements import rules
from services.reception.settlements.rules import Posting, Verdict
from services.reception.settlements.tables import cap_reviews, pays, settled_accounts

_PRIVATE = ("held", "let_go", "carried", "due")
_OF_PENALTY = ("cause", "article", "day")


def branch_of(tx: Transaction, who: Who, branch_id: str | None) -> str:
    """The branch asked for, by default the asker's own; raises UnknownBranch."""
    branch_id = branch_id or who.branch_id
    if branch_id is None:
        raise UnknownBranch(branch_id)
    zone_of(tx, who, branch_id)
    return branch_id


def settlement_of(tx: Transaction, who: Who, branch_id: str, month: str, policy: Policy) -> dict[str, Any]:
    """The month of a branch, of the people in reach, by name: each one's account, its lines, and the totals.

    An open month stands as `policy` has it, until `settled_at`. What lies past the cap lets one reckon a person's pay:
    it is None for everybody but the person and a manager, and so is its total.
    """
    settled = settled_month(tx, who, branch_id, month)
    found = accounts_of(tx, who, branch_id, month, policy)
    names, details = names_of(tx, who, found), _details_of(tx, who, branch_id, found)
    people = [
        _shown(who, staff_id, account, details) | {"name": names[staff_id]}
        for staff_id, account in sorted(found.items(), key=lambda one: (names[one[0]], one[0]))
    ]
    when = {name: settled[name] if settled else None for name in ("settled_at", "settled_by")}
    return {"branch_id": branch_id, "month": month, **when, "people": people, "totals": _totals(people)}


def settled_month(tx: Transaction, who: Who, branch_id: str, month: str) -> RowMapping | None:
    """When and by whom the month was settled, if it was."""
    here = settled_months.c.branch_id == branch_id, settled_months.c.month == month
    return tx.execute(scoped(settled_months, who).select().where(*here)).mappings().first()


def accounts_of(tx: Transaction, who: Who, branch_id: str, month: str, policy: Policy) -> dict[str, dict[str, Any]]:
    """The accounts of those in reach, by person, as plain values; of an open month under `policy`."""
    if settled_month(tx, who, branch_id, month) is None:
        return dict(_open_accounts(tx, who, branch_id, month, policy))
    here = settled_accounts.c.branch_id == branch_id, settled_accounts.c.month == month
    seen = of_people_in_reach(who, settled_accounts.c.staff_id)
    return {row.staff_id: row.account for row in tx.execute(scoped(settled_accounts, who).select().where(*here, seen))}


def verdict_of(tx: Transaction, who: Who, branch_id: str, month: str, staff_id: str) -> Verdict | None:
    """What a manager has decided about a person's fines past the cap."""
    return _verdicts(tx, who, branch_id, month).get(staff_id)


def pay_of(tx: Transaction, who: Who, branch_id: str, staff_id: str) -> list[RowMapping]:
    """A person's monthly pay, each from its month on; the latest first."""
    theirs = pays.c.branch_id == branch_id, pays.c.staff_id == staff_id
    found = tx.execute(scoped(pays, who).select().where(*theirs).order_by(pays.c.month.desc()))
    return list(found.mappings())


def _open_accounts(
    tx: Transaction, who: Who, branch_id: str, month: str, policy: Policy
) -> Iterator[tuple[str, dict[str, Any]]]:
    pay, verdicts = _pays_in(tx, who, branch_id, month), _verdicts(tx, who, branch_id, month)
    here = postings.c.branch_id == branch_id, postings.c.month == month, of_people_in_reach(who, postings.c.staff_id)
    order = postings.c.staff_id, postings.c.at, postings.c.penalty_id, postings.c.n
    rows = tx.execute(scoped(postings, who).select().where(*here).order_by(*order))
    for staff_id, theirs in groupby(rows, key=lambda row: str(row.staff_id)):
        moved = [Posting(row.penalty_id, row.fine, row.points, row.past_cap) for row in theirs]
        cap = rules.cap_of(pay.get(staff_id), policy.cap_percent)
        account = rules.account(moved, cap, verdicts.get(staff_id))
        if account.lines:
            yield staff_id, asdict(account)


def _pays_in(tx: Transaction, who: Who, branch_id: str, month: str) -> dict[str, int]:
    until = pays.c.branch_id == branch_id, pays.c.month <= month
    rows = tx.execute(scoped(pays, who).select().where(*until).order_by(pays.c.month))
    return {row.staff_id: row.monthly for row in rows}


def _verdicts(tx: Transaction, who: Who, branch_id: str, month: str) -> dict[str, Verdict]:
    here = cap_reviews.c.branch_id == branch_id, cap_reviews.c.month == month
    return {row.staff_id: Verdict(row.verdict) for row in tx.execute(scoped(cap_reviews, who).select().where(*here))}


def _details_of(
    tx: Transaction, who: Who, branch_id: str, found: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Any]]:
    wanted = sorted({line["penalty_id"] for account in found.values() for line in account["lines"]})
    columns = [penalties.c[name] for name in ("id", *_OF_PENALTY)]
    rows = tx.execute(
        scoped(penalties, who).select(*columns).where(penalties.c.branch_id == branch_id, penalties.c.id.in_(wanted))
    )
    return {row["id"]: {name: row[name] for name in _OF_PENALTY} for row in rows.mappings()}


def _shown(who: Who, staff_id: str, account: Mapping[str, Any], details: Mapping[str, Any]) -> dict[str, Any]:
    told = {"staff_id": staff_id, **account}
    lines = [{**line, **details[line["penalty_id"]]} for line in account["lines"]]
    if not (staff_id == who.actor_id or who.may("discipline.decide")):
        told |= dict.fromkeys(_PRIVATE)
        lines = [line | {"carried": None, "untaken": None} for line in lines]
    return told | {"lines": lines}


def _totals(people: list[dict[str, Any]]) -> dict[str, int | None]:
    def total(name: str) -> int | None:
        amounts = [person[name] for person in people]
        return None if None in amounts else sum(amounts)

    return {name: total(name) for name in ("fine", "points", *_PRIVATE)}
