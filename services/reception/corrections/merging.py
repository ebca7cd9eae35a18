"""Merges of customers: who turns out on the very day to be somebody's customer is credited by that (一.6).

What a reception says then follows from all that was heard of owners and merges, each with its time; so the order in
which it was heard makes no difference, and merges that take effect on a later day move nothing. The line is left as it
is: for that a supervisor rules. Where one has ruled already, that holds.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import RowMapping, Select, bindparam

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.identity import Who
from services.reception import events
from services.reception.corrections import rules, views
from services.reception.corrections.rules import Merged, Owned
from services.reception.corrections.ruling import as_ruled
from services.reception.corrections.tables import credit_bases, merged, owned
from services.reception.people.views import zone_of
from services.reception.receptions.actions import locked
from services.reception.receptions.telling import change
from services.reception.rotation.rules import Kind

_BASE = ("kind", "relation", "original_id", "known_customer_id", "role", "delegate_id", "original_left", "article")
_ENDS = ("explanation", "credit_rule", "owner_id")


def keep_owner(tx: Transaction, who: Who, row: Mapping[str, Any]) -> None:
    """Keep whose a customer was from a moment on, and correct what that changes. A row as in `owned`."""
    if insert_if_new(tx, scoped(owned, who).table, row, ["customer_id", "sequence"]):
        _credit_again(tx, who, [row["customer_id"]])


def keep_merge(tx: Transaction, who: Who, row: Mapping[str, Any]) -> None:
    """Keep from when on two were one, or no longer, and correct what that changes. A row as in `merged`."""
    if insert_if_new(tx, scoped(merged, who).table, row, ["loser_id", "sequence"]):
        _credit_again(tx, who, [row["loser_id"], row["winner_id"]])


def _credit_again(tx: Transaction, who: Who, customer_ids: Iterable[str]) -> None:
    ids = views.linked(tx, who, customer_ids)
    if len(ids) < 2:
        return
    owners, merges = views.told_of(tx, who, ids)
    for found in views.completed_with(tx, who, ids):
        reception, _hall = locked(tx, who, found.id)
        if not views.was_ruled(tx, who, found.id):
            _correct(tx, who, reception, owners, merges)


def _correct(tx: Transaction, who: Who, row: RowMapping, owners: list[Owned], merges: list[Merged]) -> None:
    base = tx.execute(*_base_of(who, reception=row["id"])).scalar()
    before = {**row, **(base or {})}
    claim = _claim(tx, who, before, owners, merges)
    names = [*_BASE, *_ENDS]
    said = {name: before[name] for name in names}
    if claim is not None:
        said |= as_ruled(tx, who, before, claim) | {"relation": claim["relation"]}
        said = {name: said[name] for name in names}
    if all(row[name] == said[name] for name in names):
        return
    if base is None:
        kept = {"reception_id": row["id"], "branch_id": row["branch_id"], "base": {one: row[one] for one in names}}
        tx.execute(*scoped(credit_bases, who).new(kept))
    change(tx, who, row, said, events.ReceptionCreditCorrected)


def _claim(
    tx: Transaction, who: Who, row: Mapping[Any, Any], owners: list[Owned], merges: list[Merged]
) -> dict[str, Any] | None:
    """Whose the visitor was, by the merges of the reception's day, if that is another's than was thought."""
    ends = _end_of_day(tx, who, row)
    claims = (
        (row["customer_id"], {"kind": Kind.RETURNING.value, "relation": "self"}),
        (row["known_customer_id"], {"kind": row["kind"], "relation": row["relation"]}),
    )
    for customer_id, as_what in claims:
        now_known = customer_id and rules.stands_for(customer_id, merges, ends)
        if now_known == customer_id:
            continue
        original_id = rules.owner_at(now_known, owners, row["assigned_at"])
        if original_id is not None and original_id != row["original_id"]:
            return as_what | {"original_id": original_id, "customer_id": now_known}
    return None


def _end_of_day(tx: Transaction, who: Who, row: Mapping[Any, Any]) -> dt.datetime:
    branch_id = row["branch_id"]
    last = rules.last_day(row["local_day"], views.day_of(tx, who, branch_id, row["completed_at"]))
    return dt.datetime.combine(last, dt.time.max, ZoneInfo(zone_of(tx, who, branch_id)))


@prepared
def _base_of(who: Who) -> Select[Any]:
    of_it = credit_bases.c.reception_id == bindparam("reception")
    return scoped(credit_bases, who).select(credit_bases.c.base).where(of_it)
