"""What runs behind a service's web: its relay, its consumer and its jobs, each in a thread of its own."""

from collections.abc import Sequence
from threading import Event

from chassis.bus import EventBus, Mailbox
from chassis.bus.pending import PendingMailbox
from chassis.clock import Clock, SystemClock
from chassis.database import Database
from chassis.events.backlog import Backlog, measure
from chassis.events.consuming import Consuming
from chassis.events.forgetting import FORGET_PERSONAL
from chassis.events.relay import Swept, relay_of
from chassis.events.wake import listen
from chassis.jobs import JobLoop
from chassis.jobs.estimates import KEEP_ESTIMATES
from chassis.loops import Loop
from chassis.metrics import Metrics
from chassis.service import Service
from chassis.web.chores import FORGET_KEPT_ANSWERS

_CHORES = (FORGET_KEPT_ANSWERS, FORGET_PERSONAL, KEEP_ESTIMATES)
_PATIENCE = 1.0  # seconds between looks when no signal comes


class Worker:
    """The events and jobs of one service.

    Make the workers of all services of a process before you start the first: making one is what subscribes it, and
    the local bus reaches only who has subscribed. Hand in the Database that the process's web uses too, if it has one:
    its commits then wake the relay without a detour. `clock` is the machine's; the business's is the database's.
    """

    def __init__(self, service: Service, database: Database, bus: EventBus, clock: Clock | None = None) -> None:
        clock = clock or SystemClock()
        self._service = service
        self._database = database
        self._relay = relay_of(database, bus, clock)
        self._recorded = Event()
        database.wake_relay = self._recorded.set
        mailbox = bus.subscribe(service.name, service.consumers.types, database)
        self._mailboxes: list[Mailbox] = [mailbox]
        if not isinstance(mailbox, PendingMailbox):  # dead letters that are tried again come through the database
            self._mailboxes.append(PendingMailbox(database, clock))
        self._consuming = [Consuming(service.consumers, database, mailbox, clock) for mailbox in self._mailboxes]
        self._jobs = JobLoop(database, (*service.jobs, *_CHORES), clock)
        self._loops = [self._relaying(), *self._listening(), *self._receiving(), *self._working()]

    def start(self) -> None:
        """Start the threads: after any fork, for connections are opened in them."""
        self._recorded.set()
        for loop in self._loops:
            loop.start()

    def stop(self) -> None:
        """End each thread after what it has at hand, and let go of connections; nothing is lost by it."""
        for loop in self._loops:
            loop.stopping.set()
        for loop in self._loops:
            loop.stop()
        for mailbox in self._mailboxes:
            mailbox.close()

    def backlog(self) -> Backlog:
        """What waits now."""
        return measure(self._database)

    def stopped(self) -> tuple[str, ...]:
        """Names of threads that should run and do not: empty in health."""
        return tuple(loop.name for loop in self._loops if not loop.is_running)

    def round(self) -> int:
        """One round of everything in the caller's thread; answers how many events and jobs it moved. For tests."""
        received = sum(consuming.step(patience=0) for consuming in self._consuming)
        return self._sweep().published + received + self._jobs.run_due()

    def _sweep(self) -> Swept:
        swept = self._relay.sweep()
        Metrics.of_process().published(self._database.service, swept.published)
        return swept

    def _relay_step(self) -> None:
        self._recorded.wait(_PATIENCE)
        self._recorded.clear()  # before looking: what commits after the look sets it again
        self._sweep()

    def _relaying(self) -> Loop:
        return Loop(f"{self._service.name}-relay", self._relay_step, self._recorded.set)

    def _listening(self) -> list[Loop]:
        if self._database.is_sqlite:  # nobody else writes the file: the signal of this process is enough
            return []
        stopping = Event()
        name = f"{self._service.name}-listener"
        return [Loop(name, lambda: listen(self._database.url, self._recorded.set, stopping), stopping.set)]

    def _receiving(self) -> list[Loop]:
        names = ("consumer", "second-consumer")
        parts = zip(names, self._consuming, self._mailboxes, strict=False)
        return [self._receiving_from(name, consuming, mailbox) for name, consuming, mailbox in parts]

    def _receiving_from(self, name: str, consuming: Consuming, mailbox: Mailbox) -> Loop:
        name = f"{self._service.name}-{name}"
        return Loop(name, lambda: consuming.step(_PATIENCE), mailbox.wake, consuming.rest)

    def _working(self) -> list[Loop]:
        return [Loop(f"{self._service.name}-jobs", self._jobs.run, self._jobs.stop)]


def settle(workers: Sequence[Worker], rounds: int = 1000) -> None:
    """Run workers that are not started, in the caller's thread, until none of them has anything to do.

    Raises RuntimeError after `rounds` rounds: then some event answers another for ever.
    """
    for _round in range(rounds):
        if not sum(worker.round() for worker in workers):
            return
    raise RuntimeError("the workers do not come to rest")
