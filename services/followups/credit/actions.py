"""Booking whose a deal is, and booking it again whenever something is heard or signed that makes it otherwise."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping

from chassis import ledger
from chassis.database import Transaction, insert_if_new, scoped, upsert
from chassis.events import about, record
from chassis.identity import Who
from services.followups.credit import rules, views
from services.followups.credit.rules import Booking, Deal, Told
from services.followups.credit.tables import corrected_deals, credit_lines, deals, merged, owned, visits
from services.followups.events import CreditBooked, CreditShare
from services.followups.people.views import zone_of
from services.followups.plans.actions import lock_plans


def deal_closed(tx: Transaction, who: Who, branch_id: str, deal: Deal) -> None:
    """A deal was recorded: it is booked, once."""
    if not insert_if_new(tx, scoped(deals, who).table, vars(deal) | {"branch_id": branch_id}, ["deal_id"]):
        return
    _book_one(tx, who, branch_id, deal)


def correct_deal(tx: Transaction, who: Who, branch_id: str, deal: Deal, version: int) -> None:
    """A correction of a deal was signed: from now on it is `deal`, and is booked as that.

    The caller holds the deal (views.deal_in_reach); `version` is one above that which stood, 1 being the recorded deal.
    """
    row = {name: getattr(deal, name) for name in ("deal_id", "day", "signed_time", "amount", "correction_id")}
    tx.execute(*scoped(corrected_deals, who).new(row | {"version": version, "branch_id": branch_id}))
    _book_one(tx, who, branch_id, deal)


def keep_visits(tx: Transaction, who: Who, branch_id: str, received: Sequence[Mapping[str, Any]]) -> None:
    """Keep how the customers of one reception were received, and book what that changes. Rows as in `visits`."""
    news = [
        row["customer_id"]
        for row in received
        if upsert(tx, scoped(visits, who).table, row, ["reception_id", "customer_id"], newer_by="sequence")
    ]
    if news:
        book(tx, who, branch_id, news)


def keep_owner(tx: Transaction, who: Who, row: Mapping[str, Any]) -> None:
    """Keep whose a customer was from a moment on, and book what that changes. A row as in `owned`."""
    if insert_if_new(tx, scoped(owned, who).table, row, ["customer_id", "sequence"]):
        book(tx, who, row["branch_id"], [row["customer_id"]])


def keep_merge(tx: Transaction, who: Who, row: Mapping[str, Any]) -> None:
    """Keep from when on two were one, or no longer, and book what that changes. A row as in `merged`."""
    if insert_if_new(tx, scoped(merged, who).table, row, ["loser_id", "sequence"]):
        book(tx, who, row["branch_id"], [row["loser_id"], row["winner_id"]])


def book_branch(tx: Transaction, who: Who, branch_id: str) -> None:
    """It is another day at the branch than was thought: book all its deals by that."""
    for customer_id in views.customers_with_deals(tx, who, branch_id):
        book(tx, who, branch_id, [customer_id])


def book(tx: Transaction, who: Who, branch_id: str, customer_ids: Iterable[str]) -> None:
    """Book the deals of these customers by all that is stored now, if that is otherwise than they stand."""
    linked = _held(tx, who, branch_id, set(customer_ids))
    found = views.deals_of(tx, who, linked)
    if not found:
        return
    told = views.told_of(tx, who, linked, ZoneInfo(zone_of(tx, who, branch_id)))
    for deal in found:
        _book_deal(tx, who, branch_id, deal, told)


def _book_one(tx: Transaction, who: Who, branch_id: str, deal: Deal) -> None:
    if deal.customer_id is not None:
        book(tx, who, branch_id, [deal.customer_id])
    else:
        _book_deal(tx, who, branch_id, deal, Told((), (), (), ZoneInfo(zone_of(tx, who, branch_id))))


def _held(tx: Transaction, who: Who, branch_id: str, ids: set[str]) -> set[str]:
    """All ids that were ever one customer with these, their plans locked: two events at once would miss each other."""
    held = views.linked(tx, who, ids)
    while True:
        lock_plans(tx, who, branch_id, held)
        linked = views.linked(tx, who, held)  # asked before they were held, it may have missed a merge
        if linked <= held:
            return held
        held = linked


def _book_deal(tx: Transaction, who: Who, branch_id: str, deal: Deal, told: Told) -> None:
    booked = rules.booking(deal, told)
    lines = views.lines_of_deal(tx, who, deal.deal_id)
    reversed_ids = {line["reverses"] for line in lines}
    standing = [line for line in lines if line["reverses"] is None and line["id"] not in reversed_ids]
    wanted = [_says(deal, booked) | vars(share) for share in booked.shares]
    if [{name: line[name] for name in wanted[0]} for line in standing] == wanted:
        return
    number = max((line["booking"] for line in lines), default=0) + 1
    says = [*(_reversal(line) for line in standing), *wanted]
    rows = [_line(tx, branch_id, deal, number, n) | row for n, row in enumerate(says, start=1)]
    for row in rows:
        tx.execute_later(*scoped(credit_lines, who).new(row))
    _announce(tx, branch_id, deal, booked, rows)


def _says(deal: Deal, booked: Booking) -> dict[str, Any]:
    said = {"rule": booked.rule.value, "reason": booked.reason.value, "evidence": booked.evidence}
    held = {"rule_version": rules.VERSION, "day": deal.day, "correction_id": deal.correction_id}
    return said | held | {"reverses": None}


def _reversal(line: RowMapping) -> dict[str, Any]:
    """What takes a line back, in the month in which it stood."""
    names = ("rule", "reason", "evidence", "rule_version", "day", "correction_id", "staff_id")
    cents = None if line["cents"] is None else -line["cents"]
    return {name: line[name] for name in names} | {"parts": -line["parts"], "cents": cents, "reverses": line["id"]}


def _line(tx: Transaction, branch_id: str, deal: Deal, number: int, n: int) -> dict[str, Any]:
    of_deal = {"deal_id": deal.deal_id, "customer_id": deal.customer_id, "branch_id": branch_id}
    return of_deal | {"id": tx.new_id(), "booking": number, "n": n, "booked_at": tx.now()}


def _announce(tx: Transaction, branch_id: str, deal: Deal, booked: Booking, rows: Sequence[Mapping[str, Any]]) -> None:
    """Announce what holds, and append it with its lines to the branch's register."""
    fact = CreditBooked(
        deal_id=deal.deal_id,
        branch_id=branch_id,
        customer_id=deal.customer_id,
        deal_date=deal.day,
        amount=deal.amount,
        rule=booked.rule.value,
        reason=booked.reason.value,
        rule_version=rules.VERSION,
        reception_id=booked.evidence,
        correction_id=deal.correction_id,
        shares=[CreditShare(**vars(share)) for share in booked.shares],
    )
    subject = about("credit", deal.deal_id, rows[0]["booking"], branch_id)
    told = record(tx, fact, subject).data
    lines = [{name: row[name] for name in _IN_REGISTER} | {"day": row["day"].isoformat()} for row in rows]
    ledger.append(tx, views.chain_of(branch_id), "credit.booked", subject.subject, told | {"lines": lines})


_IN_REGISTER = ("id", "n", "staff_id", "parts", "cents", "rule", "reason", "evidence", "correction_id", "reverses")
