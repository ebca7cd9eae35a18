"""From the answer of *complete* to visible in follow-ups and reporting, at 50 completions a second, in both shapes.

Visible means committed in the reader's own database, which is looked at every millisecond from outside the processes.
A visitor is an arrival, a completion and the seven events that they cause, each carried to its readers. What all of it
costs in CPU time decides how many visitors one process bears. The distributed shape is held against a bare round trip
through its own broker, one message at a time.
"""

import json
import math
import os
import secrets
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pika
import psycopg

from benchmarks.__main__ import Figure
from deploy.demo.client import Api
from deploy.distributed.packages import NGINX, POSTGRESQL, RABBITMQ
from tests.journeys.system import SingleMachine, start, start_distributed

Look = Callable[[str], Sequence[Any]]
"""What a query on one reader's database shows now."""

RATE = 50  # completions a second
COUNT = 400
_BARE = "bare-round-trip"
_SEEN = {
    "followups": "SELECT origin_key FROM records WHERE origin = 'reception'",
    "reporting": "SELECT reception_id FROM receptions WHERE state = 'completed'",
}


def figures() -> Iterator[Figure]:
    """Completions at a fixed rate; for each, the time until both readers show it."""
    with tempfile.TemporaryDirectory() as folder:
        system = start(Path(folder) / "data")
        try:
            hall, manager = _everybody_at_work(system)
            busy = _cpu_seconds(system)
            delays = sorted(_delays(partial(_sqlite, system.data), hall, manager))
            busy = _cpu_seconds(system) - busy
        finally:
            system.stop()
    yield _figure("CPU time of one visitor, whole process", busy / COUNT * 1000, 12)
    yield _figure("complete → visible, single machine, p50", statistics.median(delays), 15)
    yield _figure("complete → visible, single machine, p99", delays[int(len(delays) * 0.99)], 30)
    if POSTGRESQL.present and RABBITMQ.present and NGINX.present:
        yield from _distributed()


def _distributed() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o711)  # PostgreSQL's user walks through it
        system = start_distributed(Path(folder) / "data")
        try:
            addresses = json.loads((system.data / "addresses.json").read_text(encoding="utf-8"))
            round_trip = sorted(_round_trips(addresses["bus"]))
            hall, manager = _everybody_at_work(system)
            delays = sorted(_delays(partial(_postgres, addresses["databases"]), hall, manager))
        finally:
            system.stop()
    bare = statistics.median(round_trip), round_trip[int(len(round_trip) * 0.99)]
    yield _figure("complete → visible, distributed, p50", statistics.median(delays), 15, bare[0])
    yield _figure("complete → visible, distributed, p99", delays[int(len(delays) * 0.99)], 60, bare[1])


def _round_trips(bus: str) -> Iterator[float]:
    """Milliseconds from publishing one message to a quorum queue until it is here again."""
    with pika.BlockingConnection(pika.URLParameters(bus)) as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_declare(_BARE, durable=True, arguments={"x-queue-type": "quorum"})
        channel.basic_consume(_BARE, lambda *_: arrived.append(time.perf_counter()), auto_ack=True)
        for _ in range(COUNT):
            arrived: list[float] = []
            began = time.perf_counter()
            channel.basic_publish("", _BARE, b"x" * 1000, pika.BasicProperties(delivery_mode=2))
            while not arrived:
                connection.process_data_events(1)
            yield (arrived[0] - began) * 1000
        channel.queue_delete(_BARE)


def _delays(look: "Callable[[str], AbstractContextManager[Look]]", hall: str, manager: Api) -> Iterator[float]:
    """Milliseconds from each answer to the moment both readers show its reception."""
    answered: dict[str, float] = {}
    watchers = [_Watcher(look(name), query) for name, query in _SEEN.items()]
    with ThreadPoolExecutor(max_workers=5) as doors:
        due = time.perf_counter()
        for _ in range(COUNT):
            time.sleep(max(0.0, due - time.perf_counter()))
            doors.submit(_one_visitor, manager, hall, answered)
            due += 1 / RATE
    seen = [watcher.finish() for watcher in watchers]
    for reception, at in answered.items():
        yield max(0.0, max(one[reception] for one in seen) - at) * 1000


@contextmanager
def _sqlite(data: Path, service: str) -> Iterator[Look]:
    with closing(sqlite3.connect(f"file:{data / service}.db?mode=ro", uri=True)) as database:
        yield lambda query: database.execute(query).fetchall()


@contextmanager
def _postgres(databases: Mapping[str, str], service: str) -> Iterator[Look]:
    with psycopg.connect(databases[service].replace("+psycopg", ""), autocommit=True) as database:
        yield lambda query: database.execute(query).fetchall()


def _cpu_seconds(system: SingleMachine) -> float:
    """What the process has used so far, in user and system mode (proc(5): fields 14 and 15, after the name)."""
    after_name = Path(f"/proc/{system.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


class _Watcher:
    """Notes when each reception first shows in one reader's database."""

    def __init__(self, look: "AbstractContextManager[Look]", query: str) -> None:
        self._look, self._query = look, query
        self._seen: dict[str, float] = {}
        self._deadline = math.inf
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def finish(self) -> dict[str, float]:
        """What was seen: all of it, or what shows within half a minute from now."""
        self._deadline = time.perf_counter() + 30
        self._thread.join()
        return self._seen

    def _watch(self) -> None:
        with self._look as look:
            while len(self._seen) < COUNT and time.perf_counter() < self._deadline:
                rows = look(self._query)
                now = time.perf_counter()
                for (reception,) in rows:
                    self._seen.setdefault(reception, now)
                time.sleep(0.001)


def _everybody_at_work(system: SingleMachine) -> tuple[str, Api]:
    manager = system.as_person("manager")
    hall = manager.get("/api/v1/reception/halls")["items"][0]["hall_id"]
    for number in range(1, 6):
        system.as_person(f"sales{number}").post(f"/api/v1/reception/halls/{hall}/clock-in")
    return hall, manager


def _one_visitor(manager: Api, hall: str, answered: dict[str, float]) -> None:
    reception = manager.post(f"/api/v1/reception/halls/{hall}/arrivals", {"kind": "first_visit"})["reception_id"]
    visitor = {"name": "王小明", "phone": f"139{secrets.randbelow(10**8):08d}"}
    manager.post(f"/api/v1/reception/receptions/{reception}/complete", visitor)
    answered[reception] = time.perf_counter()


def _figure(name: str, milliseconds: float, limit: float, reference: float | None = None) -> Figure:
    return Figure(
        figure=name,
        value=round(milliseconds, 1),
        unit="ms",
        reference=reference and round(reference, 2),
        ratio=reference and round(milliseconds / reference, 2),
        reach=f"≤ {limit:g} ms",
        holds=milliseconds <= limit,
    )
