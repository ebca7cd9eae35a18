"""What a bus may do to a message, and what may come instead of one: copies, any order, and poison."""

import random
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import select

from chassis.bus import Message
from chassis.database import Database
from chassis.events import Envelope, dead_letters
from chassis.events.tables import outbox
from chassis.identity import system as the_system
from deploy.demo.client import eventually
from tests.faults.asking import Asking
from tests.faults.conftest import DELAYS
from tests.faults.count import Book, Count
from tests.faults.numbers import NumberSaid
from tests.faults.rest import count_at_rest, say_at_once
from tests.faults.systems import System

NUMBERS = 300
SEED = 20261126
_REFUSED = Envelope(
    "refused", "elsewhere", NumberSaid.TYPE, "series/1", 1, datetime(2026, 3, 2, tzinfo=UTC), None, None, {}
)


def test_three_copies_of_everything_in_any_order(system: System) -> None:
    """Every message three times and shuffled, besides the relay's own: each number is applied once."""
    book = Book()
    say_at_once(system, book, range(NUMBERS))
    copies = _announced(system.announcer) * 3
    random.Random(SEED).shuffle(copies)
    with closing(system.bus()) as bus:
        bus.publish(copies[:NUMBERS])
        system.start()
        for at in range(NUMBERS, len(copies), 50):
            bus.publish(copies[at : at + 50])
    assert count_at_rest(system, book) == Count(0, 0, 0, 0)


def test_poison_among_good_ones(system: System, asking: Asking) -> None:
    """What cannot be read or is always refused is parked with its error; every neighbour is applied once."""
    unknown = replace(_REFUSED, id="unknown", type="number.said.v2", data={"number": 1, "total": 1})
    refused = replace(_REFUSED, data={"number": -1, "total": -1})
    bodies = {"unreadable": "{", "unknown": unknown.to_json(), "refused": refused.to_json()}
    system.start()
    asking.all_of(range(20))
    with closing(system.bus()) as bus:
        bus.publish([Message(name, NumberSaid.TYPE, body) for name, body in bodies.items()])
    asking.all_of(range(20, 40))
    letters = eventually(lambda: _parked(system.reader, len(bodies)), "three dead letters", 60)[0]
    assert count_at_rest(system, asking.book) == Count(0, 0, 0, 0)
    assert letters["BrokenEvent: not JSON"] == letters["BrokenEvent: no handler for number.said.v2"] == 1
    (attempts,) = [attempts for error, attempts in letters.items() if error.startswith("NumberRefused")]
    assert attempts == len(DELAYS) + 1


def _announced(announcer: Database) -> list[Message]:
    with announcer.read() as tx:
        rows = tx.execute(select(outbox.c.id, outbox.c.type, outbox.c.body)).all()
    return [Message(row.id, row.type, row.body) for row in rows]


def _parked(reader: Database, number: int) -> dict[str, int] | None:
    """By error, the attempts of what is parked; None while it is not so many."""
    with reader.read() as tx:
        letters = tx.execute(dead_letters.listed(the_system("reader", None), "parked")).all()
    return {letter.error: letter.attempts for letter in letters} if len(letters) == number else None
