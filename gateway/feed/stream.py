"""The stream: server-sent events (WHATWG HTML §9.2) that say *that* something happened; who wants to know what asks."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from queue import Empty

from chassis.database import Database
from chassis.identity import Who
from gateway.feed.cursors import Cursors
from gateway.feed.hub import Hub, Listener
from gateway.feed.rules import Entry, announcement
from gateway.feed.views import entries, head

HEARTBEAT = 15.0  # seconds: proxies close what is silent for a minute
_MISSED_AT_MOST = 500
_TOLD_AT_ONCE = 50


@dataclass(frozen=True)
class Watch:
    """Who watches, `about` one thing or (None) all in reach, from `after` a position or (None) from now on."""

    who: Who
    about: str | None = None
    after: int | None = None


def stream(database: Database, hub: Hub, cursors: Cursors, watch: Watch, still: Callable[[], bool]) -> Iterator[str]:
    """What was missed since `watch.after`, then what happens, until `still` says no; raises TooManyStreams.

    Joins before it reads what was missed, and drops what it finds twice: nothing falls between.
    """
    with hub.listening(watch.who, watch.about) as listener:
        with database.read() as tx:
            seen = head(tx) if watch.after is None else watch.after
            missed = [] if watch.after is None else entries(tx, watch.who, watch.after, _MISSED_AT_MOST)
        yield f"retry: 2000\nid: {cursors.seal(seen)}\n\n"
        for entry in missed:
            if entry.is_about(watch.about):
                yield _said(entry, cursors)
        last = missed[-1].position if missed else seen
        if len(missed) == _MISSED_AT_MOST:
            yield f"id: {cursors.seal(last)}\n\n"  # where the client goes on when it comes back
            return
        yield from _live(listener, last, cursors, still)


def _live(listener: Listener, seen: int, cursors: Cursors, still: Callable[[], bool]) -> Iterator[str]:
    asked_at = time.monotonic()
    while not listener.overrun:
        news = _news(listener)
        if None in news:
            return
        said = "".join(_said(entry, cursors) for entry in news if entry and entry.position > seen)
        if said or not news:
            yield said or ": alive\n\n"
        if time.monotonic() - asked_at >= HEARTBEAT:
            asked_at = time.monotonic()
            if not still():
                return


def _news(listener: Listener) -> list[Entry | None]:
    """What has come, all that is there; nothing when nothing came for a heartbeat."""
    news: list[Entry | None] = []
    try:
        news.append(listener.mail.get(timeout=HEARTBEAT))
        while len(news) < _TOLD_AT_ONCE:
            news.append(listener.mail.get_nowait())
    except Empty:
        pass
    return news


def _said(entry: Entry, cursors: Cursors) -> str:
    return f"id: {cursors.seal(entry.position)}\nevent: happened\ndata: {announcement(entry)}\n\n"
