"""What holds about points, and what customers have."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import BindParameter, RowMapping, Select, and_, bindparam, func

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.files.views import customer_row, files_of, ids_of
from services.customers.people.rules import day_in
from services.customers.people.views import branch_meant, local_day
from services.customers.points.rules import Balance, Kind, PointsNotOn, Rules, Types, rules_on
from services.customers.points.tables import points_heard, points_notes, points_postings, points_rules
from services.customers.policy.views import ANYBODY, for_branch, version_made, versions_in, versions_page


@dataclass(frozen=True)
class Account:
    """A customer who has points, and what holds about them on the branch's present `day`."""

    customer_id: str
    branch_id: str
    day: date
    rules: Rules


_LATEST = 10
_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)


def rules_of(tx: Transaction, branch_id: str | None, day: date) -> Rules:
    """The rules of a local day at a branch, or (None) the company's alone."""
    return rules_on(versions_in(tx, _rules_for(ANYBODY, branch=branch_id)), day)


def shown_rules(tx: Transaction, who: Who, named: str | None, day: date | None) -> Mapping[str, Any]:
    """What holds on a day (None: today) in a branch (None: the asker's, else the company's). Raises UnknownBranch."""
    branch = branch_meant(tx, who, named) if named or who.branch_id else None
    meant = day or (branch.day(tx.now()) if branch else day_in(None, tx.now()))
    branch_id = branch.branch_id if branch else None
    values = asdict(rules_of(tx, branch_id, meant))
    return {"branch_id": branch_id, "day": meant, "version": values.pop("version"), "values": values}


def page_of_rules(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """The versions of the branches in reach and of the company, the last made first."""
    return versions_page(tx, who, points_rules, page)


def rules_made(tx: Transaction, who: Who, policy_id: str, n: int) -> RowMapping:
    """One version that was just made."""
    return version_made(tx, who, points_rules, policy_id, n)


def types_of_customers(tx: Transaction, who: Who, ids: Collection[str]) -> Types:
    """The type of each of these customers: of the file that stands for them, where there is one."""
    files = files_of(tx, who, set(ids))
    winners = files_of(tx, who, {file.merged_into for file in files.values() if file.merged_into})
    return {one: winners.get(file.merged_into or one, file).customer_type for one, file in files.items()}


def account_of(tx: Transaction, who: Who, customer_id: str) -> Account:
    """A customer in reach, as today's rules have it. Raises UnknownCustomer, PointsNotOn."""
    row = customer_row(tx, who, customer_id)
    day = local_day(tx, who, row["branch_id"])
    rules = rules_of(tx, row["branch_id"], day)
    if not rules.include(row["customer_type"]):
        raise PointsNotOn
    return Account(row["customer_id"], row["branch_id"], day, rules)


def balance_of(tx: Transaction, who: Who, account: Account) -> Balance:
    """The sum of what stands under a customer's id and those merged into it."""
    ids = ids_of(tx, who, account.customer_id)
    return Balance(int(tx.execute(*_total(who, branch=account.branch_id, wanted=ids)).scalar() or 0))


def points_of(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """What a customer in reach has, and how it last changed. Raises UnknownCustomer, PointsNotOn."""
    account = account_of(tx, who, customer_id)
    balance = balance_of(tx, who, account)
    standing = {"available": balance.available, "owed": balance.owed}
    latest = _postings_of(tx, who, account, {"after": None, "limit": _LATEST}).items
    return {"customer_id": account.customer_id, **standing, "rule_version": account.rules.version, "latest": latest}


def postings_page(tx: Transaction, who: Who, customer_id: str, page: Mapping[str, Any]) -> Page:
    """A customer's postings, the last first. Raises UnknownCustomer, PointsNotOn."""
    return _postings_of(tx, who, account_of(tx, who, customer_id), page)


def _postings_of(tx: Transaction, who: Who, account: Account, page: Mapping[str, Any]) -> Page:
    ids = ids_of(tx, who, account.customer_id)
    mine = points_postings.c.branch_id == account.branch_id, points_postings.c.customer_id.in_(ids)
    keys = (points_postings.c.posted_at, points_postings.c.posting_id)
    return paginate(tx, _with_notes(who).where(*mine), keys, page, descending=True)


def posting_made(tx: Transaction, who: Who, posting_id: str) -> RowMapping:
    """One posting that was just made."""
    return tx.execute(_with_notes(who).where(points_postings.c.posting_id == posting_id)).mappings().one()


def heard_of(tx: Transaction, who: Who, kind: str, source_id: str) -> int:
    """The highest word heard of a fact, locked until the end of the transaction."""
    return int(tx.execute(*_heard(who, kind=kind, source=source_id)).scalar_one())


def postings_for(tx: Transaction, who: Who, kind: str, source_id: str, sequence: int) -> Sequence[RowMapping]:
    """What a word about a fact has earned."""
    return tx.execute(*_postings_for(who, kind=kind, source=source_id, word=sequence)).mappings().all()


def given_for_bringing(tx: Transaction, who: Who, reception_ids: Collection[str]) -> Sequence[RowMapping]:
    """What was given at these receptions for bringing somebody, taken back since or not."""
    return tx.execute(*_for_bringing(who, wanted=list(reception_ids))).mappings().all() if reception_ids else ()


def _with_notes(who: Who) -> Select[Any]:
    notes = scoped(points_notes, who)
    same = and_(points_notes.c.posting_id == points_postings.c.posting_id, notes.visible)
    postings = scoped(points_postings, who).select(*points_postings.c, points_notes.c.note)
    return postings.outerjoin(notes.table, same)


@prepared
def _rules_for(who: Who) -> Select[Any]:
    return for_branch(who, points_rules)


@prepared
def _total(who: Who) -> Select[Any]:
    mine = points_postings.c.branch_id == bindparam("branch"), points_postings.c.customer_id.in_(_WANTED)
    return scoped(points_postings, who).select(func.sum(points_postings.c.points)).where(*mine)


@prepared
def _heard(who: Who) -> Select[Any]:
    this = points_heard.c.kind == bindparam("kind"), points_heard.c.source_id == bindparam("source")
    return scoped(points_heard, who).select(points_heard.c.sequence).where(*this).with_for_update()


@prepared
def _postings_for(who: Who) -> Select[Any]:
    fact = points_postings.c.source_kind == bindparam("kind"), points_postings.c.source_id == bindparam("source")
    word = points_postings.c.sequence == bindparam("word"), points_postings.c.reverses_id.is_(None)
    return scoped(points_postings, who).select().where(*fact, *word)


@prepared
def _for_bringing(who: Who) -> Select[Any]:
    at = points_postings.c.source_kind == "reception", points_postings.c.source_id.in_(_WANTED)
    given = points_postings.c.kind == Kind.REFERRAL.value, points_postings.c.reverses_id.is_(None)
    return scoped(points_postings, who).select().where(*at, *given)
