"""When a customer is due next, by example and for all days there are."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.followups.plans.rules import Contact, Due, Reason, due_after, last_to_follow_up, months_later, plan

AT = datetime(2026, 3, 2, tzinfo=UTC)
GRADES = some.sampled_from(["A", "B", "C", None])


def contact(day: date, *, effective: bool = True, agreed: date | None = None, key: str = "1") -> Contact:
    return Contact(day, AT, key, effective, agreed, None)


@pytest.mark.parametrize(
    ("grade", "day", "due"),
    [
        ("A", date(2026, 3, 2), date(2026, 3, 9)),
        ("B", date(2026, 3, 2), date(2026, 3, 16)),
        (None, date(2026, 3, 2), date(2026, 3, 16)),
        ("C", date(2026, 3, 2), date(2026, 4, 2)),
        ("C", date(2026, 1, 31), date(2026, 2, 28)),
        ("C", date(2028, 1, 31), date(2028, 2, 29)),
        ("C", date(2026, 12, 31), date(2027, 1, 31)),
        ("C", date(2026, 8, 31), date(2026, 9, 30)),
    ],
)
def test_rhythm(grade: str | None, day: date, due: date) -> None:
    """A is due after 7 days, B and no grade after 14, C after a calendar month clamped to its end."""
    assert due_after(grade, day) == due


@given(some.dates(max_value=date(9999, 11, 30)))
def test_a_month_is_a_calendar_month(day: date) -> None:
    """A month later is always in the next month: on the same day, or on its last one."""
    later = months_later(day, 1)
    assert later.month == day.month % 12 + 1
    assert later.day == day.day or (later + timedelta(days=1)).day == 1
    assert later.day <= day.day


@given(GRADES, some.dates(), some.dates())
def test_due_days_are_monotonic(grade: str | None, one: date, other: date) -> None:
    """A later contact never makes the next one due earlier, and no contact is due before it happened."""
    earlier, later = sorted([one, other])
    assert earlier <= due_after(grade, earlier) <= due_after(grade, later)


@given(GRADES, some.lists(some.dates(max_value=date(9990, 1, 1)), min_size=1), some.randoms())
def test_the_last_contact_counts(grade: str | None, days: list[date], shuffler: object) -> None:
    """The plan follows from the latest day, in whatever order the contacts are read."""
    contacts = [contact(day, key=str(n)) for n, day in enumerate(days)]
    shuffler.shuffle(contacts)  # type: ignore[attr-defined]
    assert plan(grade, contacts) == Due(due_after(grade, max(days)), max(days), Reason.RHYTHM)


def test_an_unanswered_call_moves_nothing() -> None:
    """The last effective contact counts, whatever was tried in vain after it."""
    tried = contact(date(2026, 3, 5), effective=False, key="2")
    assert plan("A", [contact(date(2026, 3, 2)), tried]).next_due == date(2026, 3, 9)
    assert plan("A", [tried]) == Due(None, None, Reason.NO_CONTACT)


def test_an_agreed_day_goes_before_the_rhythm() -> None:
    """What was agreed at the last contact holds, earlier or later than the rhythm, until the next contact."""
    agreed = contact(date(2026, 3, 2), agreed=date(2026, 5, 1))
    assert plan("A", [agreed]) == Due(date(2026, 5, 1), date(2026, 3, 2), Reason.AGREED)
    assert plan("A", [agreed, contact(date(2026, 3, 4))]).next_due == date(2026, 3, 11)


def test_an_agreed_day_on_a_call_in_vain_holds() -> None:
    """A person who says when to try again is believed, though nobody was reached."""
    tried = contact(date(2026, 3, 5), effective=False, agreed=date(2026, 3, 6), key="2")
    assert plan("B", [contact(date(2026, 3, 2)), tried]) == Due(date(2026, 3, 6), date(2026, 3, 2), Reason.AGREED)


def test_nothing_known_nothing_due() -> None:
    """Without any contact nothing is due, and nobody followed up."""
    assert plan("A", []) == Due(None, None, Reason.NO_CONTACT)
    assert last_to_follow_up([]) is None
