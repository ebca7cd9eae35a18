"""Deciding what customers earn, posting it as facts are heard, and spending it."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import Update, bindparam

from chassis import audit
from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events_of_points import PointsPosted, PointsRulesChanged, PointsSetting
from services.customers.fields.views import check_type
from services.customers.files import codes
from services.customers.files.views import customer_row
from services.customers.points import rules, views
from services.customers.points.rules import Deal, Earned, Kind, Source, Visit, Why
from services.customers.points.tables import points_heard, points_notes, points_postings, points_rules
from services.customers.points.views import Account
from services.customers.policy.actions import append_version, check_begin
from services.customers.policy.rules import Decision
from services.customers.register.views import standings_around

_BLANK: dict[str, Any] = dict.fromkeys(points_postings.c.keys()) | {"facts": {}}
_TOLD = ("posting_id", "branch_id", "customer_id", "points", "kind", "reason", "reverses_id", "rule_version", "day")


def make_rules(tx: Transaction, who: Who, new: Decision) -> tuple[str, int]:
    """A new version; answers its key.

    Raises what `policy.check_begin` and `rules.check` raise, and UnknownCustomerType.
    """
    check_begin(tx, who, new)
    rules.check(new.values)
    for one in new.values.get("types_off", ()):
        check_type(tx, who, new.branch_id, one)
    policy_id, n = append_version(tx, who, points_rules, "points_rules", new)
    settings = [PointsSetting(name, json.dumps(value)) for name, value in new.values.items()]
    fact = PointsRulesChanged(policy_id, new.branch_id, n, new.holds_from, settings, new.reason, who.actor_id)
    record(tx, fact, about("points_rules", policy_id, n, new.branch_id))
    return policy_id, n


def hear(tx: Transaction, who: Who, source: Source, fact: Deal | Visit) -> None:
    """Post what a fact earns, and take back what an earlier word about it has earned.

    In whatever order the words come, and however often, the same postings stand in the end: each word earns its own,
    and all but the highest one's are taken back.
    """
    before = _heard_before(tx, who, source)
    holding = views.rules_of(tx, source.branch_id, source.day)
    types = views.types_of_customers(tx, who, rules.whose(fact)) if holding.on else {}
    for one in rules.earned(fact, holding, types):
        _post(tx, who, _row_of(source, one, holding.version))
    outdone = min(before, source.sequence)
    if before != source.sequence:
        _take_back(tx, who, views.postings_for(tx, who, source.kind, source.source_id, outdone))


def hear_visit(tx: Transaction, who: Who, source: Source, visit: Visit) -> None:
    """The same for a reception; and take back what was given at any for bringing somebody whom the register knew.

    Reception may learn of an earlier registration only afterwards, and here it may be heard after the visit: so each
    time all visits of who came are looked at, and nobody registers meanwhile.
    """
    codes.lock_branch(tx, who, source.branch_id)
    hear(tx, who, source, visit)
    came = {one.customer_id for one in visit.came}
    around = standings_around(tx, who, source.branch_id, came)
    known = {seen for standing in around for seen in rules.known_before(standing.entries)}
    given = views.given_for_bringing(tx, who, {reception_id for reception_id, _customer_id in known})
    _take_back(tx, who, [one for one in given if (one["source_id"], one["facts"]["brought_id"]) in known])


def spend(tx: Transaction, who: Who, customer_id: str, points: int, why: Why) -> str:
    """A customer spends points; answers the posting. Raises UnknownCustomer, PointsNotOn, NotEnoughPoints."""
    account = _locked(tx, who, customer_id)
    rules.check_spending(views.balance_of(tx, who, account), points)
    return _post_by_person(tx, who, account, Kind.SPENT, -points, why)


def change_by_hand(tx: Transaction, who: Who, customer_id: str, points: int, why: Why) -> str:
    """A manager gives points, or takes them (below zero); answers the posting.

    Raises UnknownCustomer, PointsNotOn, TooManyByHand, NotEnoughPoints.
    """
    account = _locked(tx, who, customer_id)
    rules.check_by_hand(account.rules, views.balance_of(tx, who, account), points)
    return _post_by_person(tx, who, account, Kind.BY_HAND, points, why)


def forget(tx: Transaction, who: Who, ids: Collection[str]) -> None:
    """Forget the words beside these customers' postings; the postings stay."""
    tx.execute(scoped(points_notes, who).delete().where(points_notes.c.customer_id.in_(list(ids))))


def _locked(tx: Transaction, who: Who, customer_id: str) -> Account:
    """Nobody spends, merges or parts customers of the branch meanwhile: whose points they are holds until the end."""
    codes.lock_branch(tx, who, customer_row(tx, who, customer_id)["branch_id"])
    return views.account_of(tx, who, customer_id)


def _post_by_person(tx: Transaction, who: Who, account: Account, kind: Kind, points: int, why: Why) -> str:
    posting_id, of = tx.new_id(), {"branch_id": account.branch_id, "customer_id": account.customer_id}
    row = _BLANK | of | {"posting_id": posting_id, "kind": kind.value, "points": points, "reason": why.reason}
    _post(tx, who, row | {"day": account.day, "rule_version": account.rules.version, "by_id": who.actor_id})
    if why.note:
        tx.execute(*scoped(points_notes, who).new({"posting_id": posting_id, "note": why.note} | of))
    audit.note(tx, who, f"points.{kind}", f"customer/{account.customer_id}", account.branch_id, points=points)
    return posting_id


def _heard_before(tx: Transaction, who: Who, source: Source) -> int:
    """The highest word heard before this one (0: none), and note this one, under the lock of the fact."""
    row = {"kind": source.kind, "source_id": source.source_id, "branch_id": source.branch_id, "sequence": 0}
    insert_if_new(tx, scoped(points_heard, who).table, row, ["kind", "source_id"])
    before = views.heard_of(tx, who, source.kind, source.source_id)
    if source.sequence > before:
        tx.execute(*_hears(who, about=source.kind, which=source.source_id, word=source.sequence))
    return before


def _take_back(tx: Transaction, who: Who, postings: Iterable[Mapping[Any, Any]]) -> None:
    for one in postings:
        back = {"posting_id": rules.reversal_id(one["posting_id"]), "reverses_id": one["posting_id"]}
        _post(tx, who, {**one, **back, "points": -one["points"]})


def _row_of(source: Source, one: Earned, version: str) -> dict[str, Any]:
    what = {"customer_id": one.customer_id, "kind": one.kind.value, "points": one.points, "facts": dict(one.facts)}
    word = {"source_kind": source.kind, "source_id": source.source_id, "sequence": source.sequence}
    held = {"branch_id": source.branch_id, "day": source.day, "rule_version": version}
    return _BLANK | what | word | held | {"posting_id": source.posting_id(one)}


def _post(tx: Transaction, who: Who, row: Mapping[Any, Any]) -> None:
    """Write a posting and announce it, unless it stands there already."""
    row = {**row, "posted_at": tx.now()}
    if not insert_if_new(tx, scoped(points_postings, who).table, row, ["posting_id"]):
        return
    source = f"{row['source_kind']}/{row['source_id']}" if row["source_id"] else None
    told = {name: row[name] for name in _TOLD}
    fact = PointsPosted(**told, source=source, posted_at=row["posted_at"], by_id=row["by_id"])
    record(tx, fact, about("points", row["posting_id"], 1, row["branch_id"]))


@prepared
def _hears(who: Who) -> Update:
    this = points_heard.c.kind == bindparam("about"), points_heard.c.source_id == bindparam("which")
    return scoped(points_heard, who).update().where(*this).values(sequence=bindparam("word"))
