"""A reader that is away or slow holds up nobody: events are published all the same, and wait for it."""

from contextlib import closing
from pathlib import Path

from chassis.bus.local import LocalBus
from chassis.database import Database
from chassis.runtime import Worker
from deploy.demo.client import eventually
from tests.faults.asking import Asking
from tests.faults.count import Book, applied, count, open_sqlite, positions, said
from tests.faults.numbers import ANNOUNCER, READER, say
from tests.faults.rest import count_at_rest
from tests.faults.systems import Distributed

_EVENTS = 3000


def test_events_are_published_while_nobody_takes_them(distributed: Distributed) -> None:
    """With the reader stopped thousands of events are published and one more is answered; then each is applied once."""
    asking = Asking(distributed.url, Book())
    distributed.start("announcer-web", "announcer-worker")
    _say_all(distributed.announcer, asking.book)
    asking.until_answered(_EVENTS)
    _until_published(distributed.announcer)
    distributed.start("reader-worker")
    assert count_at_rest(distributed, asking.book).is_clean


def test_events_are_delivered_while_nobody_handles_them(tmp_path: Path) -> None:
    """The same in one process: they wait in the reader's file, and each is applied once when it gets to them."""
    book, bus = Book(), LocalBus()
    with closing(open_sqlite(tmp_path, "announcer")) as announcer, closing(open_sqlite(tmp_path, "reader")) as reader:
        publishing, reading = Worker(ANNOUNCER, announcer, bus), Worker(READER, reader, bus)
        publishing.start()
        _say_all(announcer, book)
        _until_published(announcer)
        assert applied(reader) == {}
        reading.start()
        eventually(lambda: len(applied(reader)) == _EVENTS or None, "every number", 120)
        for worker in (publishing, reading):
            worker.stop()
        assert count(book, said(announcer), applied(reader)).is_clean


def _say_all(announcer: Database, book: Book) -> None:
    numbers = range(_EVENTS)
    with announcer.write() as tx:
        for number in numbers:
            say(tx, number)
    book.asked |= set(numbers)
    book.answered |= set(numbers)


def _until_published(announcer: Database) -> None:
    eventually(lambda: None not in positions(announcer) or None, "every event published", 120)
