"""Reading a hall as it was."""

from datetime import datetime
from typing import Any

from chassis import ledger
from chassis.database import Transaction
from chassis.identity import Who
from services.reception.history.rules import Entry, HallThen, replayed_at
from services.reception.people.views import names_of
from services.reception.rotation.rules import a_and_b
from services.reception.rotation.views import chain_of, hall_of

_TOLD = (
    "attendance.clocked_%",
    "step_out.%",
    "reception.opened",
    "reception.assigned",
    "reception.greeted",
    "reception.passed_on",
    "reception.changed",
    "reception.completed",
    "reception.credit_corrected",
    "reception.closed",
)
"""Kinds of entries each of which tells all of what stands then."""


def stood(tx: Transaction, hall_id: str, up_to: int) -> list[Entry]:
    """What must be read to know the hall after entry number `up_to` of its register.

    The line is told by all of its entries, everything else by the last word about it: years of receptions that have
    ended are not read.
    """
    found = ledger.latest(tx, chain_of(hall_id), up_to, every=("line",), last_of=_TOLD)
    return [entry_of(one) for one in found]


def hall_at(tx: Transaction, hall_id: str, up_to: int) -> HallThen:
    """The hall after entry number `up_to` of its register."""
    return replayed_at(stood(tx, hall_id, up_to))


def line_at(tx: Transaction, who: Who, hall_id: str, moment: datetime | None) -> dict[str, Any]:
    """The hall at a moment (None: now), as LineThenSchema shows it; raises UnknownHall."""
    hall_of(tx, who, hall_id)
    moment = moment or tx.now()
    n = ledger.number_at(tx, chain_of(hall_id), moment)
    then = hall_at(tx, hall_id, n)
    names, doing = names_of(tx, who, then.order), then.doing
    a, b = a_and_b(then.line)
    people = [
        {
            "staff_id": place.staff_id,
            "name": names[place.staff_id],
            "on_duty_since": doing.on_duty.get(place.staff_id),
            "away_since": doing.away.get(place.staff_id),
            "reception_id": doing.serving.get(place.staff_id),
            "state": place.standing.value,
        }
        for place in then.line
    ]
    waiting = [doing.receptions[one] for one in doing.waiting]
    return {"hall_id": hall_id, "at": moment, "entry": n, "a": a, "b": b, "line": people, "waiting": waiting}


def entry_of(entry: ledger.Entry) -> Entry:
    """An entry of a hall's chain as the rules read it."""
    return Entry(entry.n, entry.at, entry.kind, entry.body, entry.subject)
