"""Revealing a phone."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, func

from chassis.audit import note
from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events import PhoneRevealed
from services.customers.files.rules import phones_of
from services.customers.files.views import customer_row
from services.customers.people.views import local_day
from services.customers.reveals.rules import DAILY_LIMIT, RevealLimitReached
from services.customers.reveals.tables import reveals


def reveal_phone(tx: Transaction, who: Who, customer_id: str, reason: str) -> Mapping[str, Any]:
    """Answer a customer's whole phones (`phone` None: not known) and write down who has read it, and what for.

    Raises UnknownCustomer, RevealLimitReached.
    """
    row = customer_row(tx, who, customer_id, locked=True)
    of = {"customer_id": row["customer_id"], "branch_id": row["branch_id"]}
    line = of | {"reveal_id": tx.new_id(), "revealed_by": who.actor_id, "revealed_at": tx.now()}
    line["local_day"] = local_day(tx, who, row["branch_id"])
    _write(tx, who, line | {"reason": reason})
    record(tx, PhoneRevealed(**line), about("reveal", line["reveal_id"], 1, row["branch_id"]))
    subject = f"customer/{row['customer_id']}"
    note(tx, who, "phone.revealed", subject, row["branch_id"], reveal_id=line["reveal_id"])
    return line | {"phone": row["phone"], "phones": phones_of(row)}


def forget(tx: Transaction, who: Who, ids: Collection[str]) -> None:
    """Forget the words for which phones of these customers were read; who read them, and when, stays."""
    of_them = reveals.c.customer_id.in_(list(ids))
    tx.execute(scoped(reveals, who).update().where(of_them).values(reason=""))


def _write(tx: Transaction, who: Who, line: Mapping[str, Any]) -> None:
    """Under the next number that nobody else has taken meanwhile."""
    table, key = scoped(reveals, who).table, ["revealed_by", "local_day", "number"]
    for number in range(_last_number(tx, who, line["local_day"]) + 1, DAILY_LIMIT + 1):
        if insert_if_new(tx, table, {**line, "number": number}, key):
            return
    raise RevealLimitReached


def _last_number(tx: Transaction, who: Who, day: date) -> int:
    return tx.execute(*_numbers_of(who, by=who.actor_id, day=day)).scalar_one() or 0


@prepared
def _numbers_of(who: Who) -> Select[Any]:
    of_the_day = reveals.c.revealed_by == bindparam("by"), reveals.c.local_day == bindparam("day")
    return scoped(reveals, who).select(func.max(reveals.c.number)).where(*of_the_day)
