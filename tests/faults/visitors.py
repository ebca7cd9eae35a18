"""Visitors who keep coming while the system is killed: every act carries its idempotency key until it is answered."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from uuid import uuid4

from urllib3 import PoolManager, Retry
from urllib3.exceptions import HTTPError

_PAUSE = 0.05  # seconds before an act that was cut off is asked again


@dataclass
class Act:
    """One call that is repeated, with one key, until it was answered."""

    path: str
    body: dict[str, Any]
    key: str = field(default_factory=lambda: str(uuid4()))


Ask = Callable[[Act], dict[str, Any]]


class Cut(Exception):
    """The system went away before it answered."""


class Visitors:
    """Several doors at once; each brings visitor after visitor: arrives, is received, is registered.

    `away` are the statuses with which a system says that a part of it is away just now: the act is cut off by them.
    Phones are numbered from `first` on.
    """

    def __init__(self, hall: str, doors: int, away: frozenset[int] = frozenset(), first: int = 0) -> None:
        self._hall = hall
        self._away = away
        self._open: list[Act | None] = [None] * doors
        self._numbers = iter(range(first, 10**6))
        self._lock = threading.Lock()
        self._closed = threading.Event()
        self.answered: dict[str, dict[str, Any]] = {}  # phone → the completed reception
        self.cut: set[str] = set()  # the keys of acts that were cut off, and asked again
        self.acts = 0

    def press(self, url: str, headers: dict[str, str], kill: Callable[[], None], after: int) -> None:
        """Let every door work until the system was killed, after `after` more answers, or until `close`."""
        goal = self.acts + after
        killed = threading.Event()

        def counted(acts: int) -> None:
            if acts == goal:
                kill()
                killed.set()

        with ThreadPoolExecutor(len(self._open)) as pool:
            asks = [partial(self._answer, _pool(), url, headers) for _door in self._open]
            doors = [pool.submit(self._door, number, ask, counted, killed) for number, ask in enumerate(asks)]
        for door in doors:
            door.result()

    def close(self) -> None:
        """Let nobody in any more: each door ends after the act at hand."""
        self._closed.set()

    def finish(self, url: str, headers: dict[str, str]) -> None:
        """Ask again for every act that was cut off; then one visitor more, whose events come after all others."""
        ask = partial(self._answer, _pool(), url, headers)
        for opened in [*self._open, self._arrival()]:
            act = opened
            while act:
                act = self._next(act, ask(act))

    def _door(self, number: int, ask: Ask, counted: Callable[[int], None], killed: threading.Event) -> None:
        while not (killed.is_set() or self._closed.is_set()):
            act = self._open[number] or self._arrival()
            self._open[number] = act
            try:
                self._open[number] = self._next(act, ask(act))
            except Cut:
                self.cut.add(act.key)
                killed.wait(_PAUSE)
            else:
                counted(self._counted())

    def _answer(self, pool: PoolManager, url: str, headers: dict[str, str], act: Act) -> dict[str, Any]:
        try:
            answer = pool.request("POST", url + act.path, json=act.body, headers=headers | {"Idempotency-Key": act.key})
        except HTTPError as error:
            raise Cut from error
        if answer.status in self._away:
            raise Cut
        assert answer.status < 300, (answer.status, answer.data.decode())
        content: dict[str, Any] = answer.json()
        return content

    def _next(self, act: Act, answer: dict[str, Any]) -> Act | None:
        """After an arrival its completion; after a completion the next visitor."""
        if "phone" in act.body:
            with self._lock:
                self.answered[act.body["phone"]] = answer
            return None
        with self._lock:
            phone = f"139{next(self._numbers):08d}"
        path = f"/api/v1/reception/receptions/{answer['reception_id']}/complete"
        return Act(path, {"name": "王小明", "phone": phone})

    def _arrival(self) -> Act:
        return Act(f"/api/v1/reception/halls/{self._hall}/arrivals", {"kind": "first_visit"})

    def _counted(self) -> int:
        with self._lock:
            self.acts += 1
            return self.acts


def _pool() -> PoolManager:
    return PoolManager(retries=Retry(0), timeout=20)
