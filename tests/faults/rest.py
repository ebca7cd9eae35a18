"""What every fault test ends with."""

from tests.faults.count import Book, Count, applied, count, positions, said, tables, tables_without_faults
from tests.faults.systems import System


def count_at_rest(system: System, book: Book) -> Count:
    """The count when nothing is on its way any more.

    Fails when the reader's tables are not those of a run without faults, or the announcer's positions have a gap.
    """
    system.come_to_rest()
    standing = said(system.announcer)
    assert tables(system.reader) == tables_without_faults(standing)
    assert positions(system.announcer) == list(range(1, len(standing) + 1))
    return count(book, standing, applied(system.reader))
