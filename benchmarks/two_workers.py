"""Reporting with two workers against one: a backlog of 100,000 events in its queue, and the totals afterwards.

The workers are the deployed ones (`python -m chassis.processes worker services.reporting`), on PostgreSQL and RabbitMQ.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from typing import Any

import psycopg

from benchmarks.__main__ import Figure
from benchmarks.consumer import bodies
from benchmarks.ground import figure, servers
from chassis.bus import Message
from chassis.bus.rabbitmq import RabbitBus, declare_topology
from chassis.database.migrations import migrate
from chassis.events import Envelope
from deploy.distributed.kept import free_port
from deploy.environment import variables
from services.reporting.app import SERVICE

EVENTS = 100_000
_PAGE = 5_000
_HANDLED = "SELECT count(*) FROM inbox"
_TABLES = ("receptions", "customers", "followups", "plans")


def figures() -> Iterator[Figure]:
    """Events per second with two workers against one; raises RuntimeError unless both reach the same totals."""
    with servers(broker=True) as ground:
        if not (ground.postgres and ground.rabbitmq):
            return
        events = [Message(envelope.id, envelope.type, body) for body, envelope in _read(bodies(EVENTS))]
        one, totals = _drained(ground.postgres_url(), ground.rabbitmq, events, workers=1)
        two, totals_of_two = _drained(ground.postgres_url(), ground.rabbitmq, events, workers=2)
    if totals != totals_of_two:
        raise RuntimeError(f"one worker reaches {totals}, two reach {totals_of_two}")
    reach = 1.0 if (os.cpu_count() or 1) > 2 else 0.8  # two cores are shared with the broker and the database
    yield figure("reporting with two workers on a backlog of 100,000, against one", two, one, reach)  # type: ignore[misc]


def _read(texts: Sequence[str]) -> Iterator[tuple[str, Envelope]]:
    for text in texts:
        yield text, Envelope.from_json(text)


def _drained(url: str, bus_url: str, events: Sequence[Message], workers: int) -> tuple[float, dict[str, int]]:
    """Events per second from the start of the last worker's loop until all are handled, and the rows of each table."""
    migrate(SERVICE.name, SERVICE.folder / "migrations", SERVICE.metadata, url)
    declare_topology(bus_url, {SERVICE.name: SERVICE.consumers.types})
    with closing(RabbitBus(bus_url)) as bus:
        for first in range(0, len(events), _PAGE):
            bus.publish(events[first : first + _PAGE])
    with ExitStack() as stack:
        database = stack.enter_context(psycopg.connect(url.replace("+psycopg", ""), autocommit=True))
        for _ in range(workers):
            stack.callback(_ended, _worker(url, bus_url))
        began, before = _begun(database)
        while (handled := _count(database, _HANDLED)) < len(events):
            time.sleep(0.02)
        rate = (handled - before) / (time.perf_counter() - began)
        return rate, {table: _count(database, f"SELECT count(*) FROM {table}") for table in _TABLES}


def _begun(database: "psycopg.Connection[Any]") -> tuple[float, int]:
    """When the first events were handled: what starting takes is not measured."""
    while not (handled := _count(database, _HANDLED)):
        time.sleep(0.005)
    return time.perf_counter(), handled


def _count(database: "psycopg.Connection[Any]", query: str) -> int:
    row = database.execute(query).fetchone()
    return int(row[0]) if row else 0


def _worker(url: str, bus_url: str) -> "subprocess.Popen[bytes]":
    settings = {"DATABASE_URL": url, "BUS_URL": bus_url, "LISTEN": f"127.0.0.1:{free_port()}", "LOG_LEVEL": "ERROR"}
    environment = variables() | {f"ANCHANG_{name}": value for name, value in settings.items()}
    command = [sys.executable, "-P", "-m", "chassis.processes", "worker", "services.reporting"]
    return subprocess.Popen(command, env=environment)


def _ended(worker: "subprocess.Popen[bytes]") -> None:
    worker.terminate()
    worker.wait()
