"""Dying at an exact step: real adapters of the ports, each of which kills its own process where it is told to.

web: `before-commit`, `before-answer` (committed, not answered). relay: `before-publish`, `before-durable` (on the local
bus alone: published into the reader's file, not committed there), `before-marking` (durable at the bus, not marked).
consumer: `in-handler`, `before-inbox` (all handled, not committed), `before-ack` (committed, not acknowledged).
"""

import os
import signal
from collections.abc import Iterable, Sequence
from pathlib import Path
from threading import current_thread
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from chassis.bus import EventBus, Mailbox, Message
from chassis.database import Database, Transaction
from chassis.events import Received
from chassis.service import Service
from tests.faults.numbers import NumberSaid, apply, reader

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class Step:
    """Kills this process, as a power cut would, at the step `name`, if the file `armed` is there: once per arming."""

    def __init__(self, name: str | None, armed: Path | None) -> None:
        self._name = name
        self._armed = armed

    def reached(self, name: str) -> None:
        if self._armed is None or name != self._name or not self._armed.exists():
            return
        self._armed.unlink()
        os.kill(os.getpid(), signal.SIGKILL)


class DyingBus:
    """A bus that dies before it publishes, or when what it published is durable and nobody knows yet."""

    def __init__(self, bus: EventBus, step: Step) -> None:
        self._bus = bus
        self._step = step

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        self._step.reached("before-publish")
        durable = self._bus.publish(messages)
        self._step.reached("before-marking")
        return durable

    def subscribe(self, service: str, types: Sequence[str], database: Database) -> Mailbox:
        return self._bus.subscribe(service, types, database)

    def describe(self) -> str:
        return self._bus.describe()

    def trouble(self) -> str | None:
        return self._bus.trouble()

    def close(self) -> None:
        self._bus.close()


def dying_commits(database: Database, step: Step) -> None:
    """Die with a commit about to be made; whose it is, the thread says."""

    def about_to_commit(_connection: Any) -> None:
        at = (database.service, current_thread().name)
        if at == ("reader", "announcer-relay"):
            step.reached("before-durable")
        elif at == ("reader", "reader-consumer"):
            step.reached("before-inbox")
        elif at[0] == "announcer" and not at[1].startswith("announcer-"):
            step.reached("before-commit")

    event.listen(database.engine, "commit", about_to_commit)


def dying_reader(step: Step) -> Service:
    """The reader, which dies with a number applied and not committed, or committed and not acknowledged."""

    def apply_and_die(tx: Transaction, heard: Received[NumberSaid]) -> None:
        apply(tx, heard)
        step.reached("in-handler")
        tx.after_commit(lambda: step.reached("before-ack"))

    return reader(apply_and_die)


def dying_web(application: "WSGIApplication", step: Step) -> "WSGIApplication":
    """The application, which dies with its answer made and not sent."""

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        body = application(environ, start_response)
        if environ["REQUEST_METHOD"] == "POST":
            step.reached("before-answer")
        return body

    return answer
