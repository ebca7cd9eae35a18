"""Two of what should be one, and two of what may be many: started by mistake or on purpose, they do what one does."""

from itertools import count as numbers_from

from sqlalchemy import text

from deploy.demo.client import eventually
from deploy.distributed.kept import free_port
from tests.faults.asking import Asking
from tests.faults.count import Book, applied
from tests.faults.rest import count_at_rest, say_at_once
from tests.faults.systems import Distributed, OneProcess

NUMBERS = 50
BACKLOG = 1000
_DEADLOCKS = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")


def test_two_relays_started_by_mistake(distributed: Distributed) -> None:
    """Two announcer's workers on one outbox: each number is applied once, no gap; one's death is borne."""
    distributed.parts["another-announcer-worker"] = distributed.parts["announcer-worker"].twin()
    asking = Asking(distributed.url, Book())
    distributed.start()
    with asking.pressing(numbers_from()) as answers:
        answers(NUMBERS)
        asking.book.strike(applied(distributed.reader))
        distributed.kill("announcer-worker")
        answers(NUMBERS)
    found = count_at_rest(distributed, asking.book)
    assert found.is_clean, found


def test_two_whole_processes_on_the_same_files(one_process: OneProcess) -> None:
    """Two relays and two consumers in two processes on one pair of files, one of which dies: applied once, no gap."""
    another = one_process.parts["house"].twin()
    another.options["port"] = str(free_port())
    one_process.parts["another-house"] = another
    book = Book()
    one_process.start()
    with Asking(f"http://127.0.0.1:{another.options['port']}", book).pressing(numbers_from(NUMBERS)) as answers:
        Asking(one_process.url, book).all_of(range(NUMBERS))
        one_process.kill("house")
        book.strike(applied(one_process.reader))
        answers(NUMBERS)
    found = count_at_rest(one_process, book)
    assert found.is_clean, found


def test_two_readers_on_one_queue(distributed: Distributed) -> None:
    """Two reader's workers share a backlog and reach the tables of one; what one dies with, the other handles."""
    distributed.parts["another-reader-worker"] = distributed.parts["reader-worker"].twin()
    book = Book()
    say_at_once(distributed, book, range(BACKLOG))
    distributed.start("reader-worker", "another-reader-worker")
    eventually(lambda: distributed.consumers() == 2 or None, "two consumers", 60)
    distributed.start()
    distributed.until_applied()
    asking = Asking(distributed.url, book)
    with asking.pressing(numbers_from(BACKLOG)) as answers:
        answers(NUMBERS)
        distributed.kill("reader-worker")
        book.strike(applied(distributed.reader))
        answers(NUMBERS)
    found = count_at_rest(distributed, book)
    assert found.is_clean, found
    with distributed.reader.read() as tx:
        assert tx.execute(_DEADLOCKS).scalar() == 0  # of a batch with one of the other reader
