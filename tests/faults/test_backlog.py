"""A reader that is away or slow holds up nobody: events are published all the same, and wait for it in its queue."""

from deploy.demo.client import eventually
from tests.faults.asking import Asking
from tests.faults.count import Book, positions
from tests.faults.numbers import say
from tests.faults.rest import count_at_rest
from tests.faults.systems import Distributed

_EVENTS = 3000


def test_events_are_published_while_nobody_takes_them(distributed: Distributed) -> None:
    """With the reader stopped thousands of events are published and one more is answered; then each is applied once."""
    asking = Asking(distributed.url, Book())
    distributed.start("announcer-web", "announcer-worker")
    waiting = range(_EVENTS)
    with distributed.announcer.write() as tx:
        for number in waiting:
            say(tx, number)
    asking.book.asked |= set(waiting)
    asking.book.answered |= set(waiting)
    asking.until_answered(_EVENTS)
    eventually(lambda: None not in positions(distributed.announcer) or None, "every event published", 30)
    distributed.start("reader-worker")
    assert count_at_rest(distributed, asking.book).is_clean
