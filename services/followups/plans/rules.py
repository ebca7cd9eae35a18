"""When a customer is due to be contacted next.

Grade A every 7 days, B every 14, C every calendar month, clamped to its end; no grade counts as B. What counts is the
last contact that reached the customer; a day agreed with the customer goes before the rhythm.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum


class Reason(StrEnum):
    """Why a plan says what it says; texts.toml has the words."""

    RHYTHM = "rhythm"
    AGREED = "agreed"
    NO_CONTACT = "no_contact"
    MERGED = "merged"
    INACTIVE = "inactive"
    ERASED = "erased"


@dataclass(frozen=True)
class Rhythm:
    """How long after a contact the next one is due: so many days, or so many calendar months."""

    days: int = 0
    months: int = 0


RHYTHMS: Mapping[str, Rhythm] = {"A": Rhythm(days=7), "B": Rhythm(days=14), "C": Rhythm(months=1)}
WITHOUT_GRADE = "B"


@dataclass(frozen=True)
class Contact:
    """One recorded follow-up, as far as plans look at it. `at` and `key` order contacts of one day."""

    day: date
    at: datetime
    key: str
    effective: bool
    next_contact: date | None
    by: str | None


@dataclass(frozen=True)
class Due:
    """What a plan says: the next due day (None: nothing is due), the contact it follows from, and why."""

    next_due: date | None
    last_contact: date | None
    reason: Reason


def grade_that_counts(grade: str | None) -> str:
    """The grade whose rhythm holds; an unknown grade counts as none."""
    return grade if grade is not None and grade in RHYTHMS else WITHOUT_GRADE


def due_after(grade: str | None, day: date) -> date:
    """The day on which the rhythm of `grade` asks for the next contact after one on `day`."""
    rhythm = RHYTHMS[grade_that_counts(grade)]
    try:
        return months_later(day, rhythm.months) + timedelta(days=rhythm.days)
    except (OverflowError, ValueError):  # a typing error in a sheet, such as the year 9999, must not lose the row
        return date.max


def months_later(day: date, months: int) -> date:
    """The same day of a later month, or that month's last day where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def in_order(contacts: Iterable[Contact]) -> list[Contact]:
    """By day, then as they were recorded: the same whatever order they arrived in."""
    return sorted(contacts, key=lambda one: (one.day, one.at, one.key))


def last_to_follow_up(contacts: Iterable[Contact]) -> str | None:
    """Who followed up last, as far as it is known."""
    return next((contact.by for contact in reversed(in_order(contacts)) if contact.by is not None), None)


def plan(grade: str | None, contacts: Iterable[Contact]) -> Due:
    """What follows from all contacts with a customer.

    A contact that reached nobody moves nothing, but a day that was set by hand on it holds: a person said so.
    """
    due = Due(None, None, Reason.NO_CONTACT)
    for contact in in_order(contacts):
        if contact.effective:
            due = Due(due_after(grade, contact.day), contact.day, Reason.RHYTHM)
        if contact.next_contact is not None:
            due = Due(contact.next_contact, due.last_contact, Reason.AGREED)
    return due


def plan_of_one_gone(reason: Reason) -> Due:
    """The plan of a customer that lives on in another one, is inactive or was erased: nothing is due."""
    return Due(None, None, reason)
