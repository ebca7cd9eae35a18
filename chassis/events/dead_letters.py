"""Events that could not be handled: kept with their error, seen by people, tried again or discarded by command."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from chassis.database import Transaction, upsert
from chassis.database.statements import insert_if_new
from chassis.events.tables import dead_letters, pending


class NoSuchDeadLetter(Exception):
    """No parked event has this id: it never was one, or it was already decided."""


@dataclass(frozen=True)
class DeadLetter:
    """One parked event as people see it: without its content, which may name persons."""

    id: str
    type: str
    subject: str
    error: str
    attempts: int
    parked_at: datetime


def park(tx: Transaction, body: str, error: str, attempts: int) -> None:
    """Keep an event that cannot be handled. `error` holds no personal data. Parked again, it is one row still."""
    letter = _address(body) | {
        "body": _storable(body),
        "error": error,
        "attempts": attempts,
        "parked_at": tx.now(),
        "state": "parked",
        "decided_by": None,
        "reason": None,
        "decided_at": None,
    }
    upsert(tx, dead_letters, letter, ["id"])


def parked(tx: Transaction, after: str | None = None, limit: int = 50) -> list[DeadLetter]:
    """What is parked and undecided, by id; `after` is the last id of the page before."""
    columns = [dead_letters.c[name] for name in DeadLetter.__dataclass_fields__]
    page = select(*columns).where(dead_letters.c.state == "parked", dead_letters.c.id > (after or ""))
    return [DeadLetter(**row) for row in tx.execute(page.order_by(dead_letters.c.id).limit(limit)).mappings()]


def count_parked(tx: Transaction) -> int:
    """How many are parked and undecided."""
    return int(tx.execute(select(func.count()).where(dead_letters.c.state == "parked")).scalar_one())


def retry(tx: Transaction, letter_id: str, by: str, reason: str, now: datetime) -> None:
    """Have the event tried again from its first attempt, within seconds; raises NoSuchDeadLetter.

    `now` is the machine's time, not the business's: the event is due at once.
    """
    body = _decide(tx, letter_id, "retried", by, reason)
    values = {"event_id": letter_id, "body": body, "attempts": 0, "due_at": now}
    insert_if_new(tx, pending, values, ["event_id"])


def discard(tx: Transaction, letter_id: str, by: str, reason: str) -> None:
    """Decide that the event is never handled here; it stays readable. Raises NoSuchDeadLetter."""
    _decide(tx, letter_id, "discarded", by, reason)


def _decide(tx: Transaction, letter_id: str, state: str, by: str, reason: str) -> str:
    chosen = update(dead_letters).where(dead_letters.c.id == letter_id, dead_letters.c.state == "parked")
    values = {"state": state, "decided_by": by, "reason": reason, "decided_at": tx.now()}
    body: str | None = tx.execute(chosen.values(values).returning(dead_letters.c.body)).scalar()
    if body is None:
        raise NoSuchDeadLetter(letter_id)
    return body


def _address(body: str) -> dict[str, str]:
    """What the body says of itself, as far as it can be believed; a digest stands for an id that cannot."""
    try:
        claims = json.loads(body)
    except (ValueError, RecursionError):
        claims = None
    claims = claims if isinstance(claims, dict) else {}
    digest = hashlib.sha256(body.encode("utf-8", "backslashreplace")).hexdigest()[:36]
    return {
        "id": _claim(claims, "id", 36) or digest,
        "type": _claim(claims, "type", 80) or "unknown",
        "subject": _claim(claims, "subject", 120) or "unknown",
    }


def _claim(claims: dict[str, Any], name: str, longest: int) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and len(value) <= longest and value.isprintable() else None


def _storable(body: str) -> str:
    """Text that both databases store, whatever arrived: neither half characters nor NUL."""
    return body.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\u0000")
