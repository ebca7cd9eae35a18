"""How fast the relay carries an outbox to the bus, against the bare minimum that does the same."""

import json
import sqlite3
from collections import deque
from contextlib import ExitStack, closing
from statistics import median
from time import perf_counter
from typing import Any

import pika
from sqlalchemy import MetaData, insert, make_url, update

from benchmarks.ground import Servers, figure, servers
from chassis.bus import EventBus
from chassis.bus.local import LocalBus
from chassis.bus.rabbitmq import EXCHANGE, RabbitBus, declare_topology
from chassis.database import Database
from chassis.events.relay import relay_of
from chassis.events.tables import outbox
from chassis.furniture import furnish

EVENTS = 20_000
ROUNDS = 3
TYPE = "thing.shown.v1"
METADATA = furnish(MetaData())
BODY = json.dumps({"specversion": "1.0", "type": TYPE, "data": {"text": "x" * 900}})


def figures() -> list[dict[str, object]]:
    """The relay's figures in the shapes this machine can run."""
    with servers(broker=True) as ground:
        found = [_single_machine(ground)]
        if ground.postgres and ground.rabbitmq:
            found.append(_distributed(ground, ground.rabbitmq))
        return found


def _single_machine(ground: Servers) -> dict[str, object]:
    announcer = _filled(ground.sqlite_url("announcer"))
    reader = Database(ground.sqlite_url("reader"), "reader")
    METADATA.create_all(reader.engine)
    bus = LocalBus()
    bus.subscribe("reader", (TYPE,), reader)
    ours, bare = [], []
    for _round in range(ROUNDS):
        ours.append(_rate(announcer, bus))
        _empty(announcer, reader)
        bare.append(_bare_sqlite(announcer, reader))
        _empty(announcer, reader)
    return figure("relay, SQLite outbox to one subscriber's file", median(ours), median(bare), 0.5)


def _distributed(ground: Servers, rabbitmq: str) -> dict[str, object]:
    declare_topology(rabbitmq, {"reader": (TYPE,)})
    announcer = _filled(ground.postgres_url())
    ours, bare = [], []
    with closing(RabbitBus(rabbitmq)) as bus:
        for _round in range(ROUNDS):
            ours.append(_rate(announcer, bus))
            _empty(announcer, None)
            _purge(rabbitmq)
            bare.append(_bare_pika(rabbitmq))
            _purge(rabbitmq)
    announcer.close()
    return figure("relay, PostgreSQL outbox to a quorum queue", median(ours), median(bare), 0.5)


def _filled(url: str) -> Database:
    database = Database(url, "announcer")
    METADATA.create_all(database.engine)
    with database.write() as tx:
        now = tx.now()
        rows = [{"id": tx.new_id(), "type": TYPE, "body": BODY, "recorded_at": now} for _event in range(EVENTS)]
        tx.execute(insert(outbox), rows)
    return database


def _rate(database: Database, bus: EventBus) -> float:
    began = perf_counter()
    published = relay_of(database, bus).sweep().published
    if published != EVENTS:
        raise RuntimeError(f"{published} of {EVENTS} published")
    return EVENTS / (perf_counter() - began)


def _empty(announcer: Database, reader: Database | None) -> None:
    """As it was before the round."""
    with announcer.write() as tx:
        tx.execute(update(outbox).values(position=None))
        tx.connection.exec_driver_sql("DELETE FROM relay_lease")
    if reader:
        with reader.write() as tx:
            tx.connection.exec_driver_sql("DELETE FROM pending")
    elif not announcer.is_sqlite:
        with announcer.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM outbox")


def _bare_sqlite(announcer: Database, reader: Database) -> float:
    """The same rows by the same pages and as many commits, with the database module alone."""
    with ExitStack() as stack:
        here, there = (stack.enter_context(closing(_open(database))) for database in (announcer, reader))
        began, position = perf_counter(), 0
        while rows := here.execute(_PAGE).fetchall():
            there.execute("BEGIN IMMEDIATE")
            there.executemany(_DELIVER, [(event_id, body, "2026-01-01") for _n, event_id, body in rows])
            there.execute("COMMIT")
            here.execute("BEGIN IMMEDIATE")
            here.executemany(_MARK, [(position + offset, row[0]) for offset, row in enumerate(rows, start=1)])
            here.execute("COMMIT")
            position += len(rows)
        return EVENTS / (perf_counter() - began)


_PAGE = "SELECT n, id, body FROM outbox WHERE position IS NULL ORDER BY n LIMIT 500"
_DELIVER = "INSERT INTO pending (event_id, body, attempts, due_at) VALUES (?, ?, 0, ?) ON CONFLICT DO NOTHING"
_MARK = "UPDATE outbox SET position = ? WHERE n = ? AND position IS NULL"


def _open(database: Database) -> sqlite3.Connection:
    connection = sqlite3.connect(make_url(database.url).database or "", isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


class _Bare:
    """A SelectConnection that publishes the same bodies with a window of 100, and stops when all are confirmed."""

    def __init__(self, url: str) -> None:
        self.seconds = 0.0
        self._sent, self._open = 0, deque[int]()
        self._connection = pika.SelectConnection(
            pika.URLParameters(url), self._opened, on_close_callback=lambda connection, _why: connection.ioloop.stop()
        )
        self._connection.ioloop.start()

    def _opened(self, connection: Any) -> None:
        connection.channel(on_open_callback=self._channel_opened)

    def _channel_opened(self, channel: Any) -> None:
        self._channel = channel
        channel.confirm_delivery(self._confirmed, self._begin)

    def _begin(self, _frame: Any) -> None:
        self._began = perf_counter()
        self._send()

    def _send(self) -> None:
        while self._sent < EVENTS and len(self._open) < 100:
            self._sent += 1
            traits = pika.BasicProperties(message_id=str(self._sent), delivery_mode=2)
            self._channel.basic_publish(EXCHANGE, TYPE, BODY.encode(), traits, mandatory=True)
            self._open.append(self._sent)
        if not self._open:
            self.seconds = perf_counter() - self._began
            self._connection.close()

    def _confirmed(self, frame: Any) -> None:
        tag = frame.method.delivery_tag
        if frame.method.multiple:
            while self._open and self._open[0] <= tag:
                self._open.popleft()
        else:
            self._open.remove(tag)
        self._send()


def _bare_pika(url: str) -> float:
    return EVENTS / _Bare(url).seconds


def _purge(url: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        connection.channel().queue_purge("reader")
