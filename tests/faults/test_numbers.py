"""The ground of the other fault tests: without a fault the count is clean, and a fault of its own shows in it."""

import pytest

from tests.faults.asking import Asking
from tests.faults.count import Book, Count, applied, count, said, tables, tables_without_faults
from tests.faults.systems import System


def test_without_a_fault_everything_is_applied_once(system: System, asking: Asking) -> None:
    """Every number that is answered is applied once, and the tables are those of a run in one process."""
    system.start()
    asking.all_of(range(100))
    system.come_to_rest()
    assert count(asking.book, said(system.announcer), applied(system.reader)) == Count(0, 0, 0, 0)
    assert tables(system.reader) == tables_without_faults(range(100))


@pytest.mark.parametrize(
    ("standing", "reader", "expected"),
    [
        ({1, 2, 3}, {1: 1, 2: 1, 3: 1}, Count(0, 0, 0, 1)),
        ({1, 2, 3}, {1: 1, 3: 1}, Count(1, 0, 0, 1)),
        ({1, 2, 3}, {1: 1, 2: 3, 3: 1}, Count(0, 1, 0, 1)),
        ({1, 2}, {1: 1, 2: 1, 3: 1}, Count(0, 0, 1, 1)),
        ({1, 2}, {1: 1, 2: 1}, Count(0, 0, 0, 0)),
        ({1, 2, 3, 4}, {1: 1, 2: 1, 3: 1, 4: 1}, Count(0, 0, 1, 1)),
    ],
    ids=["recovered", "lost", "twice", "only-at-the-reader", "cut-off", "never-asked-for"],
)
def test_each_kind_of_damage_is_counted(standing: set[int], reader: dict[int, int], expected: Count) -> None:
    """1 and 2 were answered, 3 was cut off by the fault: what is lost, repeated or not asked for shows as such."""
    book = Book(asked={1, 2, 3}, answered={1, 2})
    book.strike({1: 1, 2: 1})
    assert count(book, standing, reader) == expected
