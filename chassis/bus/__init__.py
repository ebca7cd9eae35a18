"""The event bus: two adapters, one set of promises, proved by one contract suite (tests/chassis/bus).

Delivery is at least once and in no promised order. Readers make it once by their inbox, and put it in order by each
subject's sequence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from chassis.database import Database, Transaction

RETRY_DELAYS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10))


class BusDown(Exception):
    """The bus cannot be reached now. Nothing is lost: what was not answered for is still where it came from."""


@dataclass(frozen=True)
class Message:
    """One event on its way: its id, its type (by which subscribers choose) and its JSON text."""

    id: str
    type: str
    body: str


@dataclass(frozen=True)
class Delivery:
    """One event as it arrived. `attempts` counts how often handling it has failed; `tag` is the mailbox's own."""

    body: str
    attempts: int
    tag: int


class Mailbox(Protocol):
    """What has arrived for one service. It belongs to the one thread that takes from it; only `wake` is for others.

    Finish what you took before you take again: what is unfinished may come twice. A delivery that was taken and neither
    acknowledged nor postponed comes again after a crash: nothing is lost between arriving and being handled.
    """

    def take(self, most: int, patience: float) -> list[Delivery]:
        """What is there now, oldest first, at most `most`; it never waits for more.

        Only when nothing is there it waits, up to `patience` seconds or until `wake`. Raises BusDown.
        """
        ...

    def settle(self, tx: Transaction, deliveries: Sequence[Delivery]) -> None:
        """Note in the transaction that handled them that these are done, where the mailbox lies in that database."""
        ...

    def acknowledge(self, deliveries: Sequence[Delivery]) -> None:
        """These, and all that were taken before them, are done: they never come again.

        Called after the commit. A crash in between brings them again.
        """
        ...

    def postpone(self, delivery: Delivery) -> bool:
        """Bring this one again after the delay that its attempts call for, with one attempt more.

        When it returns True that is durable. False, with nothing done, when its attempts are used up. Raises BusDown.
        """
        ...

    def rest(self, seconds: float) -> None:
        """Wait up to `seconds`, or until `wake`, and keep what was taken: nobody else gets it meanwhile."""
        ...

    def wake(self) -> None:
        """End a waiting `take` or `rest` at once; from any thread."""
        ...

    def close(self) -> None:
        """Let go of what was taken and not acknowledged: it comes again."""
        ...


class EventBus(Protocol):
    """Carries events from the service that announces them to every service that subscribes to their type."""

    def publish(self, messages: Sequence[Message]) -> frozenset[str]:
        """Hand events over; answer the ids of those that arrived.

        When it returns, each event whose id is in the answer is durable elsewhere: it outlives this process and this
        database, and reaches each subscriber of its type at least once. An event whose id is missing may have arrived
        at some, or at none (so it is with a type that nobody subscribes to): publish it again. Raises BusDown when
        none could be handed over.
        """
        ...

    def subscribe(self, service: str, types: Sequence[str], database: Database) -> Mailbox:
        """The mailbox of `service`, to which events of `types` (`"#"`: of all types) come from now on."""
        ...

    def describe(self) -> str:
        """What carries the events, with its version where it has one: for health."""
        ...

    def trouble(self) -> str | None:
        """Why events do not pass now, as a code of `[health.<code>]` in texts.toml; None when nothing is in the way.

        It is what the last attempts showed: nobody is asked for it.
        """
        ...

    def close(self) -> None:
        """Let go of connections and threads."""
        ...
