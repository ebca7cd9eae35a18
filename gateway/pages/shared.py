"""Asking once for many: when a hall changes, all its boards come in the same moment and want the same."""

import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Event, Lock

from gateway.pages.inside import Reply

_KEPT_AT_MOST = 1000


@dataclass
class _Asking:
    """One question on its way, and what came of it."""

    done: Event = field(default_factory=Event)
    reply: Reply | None = None


class Shared:
    """Replies that several get together. Nobody gets one that was asked for before they came, unless by `lately`.

    Who comes while a question is on its way waits for the next, together with all who come meanwhile. A key says
    everything that a reply depends on.
    """

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic = monotonic
        self._lock = Lock()
        self._next: dict[Hashable, _Asking] = {}
        self._under_way: dict[Hashable, _Asking] = {}
        self._lately: dict[Hashable, tuple[float, Reply]] = {}

    def now(self, key: Hashable, ask: Callable[[], Reply]) -> Reply:
        """The reply as of now or later."""
        with self._lock:
            waited_for = self._next.get(key)
            if waited_for is None:
                mine = self._next[key] = _Asking()
                before = self._under_way.get(key)
        if waited_for is not None:
            waited_for.done.wait()
            return waited_for.reply or ask()
        if before is not None:
            before.done.wait()
        return self._asked(key, mine, ask)

    def lately(self, key: Hashable, seconds: float, ask: Callable[[], Reply]) -> Reply:
        """The reply as of now, or of at most so many seconds ago."""
        told = self._lately.get(key)
        if told is not None and self._monotonic() < told[0]:
            return told[1]
        reply = self.now(key, ask)
        with self._lock:
            if len(self._lately) >= _KEPT_AT_MOST:
                self._lately.clear()
            self._lately[key] = self._monotonic() + seconds, reply
        return reply

    def _asked(self, key: Hashable, mine: _Asking, ask: Callable[[], Reply]) -> Reply:
        with self._lock:
            del self._next[key]
            self._under_way[key] = mine
        try:
            mine.reply = ask()
            return mine.reply
        finally:
            with self._lock:
                if self._under_way.get(key) is mine:
                    del self._under_way[key]
            mine.done.set()
