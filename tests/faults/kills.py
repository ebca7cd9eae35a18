"""`./run kills`: kill -9 of a real system at random moments under load, and what came of it.

Visitors arrive, are received and registered at several doors; every call is repeated, with its key, until it is
answered. At the end the customers, the follow-ups and the day's totals must say what was answered: no more, no less.
"""

import argparse
import os
import random
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from deploy.demo.client import Api, NotInTime, eventually
from deploy.demo.company import Account
from tests.faults.count import Count
from tests.faults.totals import IMPORTED, Reads, all_of, everybody_at_work, manager_headers
from tests.faults.visitors import Visitors
from tests.journeys.system import Distributed, start, start_distributed

SEED = 20261124
_REST = 120.0  # seconds that the readers have to come to rest


Answer = Mapping[str, Any]


class System(Protocol):
    """A running system with the demo company that can be killed and comes back; what SingleMachine is."""

    url: str

    def kill(self) -> None:
        """kill -9, of the whole or of a part."""
        ...

    def back(self) -> "System":
        """The same system once it runs again, at the same or another address."""
        ...

    def accounts(self) -> dict[str, Account]: ...

    def as_person(self, username: str, language: str = "zh") -> Api: ...

    def stop(self) -> int: ...


@dataclass(frozen=True)
class Shape:
    """How a system is started on a folder, and with which statuses it says that a part of it is away just now."""

    start: Callable[[Path], System]
    away: frozenset[int]


def _start_distributed(data: Path) -> System:
    """On private servers; each kill hits another of its processes, which its supervisor starts again."""
    data.parent.chmod(0o711)  # PostgreSQL's user walks through it
    return KilledInParts(start_distributed(data), random.Random(SEED))


class KilledInParts:
    """A distributed system of which one process is killed at a time; keeps System."""

    def __init__(self, system: Distributed, choice: random.Random) -> None:
        self._system = system
        self._choice = choice
        self._deaths = self._all_deaths()
        self.url = system.url
        self.accounts, self.as_person, self.stop = system.accounts, system.as_person, system.stop

    def kill(self) -> None:
        """kill -9 of one of our processes; the servers' own faults have tests of their own."""
        parts = self._system.parts()
        name = self._choice.choice([name for name in parts if name not in ("postgresql", "rabbitmq")])
        os.kill(parts[name].pid or 0, signal.SIGKILL)

    def back(self) -> "KilledInParts":
        try:
            eventually(lambda: self._all_run() or None, "every process", _REST)
        except NotInTime as error:
            raise NotInTime(f"{error}; {self._standing()}") from error
        self._deaths = self._all_deaths()
        return self

    def _all_run(self) -> bool:
        """Whether the death was noticed, and all run."""
        return self._all_deaths() > self._deaths and all(
            part.state == "running" for part in self._system.parts().values()
        )

    def _standing(self) -> str:
        parts = self._system.parts().values()
        return ", ".join(f"{part.name} {part.state} ({part.deaths}: {part.last_end})" for part in parts)

    def _all_deaths(self) -> int:
        return sum(part.deaths for part in self._system.parts().values())


SHAPES = {
    "single": Shape(start, frozenset()),
    "distributed": Shape(_start_distributed, frozenset({502, 503, 504})),
}


def kill_at_random(shape: Shape, data: Path, kills: int, seed: int, tell: Callable[[str], object]) -> Count:
    """So many kills, each after 1 to 40 answers more; a word about every fifty."""
    moments = random.Random(seed)
    system = shape.start(data)
    try:
        headers = manager_headers(system)
        visitors = Visitors(everybody_at_work(system), doors=4, away=shape.away)
        for number in range(1, kills + 1):
            visitors.press(system.url, headers, system.kill, after=moments.randint(1, 40))
            system = system.back()
            if number % 50 == 0:
                tell(f"{number} kills: {len(visitors.answered)} visitors registered, {len(visitors.cut)} acts cut off")
        visitors.finish(system.url, headers)
        return _count_at_rest(system.as_person("manager"), visitors)
    finally:
        system.stop()


def _count_at_rest(manager: Api, visitors: Visitors) -> Count:
    """The count as soon as it is clean, or as it stands when the readers had their time."""

    def clean() -> Count | None:
        found = count(manager, visitors.answered, visitors.cut)
        return found if found.is_clean else None

    try:
        return eventually(clean, "a clean count", _REST)[0]
    except NotInTime:
        return count(manager, visitors.answered, visitors.cut)


def count(manager: Reads, answered: Mapping[str, Answer], cut: Set[str]) -> Count:
    """Customers, follow-ups and totals, each against what was answered, summed. `cut`: the acts that were cut off."""
    expected = {answer["customer_id"] for answer in answered.values()}
    gaps = list(_totals_beyond(manager, list(answered.values())))
    readers = [
        Counter(one["customer_id"] for one in all_of(manager, "/api/v1/customers") if one["source"] == "reception"),
        Counter(
            one["customer_id"] for one in all_of(manager, "/api/v1/followups/records") if one["origin"] == "reception"
        ),
    ]
    return Count(
        lost=sum(len(expected - found.keys()) for found in readers) - sum(gap for gap in gaps if gap < 0),
        applied_twice=sum(times > 1 for found in readers for times in found.values())
        + sum(gap for gap in gaps if gap > 0),
        unexpected=sum(len(found.keys() - expected) for found in readers),
        recovered=len(cut),
    )


def _totals_beyond(manager: Reads, answered: Sequence[Answer]) -> Iterator[int]:
    """By how much each total of the reporting is above what was answered; below zero: what it lacks."""
    days = [manager.get(f"/api/v1/reporting/days/{day}") for day in sorted({one["local_day"] for one in answered})]
    surplus = {"receptions_completed": 0, "turns_used": 0, "new_customers": IMPORTED}
    for name, more in surplus.items():
        yield sum(day[name] for day in days) - more - len(answered)


def main() -> int:
    """Answers 0 when the count is clean, 1 otherwise."""
    options = _options()
    with tempfile.TemporaryDirectory(prefix="anchang-kills-") as folder:
        found = kill_at_random(SHAPES[options.shape], Path(folder) / "data", options.kills, options.seed, _say)
    _say(str(found))
    return 0 if found.is_clean else 1


def _say(text: str) -> None:
    print(text, flush=True)  # noqa: T201 - the command's own words


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run kills", description=__doc__)
    parser.add_argument("--kills", type=int, default=200, help="how many (%(default)s)")
    parser.add_argument("--shape", choices=list(SHAPES), default="single", help="which shape (%(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="the same seed, the same moments (%(default)s)")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
