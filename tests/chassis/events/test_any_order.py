"""Whatever order events arrive in, and however often, the reader ends in the same state."""

import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, Integer, MetaData, String, Table, delete, select

from chassis.bus import Message
from chassis.bus.local import LocalBus
from chassis.database import Database, Transaction, upsert
from chassis.events import Consumers, Fact, Received, about, record
from chassis.events.consuming import Consuming
from chassis.events.tables import inbox, outbox
from chassis.furniture import furnish

METADATA = furnish(MetaData())
NEWEST = Table(
    "newest",
    METADATA,
    Column("subject", String(120), primary_key=True),
    Column("sequence", Integer, nullable=False),
    Column("value", Integer, nullable=False),
)
TOTAL = Table("total", METADATA, Column("event", String(36), primary_key=True), Column("value", Integer))


@dataclass(frozen=True)
class Shown(Fact):
    """A value was shown."""

    TYPE = "thing.shown.v1"
    value: int


class Reader:
    """One that keeps the newest value of each subject and the sum of all values."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(f"sqlite:///{folder}/reader.db", "reader")
        METADATA.create_all(self.database.engine)
        self.bus = LocalBus()
        consumers = Consumers()
        consumers.on("thing.shown.v1", Shown)(_keep)
        mailbox = self.bus.subscribe("reader", consumers.types, self.database)
        self.consuming = Consuming(consumers, self.database, mailbox, most=3)

    def state_after(self, deliveries: list[Message]) -> tuple[dict[str, int], int]:
        with self.database.write() as tx:
            for table in (inbox, NEWEST, TOTAL):
                tx.execute(delete(table))
        for delivery in deliveries:
            self.bus.publish([delivery])
        while self.consuming.step(patience=0):
            pass
        with self.database.read() as tx:
            newest = {row.subject: row.value for row in tx.execute(select(NEWEST))}
            return newest, sum(tx.execute(select(TOTAL.c.value)).scalars())


def _keep(tx: Transaction, event: Received[Shown]) -> None:
    row = {"subject": event.subject, "sequence": event.sequence, "value": event.data.value}
    upsert(tx, NEWEST, row, ["subject"], newer_by="sequence")
    tx.execute(TOTAL.insert().values(event=event.id, value=event.data.value))  # fails if one event is applied twice


def _announced(folder: Path) -> list[Message]:
    database = Database(f"sqlite:///{folder}/announcer.db", "announcer")
    METADATA.create_all(database.engine)
    with database.write() as tx:
        for version in (1, 2, 3):
            for subject in ("a", "b"):
                record(tx, Shown(version * 10), about("thing", subject, version, None))
        rows = tx.execute(select(outbox.c.id, outbox.c.type, outbox.c.body).order_by(outbox.c.n)).all()
    database.close()
    return [Message(row.id, row.type, row.body) for row in rows]


_FOLDER = tempfile.TemporaryDirectory(prefix="anchang-any-order-")
_EVENTS = _announced(Path(_FOLDER.name))
_READER = Reader(Path(_FOLDER.name))


@settings(max_examples=40, deadline=None)
@given(st.permutations(_EVENTS), st.lists(st.sampled_from(_EVENTS), max_size=8), st.randoms(use_true_random=False))
def test_shuffled_and_repeated_events_lead_to_one_state(
    order: list[Message], again: list[Message], chance: Random
) -> None:
    """Every event at least once, in any order, with any repeats: the newest values and the sum are the same."""
    deliveries = order + again
    chance.shuffle(deliveries)
    assert _READER.state_after(deliveries) == ({"thing/a": 30, "thing/b": 30}, 120)
