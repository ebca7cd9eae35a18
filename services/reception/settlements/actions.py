"""Setting pay, reviewing what is past the cap, settling a month: each goes into the branch's register."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from chassis import audit, ledger
from chassis.database import Transaction, scoped, upsert
from chassis.identity import Who
from chassis.ledger.chain import canonical, digest
from services.reception.discipline.rules import OwnCase, State, month_of
from services.reception.discipline.tables import penalties, postings, settled_months
from services.reception.discipline.telling import append, lock_book, post
from services.reception.discipline.views import chain_of
from services.reception.people.views import check_works_at, local_time
from services.reception.policy.rules import Policy
from services.reception.settlements import rules, views
from services.reception.settlements.rules import Verdict
from services.reception.settlements.tables import cap_reviews, pays, settled_accounts


def set_pay(tx: Transaction, who: Who, branch_id: str, staff_id: str, monthly: int, month: str | None) -> None:
    """A person's monthly pay in whole yuan from a month on, by default the present one.

    Settled months stay as they are. Raises UnknownStaff or OwnCase.
    """
    check_works_at(tx, who, branch_id, staff_id)
    if staff_id == who.actor_id:
        raise OwnCase
    month = month or month_of(local_time(tx, who, branch_id).date())
    row = {"branch_id": branch_id, "staff_id": staff_id, "month": month, "monthly": monthly}
    row |= {"set_by": who.actor_id, "set_at": tx.now()}
    upsert(tx, scoped(pays, who).table, row, ["branch_id", "staff_id", "month"])
    body = {"staff_id": staff_id, "month": month, "by": who.actor_id}
    ledger.append(tx, chain_of(branch_id), "pay.set", f"pay/{staff_id}", body, {"monthly": monthly})


def review(tx: Transaction, who: Who, branch_id: str, month: str, said: Mapping[str, Any], policy: Policy) -> None:
    """Decide about a person's fines past the cap; of a settled month they are taken in the present one.

    `said` is what ReviewSchema loads. Raises OwnCase, NothingHeld or AlreadyReviewed.
    """
    staff_id, verdict, reason = said["staff_id"], said["verdict"], said["reason"]
    lock_book(tx, who, branch_id)
    if staff_id == who.actor_id:
        raise OwnCase
    account = views.accounts_of(tx, who, branch_id, month, policy).get(staff_id)
    before = views.verdict_of(tx, who, branch_id, month, staff_id)
    settled = views.settled_month(tx, who, branch_id, month) is not None
    if settled and before is not None:
        raise rules.AlreadyReviewed
    if account is None or (before is None and account["held"] == 0):
        raise rules.NothingHeld
    if settled and verdict is Verdict.TAKE:
        _take_late(tx, who, branch_id, month, account)
    row: dict[str, Any] = {"branch_id": branch_id, "month": month, "staff_id": staff_id, "reason": reason}
    row |= {"verdict": verdict.value, "reviewed_by": who.actor_id, "reviewed_at": tx.now()}
    upsert(tx, scoped(cap_reviews, who).table, row, ["branch_id", "month", "staff_id"])
    body = {"staff_id": staff_id, "month": month, "verdict": verdict.value, "by": who.actor_id}
    append(tx, branch_id, "cap.reviewed", _subject(branch_id, month), body, reason)


def settle(tx: Transaction, who: Who, branch_id: str, month: str, policy: Policy) -> None:
    """Settle a month that is over: its accounts stay as they are, and what is decided later goes to later months.

    Raises MonthNotOver; settling twice changes nothing.
    """
    lock_book(tx, who, branch_id)
    rules.check_over(month, local_time(tx, who, branch_id).date())
    if views.settled_month(tx, who, branch_id, month) is not None:
        return
    accounts = views.accounts_of(tx, who, branch_id, month, policy)
    for staff_id, account in accounts.items():
        kept = {"branch_id": branch_id, "month": month, "staff_id": staff_id, "account": account}
        tx.execute(*scoped(settled_accounts, who).new(kept))
        _note_untaken(tx, who, month, account)
    at = {"settled_at": tx.now(), "settled_by": who.actor_id}
    tx.execute(*scoped(settled_months, who).new({"branch_id": branch_id, "month": month, **at}))
    body = {"month": month, "by": who.actor_id, "accounts": digest(canonical(accounts))}
    append(tx, branch_id, "month.settled", _subject(branch_id, month), body, None)
    audit.note(tx, who, "month.settled", _subject(branch_id, month), branch_id)


def _note_untaken(tx: Transaction, who: Who, month: str, account: Mapping[str, Any]) -> None:
    """Note at the last posting of each penalty how much of its fine was not taken: that much is never paid back."""
    for line in account["lines"]:
        its = postings.c.penalty_id == line["penalty_id"], postings.c.month == month, ~postings.c.past_cap
        last = scoped(postings, who).select(postings.c.n).where(*its).order_by(postings.c.n.desc()).limit(1)
        if line["untaken"]:
            here = scoped(postings, who).update().where(*its, postings.c.n == last.scalar_subquery())
            tx.execute(here.values(untaken=line["untaken"]))


def _take_late(tx: Transaction, who: Who, branch_id: str, month: str, account: Mapping[str, Any]) -> None:
    """Take in the present month what was held of penalties that still count where they were settled."""
    present = month_of(local_time(tx, who, branch_id).date())
    for line in account["lines"]:
        penalty = _penalty(tx, who, line["penalty_id"])
        if line["untaken"] and State(penalty["state"]).counts and penalty["month"] == month:
            post(tx, who, penalty, present, line["untaken"], 0, past_cap=True)


def _penalty(tx: Transaction, who: Who, penalty_id: str) -> RowMapping:
    return tx.execute(scoped(penalties, who).select().where(penalties.c.id == penalty_id)).mappings().one()


def _subject(branch_id: str, month: str) -> str:
    return f"settlement/{branch_id}/{month}"
