"""Tells open streams that something happened: one thread reads the log once for all of them.

A stream costs a queue and no database connection. The thread is woken by the bell of its process; where the log is
written by another process, it looks every `POLL` seconds. It runs while there is somebody to tell.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from queue import Full, Queue
from threading import Lock, Thread

from sqlalchemy.exc import SQLAlchemyError

from chassis.database import Database
from chassis.identity import Who
from chassis.logs import log
from gateway.feed.bell import BELL, Bell
from gateway.feed.rules import Entry, TooManyStreams
from gateway.feed.views import all_entries, head

POLL = 0.1  # seconds
_WAITING = 200  # entries a stream may lag behind before it is told to look for itself
_AT_ONCE = 500


class Listener:
    """One open stream's mailbox. `overrun` once it lagged too far: then it is closed, and its client comes back.

    With `about` it gets only what names that thing. None in the mail says that it ends.
    """

    def __init__(self, who: Who, about: str | None) -> None:
        self.who = who
        self.about = about
        self.mail: Queue[Entry | None] = Queue(_WAITING)
        self.overrun = False

    def offer(self, entry: Entry) -> None:
        in_reach = self.who.sees_all_branches or entry.branch_id == self.who.branch_id
        if in_reach and entry.is_about(self.about):
            self._put(entry)

    def end(self) -> None:
        self._put(None)

    def _put(self, entry: Entry | None) -> None:
        try:
            self.mail.put_nowait(entry)
        except Full:
            self.overrun = True


class Hub:
    """The open streams of one process, at most `at_most`."""

    def __init__(self, database: Database, at_most: int, bell: Bell = BELL) -> None:
        self._database = database
        self._at_most = at_most
        self._bell = bell
        self._lock = Lock()
        self._listeners: set[Listener] = set()
        self._told = 0
        self._closed = False
        self._thread: Thread | None = None

    @contextmanager
    def listening(self, who: Who, about: str | None = None) -> Iterator[Listener]:
        """A mailbox that gets each entry in reach (that names `about`) from now on; raises TooManyStreams."""
        listener = Listener(who, about)
        self._join(listener)
        try:
            yield listener
        finally:
            with self._lock:
                self._listeners.discard(listener)
            self._bell.ring()  # the thread ends when nobody is left

    def close(self) -> None:
        """End all streams and open no more: a process that stops cannot wait until everybody has gone."""
        with self._lock:
            self._closed = True
            for listener in self._listeners:
                listener.end()

    @property
    def open(self) -> int:
        """How many streams are open."""
        with self._lock:
            return len(self._listeners)

    def _join(self, listener: Listener) -> None:
        with self._lock:
            if self._closed or len(self._listeners) >= self._at_most:
                raise TooManyStreams
            if self._thread is None:
                self._told = self._head()
                self._thread = Thread(target=self._tell, name="event-hub", daemon=True)
                self._thread.start()
            self._listeners.add(listener)

    def _tell(self) -> None:
        while self._anybody():
            heard = self._bell.heard()
            if not self._tell_news():
                self._bell.wait(heard, POLL)

    def _anybody(self) -> bool:
        with self._lock:
            if not self._listeners:
                self._thread = None
            return bool(self._listeners)

    def _tell_news(self) -> bool:
        """Hand out what is new; whether there may be more at once."""
        try:
            news = self._news()
        except SQLAlchemyError as error:  # the streams outlive a database that is restarted
            log().warning("event_hub_cannot_read", error=type(error).__name__)
            return False
        with self._lock:
            listeners = tuple(self._listeners)
        for entry in news:
            for listener in listeners:
                listener.offer(entry)
            self._told = entry.position
        return len(news) == _AT_ONCE

    def _news(self) -> list[Entry]:
        with self._database.read() as tx:
            return all_entries(tx, self._told, _AT_ONCE)

    def _head(self) -> int:
        with self._database.read() as tx:
            return head(tx)
