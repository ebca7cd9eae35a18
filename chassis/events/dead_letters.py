"""Events that could not be handled: kept with their error, seen by people, tried again or discarded by command.

Whoever decides sees and touches the letters of their own branch; a letter without a branch, because its event could not
be read or concerns the whole company, is for those who see all branches.
"""

import hashlib
import json
import re
from datetime import datetime
from typing import Any

from sqlalchemy import RowMapping, Select, func, select

from chassis.audit import note
from chassis.database import Transaction, scoped, upsert
from chassis.events import inbox
from chassis.events.envelope import BrokenEvent, Envelope
from chassis.events.forgetting import text_as_kept
from chassis.events.tables import dead_letters, pending
from chassis.identity import Who

STATES = ("parked", "retried", "discarded")
_SHOWN = tuple(column for column in dead_letters.c if column.name != "body")  # the content may name persons
_PLAIN_ID = re.compile(r"[0-9A-Za-z_-][0-9A-Za-z._-]{0,35}")  # one that stands in a path as it is


class NoSuchDeadLetter(Exception):
    """No event with this id was ever parked, as far as the asker sees."""


class DeadLetterDecided(Exception):
    """Somebody has decided this letter already."""


def park(tx: Transaction, body: str, error: str, attempts: int) -> None:
    """Keep an event that cannot be handled. `error` holds no personal data.

    Parked again, it is one row still, to be decided again; who decided before, and why, stays until then.
    """
    letter = _address(body) | {
        "body": text_as_kept(tx, _storable(body)),
        "error": error,
        "attempts": attempts,
        "parked_at": tx.now(),
        "state": "parked",
    }
    upsert(tx, dead_letters, letter, ["id"])


def listed(who: Who, state: str) -> Select[Any]:
    """The letters in this state that `who` sees, without their content."""
    return scoped(dead_letters, who).select(*_SHOWN).where(dead_letters.c.state == state)


def count_parked(tx: Transaction) -> int:
    """How many are parked and undecided."""
    return int(tx.execute(select(func.count()).where(dead_letters.c.state == "parked")).scalar_one())


def retry(tx: Transaction, who: Who, letter_id: str, reason: str, now: datetime) -> RowMapping:
    """Have the event tried again from its first attempt, within seconds; the letter as it stands then.

    `now` is the machine's time, not the business's: the event is due at once. Raises NoSuchDeadLetter,
    DeadLetterDecided.
    """
    letter = _decide(tx, who, letter_id, "retried", reason)
    values = {"event_id": letter_id, "body": letter["body"], "attempts": 0, "due_at": now}
    upsert(tx, pending, values, ["event_id"])
    return letter


def discard(tx: Transaction, who: Who, letter_id: str, reason: str, now: datetime) -> RowMapping:
    """Decide that the event is never handled here, not even when it comes again; it stays readable.

    `now` is the machine's time. Raises NoSuchDeadLetter, DeadLetterDecided.
    """
    letter = _decide(tx, who, letter_id, "discarded", reason)
    inbox.enter(tx, _readable(letter["body"]), now)
    return letter


def _decide(tx: Transaction, who: Who, letter_id: str, state: str, reason: str) -> RowMapping:
    this = dead_letters.c.id == letter_id
    values = {"state": state, "decided_by": who.actor_id, "reason": reason, "decided_at": tx.now()}
    undecided = scoped(dead_letters, who).update().where(this, dead_letters.c.state == "parked")
    letter = tx.execute(undecided.values(values).returning(dead_letters)).mappings().one_or_none()
    if letter is None:
        decided = tx.execute(scoped(dead_letters, who).select(dead_letters.c.id).where(this)).first()
        raise DeadLetterDecided(letter_id) if decided else NoSuchDeadLetter(letter_id)
    note(tx, who, f"dead_letter.{state}", f"dead_letter/{letter_id}", letter["branch_id"])
    return letter


def _readable(body: str) -> list[Envelope]:
    """The event, or nothing: what cannot be read is not handled when it comes again either, but parked again."""
    try:
        return [Envelope.from_json(body)]
    except BrokenEvent:
        return []


def _address(body: str) -> dict[str, str | None]:
    """What the body says of itself, as far as it can be believed; a digest stands for an id that cannot."""
    try:
        claims = json.loads(body)
    except (ValueError, RecursionError):
        claims = None
    claims = claims if isinstance(claims, dict) else {}
    digest = hashlib.sha256(body.encode("utf-8", "backslashreplace")).hexdigest()[:36]
    claimed = _claim(claims, "id", 36) or ""
    return {
        "id": claimed if _PLAIN_ID.fullmatch(claimed) else digest,
        "branch_id": _claim(claims, "branch", 36) or None,
        "type": _claim(claims, "type", 80) or "unknown",
        "subject": _claim(claims, "subject", 120) or "unknown",
    }


def _claim(claims: dict[str, Any], name: str, longest: int) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and len(value) <= longest and value.isprintable() else None


def _storable(body: str) -> str:
    """Text that both databases store, whatever arrived: neither half characters nor NUL."""
    return body.encode("utf-8", "backslashreplace").decode().replace("\x00", "\\u0000")
