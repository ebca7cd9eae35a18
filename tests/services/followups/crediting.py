"""What credit rests on, told in events, and what stands in the ledger then."""

from typing import Any

from sqlalchemy import select

from chassis.database import Database
from chassis.events import Envelope
from services.followups.consumers import consumers
from services.followups.credit.tables import credit_lines
from tests.services import synthetic as say
from tests.services.synthetic import deliver, named


def whole_visit(name: str = "one", sequence: int = 4, **changes: Any) -> Envelope:
    """Wang, Li's old customer, was served the whole visit by Zhao."""
    says = {"kind": "returning", "role": "whole_visit", "credit_rule": "half_each", "server_id": named("zhao")}
    return say.reception(
        name, **says | {"original_id": named("li"), "owner_id": named("li")} | changes, sequence=sequence
    )


def corrected(sequence: int = 5, **changes: Any) -> Envelope:
    """It was ruled again: the original was on duty."""
    says = {"reception_id": named("one"), "credit_rule": "owner", "owner_id": named("li")} | changes
    again = whole_visit(**says)
    return say.event("reception", "reception.credit_corrected.v1", again.subject, sequence, again.data)


def told(database: Database, *events: Envelope) -> None:
    deliver(database, consumers, events)


def standing(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """The lines of each deal that are not reversed: (who, parts, cents, reason)."""
    with database.read() as tx:
        lines = tx.execute(select(credit_lines)).mappings().all()
    gone = {line["reverses"] for line in lines} | {line["id"] for line in lines if line["reverses"]}
    found: dict[str, list[tuple[Any, ...]]] = {}
    for line in sorted(lines, key=lambda line: (line["deal_id"], line["n"])):
        if line["id"] not in gone:
            says = (line["staff_id"], line["parts"], line["cents"], line["reason"], line["evidence"])
            found.setdefault(line["deal_id"], []).append(says)
    return found
