"""Which shift runs when, on the branch's wall clock."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.reception.attendance.rules import BadTime, NotRostered, Shift, clock, hours, minutes, running

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def shift(weekday: int, starts: str, ends: str) -> Shift:
    return Shift("li", weekday, *hours(starts, ends))


def test_a_shift_runs_from_its_start_to_its_end() -> None:
    """The start counts, the end does not."""
    monday = [shift(1, "09:00", "18:00")]
    assert running(monday, at("2026-03-02T09:00")).day == date(2026, 3, 2)
    assert running(monday, at("2026-03-02T17:59:59")).starts_at == at("2026-03-02T09:00")
    for outside in ("2026-03-02T08:59:59", "2026-03-02T18:00", "2026-03-03T10:00"):
        with pytest.raises(NotRostered):
            running(monday, at(outside))


def test_a_whole_day() -> None:
    """00:00 to 24:00 is every minute of its day and none of the next."""
    monday = [shift(1, "00:00", "24:00")]
    assert running(monday, at("2026-03-02T00:00")).day == date(2026, 3, 2)
    assert running(monday, at("2026-03-02T23:59:59")).day == date(2026, 3, 2)
    with pytest.raises(NotRostered):
        running(monday, at("2026-03-03T00:00"))


def test_a_shift_over_midnight_belongs_to_the_day_it_began() -> None:
    """At three in the night of Tuesday, Monday's shift runs."""
    sunday_too = [shift(1, "22:00", "06:00")]
    assert running(sunday_too, at("2026-03-03T03:00")).day == date(2026, 3, 2)
    with pytest.raises(NotRostered):
        running(sunday_too, at("2026-03-02T03:00"))


def test_of_two_shifts_the_one_that_began_last_runs() -> None:
    """Where Monday's night and Tuesday's early shift overlap, the early one counts."""
    both = [shift(1, "22:00", "08:00"), shift(2, "06:00", "14:00")]
    assert running(both, at("2026-03-03T07:00")).starts_at == at("2026-03-03T06:00")


def test_shifts_follow_the_wall_clock_when_clocks_change() -> None:
    """In the night that Berlin's clocks go forward, a shift to 06:00 ends at six on the wall."""
    berlin = ZoneInfo("Europe/Berlin")
    saturday = [shift(6, "22:00", "06:00")]
    assert running(saturday, at("2026-03-29T05:30", berlin)).day == date(2026, 3, 28)
    with pytest.raises(NotRostered):
        running(saturday, at("2026-03-29T06:00", berlin))


@pytest.mark.parametrize("text", ["", "9:00", "25:00", "24:01", "09:60", "0900", "09:00:00", "noon"])
def test_only_times_are_times(text: str) -> None:
    """A time reads HH:MM, and 24:00 is the last one."""
    with pytest.raises(BadTime):
        minutes(text)


def test_a_day_starts_at_its_beginning() -> None:
    """24:00 is the end of a day and cannot be the start of a shift."""
    assert hours("00:00", "24:00") == (0, 1440)
    with pytest.raises(BadTime):
        hours("24:00", "08:00")


def test_times_read_as_they_are_written() -> None:
    """Minutes and text are one to one."""
    for text in ("00:00", "08:30", "23:59", "24:00"):
        assert clock(minutes(text)) == text
