"""The numbered services as processes that can be killed, and die with the test.

    system.start()                        every part that does not run
    system.kill("announcer-worker")       kill -9; `start` brings it back
    Asking(system.url, book).all_of(range(100))
    system.come_to_rest()                 all that was said has arrived, nothing is on its way, the parts are stopped
    count(book, said(system.announcer), applied(system.reader))

A part's `options` are the arguments of its process (tests.faults.process): to put a line between it and the broker or
its database, change them before it starts. A part may be added, for a second worker of one service.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pika

from chassis.bus import RETRY_DELAYS, EventBus
from chassis.bus.local import LocalBus
from chassis.bus.pending import PendingMailbox
from chassis.bus.rabbitmq import RabbitBus, declare_topology
from chassis.clock import SystemClock
from chassis.database import Database
from chassis.events.backlog import measure
from chassis.events.consuming import Consuming
from deploy.demo.client import eventually
from deploy.distributed.kept import answers, free_port
from tests.faults.count import applied, make_tables, open_sqlite, positions, said
from tests.faults.numbers import READER
from tests.faults.nursery import Child, Nursery

_PATIENCE = 60.0  # seconds


@dataclass
class Part:
    """One process: what it runs, and its options."""

    runs: tuple[str, ...]
    options: dict[str, str]
    process: Child | None = field(default=None)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.running

    def twin(self) -> "Part":
        """The same once more."""
        return Part(self.runs, dict(self.options))

    def arguments(self) -> list[str]:
        return [*self.runs, *(word for name, value in self.options.items() for word in (f"--{name}", value))]


class System(ABC):
    """Processes by name, on databases that the test can look into."""

    announcer: Database
    reader: Database
    parts: dict[str, Part]

    def __init__(self, nursery: Nursery, folder: Path) -> None:
        self.folder = folder
        self._nursery = nursery
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._armed = folder / "armed"

    def start(self, *names: str) -> None:
        """Start these parts, or all, if they do not run; come back when the web answers."""
        for name in names or self.parts:
            part = self.parts[name]
            if not part.running:
                part.process = self._nursery.start(part.arguments(), self.folder / f"{name}.log")
        for name in names or self.parts:
            if port := self.parts[name].options.get("port"):
                self.process(name).wait_until(partial(answers, int(port)), seconds=_PATIENCE)

    def process(self, name: str) -> Child:
        """A part that was started."""
        process = self.parts[name].process
        assert process is not None, f"{name} was not started"
        return process

    def kill(self, name: str) -> None:
        """kill -9 of one part."""
        self.process(name).kill()

    def stop(self, *names: str) -> None:
        """End these parts, or all, in their own orderly way."""
        for name in names or self.parts:
            if self.parts[name].running:
                self.process(name).stop()

    def dies_at(self, name: str, step: str) -> None:
        """Have the part, once started, die at the step whenever it is armed."""
        self.parts[name].options |= {"die-at": step, "armed": str(self._armed)}

    def arm(self) -> None:
        """The next time the step is reached, the process dies."""
        self._armed.touch()

    def until_dead(self, name: str) -> None:
        """Wait until a part has died of itself."""
        assert self.process(name).wait(_PATIENCE), f"{name} lives"

    def until_applied(self) -> None:
        """Wait until every number that stands in the announcer was applied by the reader."""
        eventually(lambda: said(self.announcer) <= applied(self.reader).keys() or None, "all that was said", _PATIENCE)

    def come_to_rest(self) -> None:
        """Wait until all has arrived, and until nothing is on its way that could arrive again; then nothing runs.

        A relay that died with a number published and not marked publishes it again, after the reader applied it.
        """
        self.until_applied()
        eventually(lambda: None not in positions(self.announcer) or None, "every position", _PATIENCE)
        self.stop()
        self._drain()

    def complaints(self) -> str:
        """What the parts have logged: warnings and worse."""
        return "".join((self.folder / f"{name}.log").read_text() for name in self.parts)

    def close(self) -> None:
        self.stop()
        self.announcer.close()
        self.reader.close()

    @abstractmethod
    def bus(self) -> EventBus:
        """An end of the bus for the test itself, to publish what no announcer would. Close it."""

    @abstractmethod
    def _drain(self) -> None:
        """Handle what still waits for the reader."""


class Distributed(System):
    """The announcer's web and worker and the reader's worker, on PostgreSQL and RabbitMQ."""

    def __init__(
        self,
        nursery: Nursery,
        folder: Path,
        new_database: Callable[[], str],
        bus_url: str,
        delays: Sequence[timedelta] = RETRY_DELAYS,
    ) -> None:
        super().__init__(nursery, folder)
        self.bus_url = bus_url
        self._delays = delays
        self.announcer, self.reader = (Database(new_database(), name) for name in ("announcer", "reader"))
        make_tables(self.announcer)
        make_tables(self.reader)
        declare_topology(bus_url, {"announcer": (), "reader": READER.consumers.types}, delays)
        retries = ",".join(f"{delay // timedelta(milliseconds=1)}" for delay in delays)
        self.parts = {
            "announcer-web": Part(("web", "announcer"), {"database": self.announcer.url, "port": str(self.port)}),
            "announcer-worker": Part(("worker", "announcer"), {"database": self.announcer.url, "bus": bus_url}),
            "reader-worker": Part(
                ("worker", "reader"), {"database": self.reader.url, "bus": bus_url, "retries": retries}
            ),
        }

    def bus(self) -> EventBus:
        return RabbitBus(self.bus_url, self._delays, patience=_PATIENCE)

    def consumers(self) -> int:
        """How many take from the reader's queue now."""
        return sum(queue.method.consumer_count for queue in self._queues("reader"))

    def _drain(self) -> None:
        """Whoever held messages is stopped: what is not in the queues now is acknowledged."""
        eventually(lambda: not self._handle_waiting() or None, "empty queues", _PATIENCE)

    def _handle_waiting(self) -> int:
        waiting = self._waiting()
        if waiting:
            with closing(self.bus()) as bus, closing(bus.subscribe("reader", (), self.reader)) as mailbox:
                Consuming(READER.consumers, self.reader, mailbox).step(patience=1)
        return waiting

    def _waiting(self) -> int:
        retries = [f"reader.retry.{delay // timedelta(milliseconds=1)}ms" for delay in self._delays]
        return sum(queue.method.message_count for queue in self._queues("reader", *retries))

    def _queues(self, *names: str) -> list[Any]:
        with closing(pika.BlockingConnection(pika.URLParameters(self.bus_url))) as connection:
            channel = connection.channel()
            return [channel.queue_declare(name, passive=True) for name in names]


class OneProcess(System):
    """Both services in one process, on SQLite and the local bus."""

    def __init__(self, nursery: Nursery, folder: Path, delays: Sequence[timedelta] = RETRY_DELAYS) -> None:
        super().__init__(nursery, folder)
        self._delays = delays
        self.announcer, self.reader = (open_sqlite(folder, name) for name in ("announcer", "reader"))
        retries = ",".join(f"{delay // timedelta(milliseconds=1)}" for delay in delays)
        self.parts = {
            "house": Part(("house",), {"folder": str(folder), "port": str(self.port), "retries": retries}),
        }

    def bus(self) -> EventBus:
        bus = LocalBus(delays=self._delays)
        bus.subscribe("reader", READER.consumers.types, self.reader)
        return bus

    def _drain(self) -> None:
        mailbox = PendingMailbox(self.reader, SystemClock(), self._delays)
        consuming = Consuming(READER.consumers, self.reader, mailbox)
        eventually(lambda: not (measure(self.reader).pending and consuming.step(patience=1)) or None, "rest", _PATIENCE)
