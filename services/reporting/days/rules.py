"""How the totals of a day add up."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date


class DayUnreadable(Exception):
    """What should be a day is none."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Counts:
    """What is counted of a day. Deals are distinct customers, so those of several people may exceed the branch's."""

    arrivals: int = 0
    receptions_completed: int = 0
    turns_used: int = 0
    new_customers: int = 0
    followups: int = 0
    deals: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class Person:
    """Whose work is counted: a staff member; someone known by name only; nobody in particular (both None)."""

    branch_id: str
    staff_id: str | None
    name: str | None


def day_of(text: str) -> date:
    """The day that a path names as YYYY-MM-DD; raises DayUnreadable."""
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise DayUnreadable(text) from error
    if day.isoformat() != text:  # also 20260302 and 2026-W10-1 are ISO 8601, but no address of ours
        raise DayUnreadable(text)
    return day


def add_up(parts: Iterable[tuple[Person, Counts]]) -> dict[Person, Counts]:
    """The counts of each person, from counts taken in several places."""
    total: dict[Person, Counts] = {}
    for person, counts in parts:
        total[person] = total.get(person, Counts()) + counts
    return total
