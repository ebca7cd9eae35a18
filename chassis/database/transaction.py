"""What an action holds while it works: one open transaction and the facts of the moment."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, CursorResult, Executable, RootTransaction

from chassis.clock import Clock
from chassis.database.at_once import at_once
from chassis.database.many_rows import MANY, insert_rows
from chassis.ids import Ids


@dataclass
class Transaction:
    """One open database transaction of one service, opened and closed at the edge and passed on as an argument."""

    connection: Connection
    service: str
    clock: Clock
    ids: Ids
    traceparent: str | None = None
    wake_relay: Callable[[], None] = lambda: None
    wake_jobs: Callable[[], None] = lambda: None
    held: set[str] = field(default_factory=set)
    """Names of the locks that it holds until its end, for who would otherwise take one again."""
    _after_commit: list[Callable[[], None]] = field(default_factory=list)
    _as_of: datetime | None = None
    _later: dict[Executable, list[Mapping[str, Any]]] = field(default_factory=dict)
    _at_commit: set[Executable] = field(default_factory=set)

    def execute(
        self, statement: Executable, parameters: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    ) -> CursorResult[*tuple[Any, ...]]:
        """Run one statement inside this transaction."""
        if self._later:
            self.flush()
        return self.connection.execute(statement, parameters)

    def execute_later(self, statement: Executable, values: Mapping[str, Any] | None = None) -> None:
        """Run the statement before the next `execute`, or at the end: what is left for later costs one trip together.

        Statements run in the order in which each was first left, all runs of one statement together, in theirs.
        """
        self._later.setdefault(statement, []).append(values or {})

    def execute_at_commit(self, statement: Executable) -> None:
        """Run the statement in the trip of the commit, once however often it is asked for."""
        self._at_commit.add(statement)

    def flush(self) -> None:
        """Run what was left for later."""
        if len(self._later) < 2 or self._has_many():
            self._run_later()
            return
        with at_once(self.connection):
            self._run_later()

    def commit(self, begun: RootTransaction) -> None:
        """For the edge that opened the transaction: run what was left for later and commit, in one trip."""
        for statement in self._at_commit:
            self.execute_later(statement)
        if self._has_many():
            self._run_later()
        if not self._later:
            begun.commit()
            return
        with at_once(self.connection):
            self._run_later()
            begun.commit()

    def _run_later(self) -> None:
        later, self._later = self._later, {}
        for statement, rows in later.items():
            if not insert_rows(self.connection, statement, rows):
                self.connection.execute(statement, rows)

    def _has_many(self) -> bool:
        """Whether a trip more is nothing beside what is to be written."""
        return any(len(rows) >= MANY for rows in self._later.values())

    def now(self) -> datetime:
        """When what is being done happens: the present instant, but inside `as_of`."""
        return self._as_of or self.clock.now()

    def recorded_at(self) -> datetime:
        """When it is written down: never anything but the present instant."""
        return self.clock.now()

    @contextmanager
    def as_of(self, instant: datetime) -> Iterator[None]:
        """What is done in the block happened at this instant (aware) and is only now written down."""
        before, self._as_of = self._as_of, instant
        try:
            yield
        finally:
            self._as_of = before

    @contextmanager
    def attempt(self) -> Iterator[None]:
        """What the block does is undone when it raises, and the transaction goes on without it."""
        self.flush()
        expected = len(self._after_commit)
        try:
            with self.connection.begin_nested():
                yield
                self.flush()
        except BaseException:
            self._later.clear()
            del self._after_commit[expected:]
            raise

    def new_id(self) -> str:
        return self.ids.new()

    def after_commit(self, do: Callable[[], None]) -> None:
        """Call `do` once the transaction is durable; never if it is rolled back."""
        self._after_commit.append(do)

    def outbox_written(self) -> None:
        """Wake the relay after the commit, once."""
        if self.wake_relay not in self._after_commit:
            self.after_commit(self.wake_relay)

    def committed(self) -> None:
        """For the edge that opened the transaction: run what was left for after the commit."""
        for do in self._after_commit:
            do()
