"""What many fault tests begin with, and what every one ends with."""

from collections.abc import Collection

from tests.faults.count import Book, Count, applied, count, positions, said, tables, tables_without_faults
from tests.faults.numbers import say
from tests.faults.systems import System


def say_at_once(system: System, book: Book, numbers: Collection[int]) -> None:
    """A backlog: committed in the announcer in one transaction, and noted as answered."""
    with system.announcer.write() as tx:
        for number in numbers:
            say(tx, number)
    book.asked.update(numbers)
    book.answered.update(numbers)


def count_at_rest(system: System, book: Book) -> Count:
    """The count when nothing is on its way any more.

    Fails when the reader's tables are not those of a run without faults, or the announcer's positions have a gap.
    """
    system.come_to_rest()
    standing = said(system.announcer)
    assert tables(system.reader) == tables_without_faults(standing)
    assert positions(system.announcer) == list(range(1, len(standing) + 1))
    return count(book, standing, applied(system.reader))
