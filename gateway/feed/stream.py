"""The stream: server-sent events (WHATWG HTML §9.2) that say *that* something happened; who wants to know what asks."""

import time
from collections.abc import Callable, Iterator
from queue import Empty

from chassis.database import Database
from chassis.identity import Who
from gateway.feed.cursors import Cursors
from gateway.feed.hub import Hub, Listener
from gateway.feed.rules import Entry, announcement
from gateway.feed.views import entries, head

HEARTBEAT = 15.0  # seconds: proxies close what is silent for a minute
_MISSED_AT_MOST = 500


def stream(
    database: Database, hub: Hub, cursors: Cursors, who: Who, after: int | None, still: Callable[[], bool]
) -> Iterator[str]:
    """What was missed since `after` (None: nothing), then what happens, until `still` says no; raises TooManyStreams.

    Joins before it reads what was missed, and drops what it finds twice: nothing falls between.
    """
    with hub.listening(who) as listener:
        with database.read() as tx:
            seen = head(tx) if after is None else after
            missed = [] if after is None else entries(tx, who, after, _MISSED_AT_MOST)
        yield f"retry: 2000\nid: {cursors.seal(seen)}\n\n"
        for entry in missed:
            yield _said(entry, cursors)
        if len(missed) == _MISSED_AT_MOST:
            return  # the client comes back with the last id
        yield from _live(listener, missed[-1].position if missed else seen, cursors, still)


def _live(listener: Listener, seen: int, cursors: Cursors, still: Callable[[], bool]) -> Iterator[str]:
    asked_at = time.monotonic()
    while not listener.overrun:
        try:
            entry = listener.mail.get(timeout=HEARTBEAT)
        except Empty:
            yield ": alive\n\n"
        else:
            if entry is None:
                return
            if entry.position > seen:
                yield _said(entry, cursors)
        if time.monotonic() - asked_at >= HEARTBEAT:
            asked_at = time.monotonic()
            if not still():
                return


def _said(entry: Entry, cursors: Cursors) -> str:
    return f"id: {cursors.seal(entry.position)}\nevent: happened\ndata: {announcement(entry)}\n\n"
