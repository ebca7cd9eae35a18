"""Which shift runs when, on the branch's wall clock."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.reception.rosters.rules import (
    BadDay,
    BadTime,
    DayIsOver,
    DayPlan,
    HallIsClosed,
    HoursOverlap,
    NotRostered,
    OnShift,
    Roster,
    Shift,
    check_not_over,
    clock,
    day_named,
    hours,
    minutes,
    of_one_day,
    planned,
    shift_at,
    shifts_on,
    swapped,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def running(week: list[Shift], now: datetime) -> OnShift:
    return shift_at(Roster(week), "li", now, now.tzinfo or SHANGHAI, 0)  # type: ignore[arg-type]


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


def test_a_shift_that_ends_when_it_began_lasts_a_day() -> None:
    """09:00 to 09:00 is the clock once round."""
    (round_the_clock,) = shifts_on(Roster([shift(1, "09:00", "09:00")]), date(2026, 3, 2), SHANGHAI)
    assert round_the_clock.ends_at == at("2026-03-03T09:00")


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
    with pytest.raises(BadTime) as refused:
        minutes(text)
    assert refused.value.text == text


def test_a_day_starts_at_its_beginning() -> None:
    """24:00 is the end of a day and cannot be the start of a shift."""
    assert hours("00:00", "24:00") == (0, 1440)
    with pytest.raises(BadTime):
        hours("24:00", "08:00")


def test_times_read_as_they_are_written() -> None:
    """Minutes and text are one to one."""
    for text in ("00:00", "08:30", "23:59", "24:00"):
        assert clock(minutes(text)) == text


MONDAY, TUESDAY = date(2026, 3, 2), date(2026, 3, 3)
WEEK = [shift(1, "09:00", "18:00"), Shift("wu", 1, *hours("13:00", "21:00"))]


def test_who_comes_early_comes_for_the_next_shift() -> None:
    """Within the time that the policy allows ahead, and not before; over midnight too."""
    roster = Roster([*WEEK, shift(2, "00:00", "06:00")])
    assert shift_at(roster, "li", at("2026-03-02T08:30"), SHANGHAI, 1800).starts_at == at("2026-03-02T09:00")
    with pytest.raises(NotRostered):
        shift_at(roster, "li", at("2026-03-02T08:29:59"), SHANGHAI, 1800)
    assert shift_at(roster, "li", at("2026-03-02T23:45"), SHANGHAI, 1800).day == TUESDAY


def test_a_running_shift_goes_before_the_next_one() -> None:
    """Ten minutes before the second shift the first one, still running, is what one comes for."""
    roster = Roster([shift(1, "09:00", "13:00"), shift(1, "13:00", "18:00")])
    assert shift_at(roster, "li", at("2026-03-02T12:50"), SHANGHAI, 1800).starts_at == at("2026-03-02T09:00")


def test_a_day_of_ones_own_replaces_the_week() -> None:
    """Other hours, or a day off, hold on their day for their person alone; None gives the day back to the week."""
    early = DayPlan((hours("07:00", "12:00"),))
    other = Roster(WEEK, {("li", MONDAY): early})
    assert [shift.starts_at for shift in shifts_on(other, MONDAY, SHANGHAI)] == [
        at("2026-03-02T07:00"),
        at("2026-03-02T13:00"),
    ]
    assert [shift.staff_id for shift in shifts_on(other, MONDAY, SHANGHAI)] == ["li", "wu"]
    off = Roster(WEEK, {("li", MONDAY): DayPlan(())})
    assert [shift.staff_id for shift in shifts_on(off, MONDAY, SHANGHAI)] == ["wu"]
    back = Roster(WEEK, {("li", MONDAY): DayPlan(None, at("2026-03-02T12:00"))})
    assert [shift.staff_id for shift in shifts_on(back, MONDAY, SHANGHAI)] == ["li", "wu"]
    assert planned(other, "li", MONDAY) == early.hours
    assert planned(back, "li", MONDAY) == (hours("09:00", "18:00"),)


def test_on_a_closed_day_nobody_is_rostered() -> None:
    """Neither the week nor a day of one's own holds; a night shift that began the day before goes on."""
    roster = Roster([*WEEK, shift(7, "22:00", "06:00")], {("li", MONDAY): DayPlan((hours("07:00", "12:00"),))})
    closed = Roster(roster.week, roster.days, frozenset({MONDAY}))
    assert shifts_on(closed, MONDAY, SHANGHAI) == []
    assert shift_at(closed, "li", at("2026-03-02T05:00"), SHANGHAI, 0).day == date(2026, 3, 1)
    with pytest.raises(HallIsClosed) as refused:
        shift_at(closed, "li", at("2026-03-02T06:30").astimezone(UTC), SHANGHAI, 0)
    assert refused.value.day == MONDAY


def test_a_day_that_was_opened_again_binds_what_begins_from_then_on() -> None:
    """Closed by mistake until ten: the shift of nine makes nobody late, that of one does."""
    opened = Roster(WEEK, opened={MONDAY: at("2026-03-02T10:00")})
    assert [shift.binds for shift in shifts_on(opened, MONDAY, SHANGHAI)] == [False, True]


def test_a_shift_binds_who_could_know_of_it() -> None:
    """What was rostered when it had begun makes nobody late; at its very start it binds."""
    since = [Shift("li", 1, *hours("09:00", "18:00"), at(f"2026-03-02T09:00:0{second}")) for second in (0, 1)]
    assert [shifts_on(Roster([one]), MONDAY, SHANGHAI)[0].binds for one in since] == [True, False]
    late_plan = Roster([since[0]], {("li", MONDAY): DayPlan(None, at("2026-03-02T09:30"))})
    assert not shifts_on(late_plan, MONDAY, SHANGHAI)[0].binds


def test_an_hour_that_is_not_there_or_twice_counts_late() -> None:
    """Where clocks change, a shift begins at the later of the instants that its hour may mean."""
    berlin = ZoneInfo("Europe/Berlin")
    night = Roster([shift(7, "02:30", "10:00")])
    (spring,) = shifts_on(night, date(2026, 3, 29), berlin)
    assert spring.starts_at == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    (autumn,) = shifts_on(night, date(2026, 10, 25), berlin)
    assert autumn.starts_at == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_two_who_swap_on_one_day_change_their_hours() -> None:
    """Each works the other's hours of that day."""
    early, late = (hours("09:00", "18:00"),), (hours("13:00", "21:00"),)
    assert swapped((early, ()), (late, ()), same_day=True) == ((late, late), (early, early))


def test_two_who_swap_days_work_each_others() -> None:
    """Whoever gives a shift away is off, and works the other's beside their own; two at once are refused."""
    early, late = (hours("09:00", "13:00"),), (hours("13:00", "21:00"),)
    assert swapped((early, ()), ((), late), same_day=False) == (((), late), (early, ()))
    assert swapped((early, early), (late, late), same_day=False) == (((), (*early, *late)), ((*early, *late), ()))
    with pytest.raises(HoursOverlap):
        swapped((early, early), (early, early), same_day=False)


def test_shifts_of_a_day_do_not_overlap() -> None:
    """One may end when the next begins; a night shift reaches into the next day."""
    assert of_one_day([hours("13:00", "18:00"), hours("09:00", "13:00")]) == ((540, 780), (780, 1080))
    for second in (hours("12:59", "14:00"), hours("09:00", "09:30"), hours("09:00", "13:00")):
        with pytest.raises(HoursOverlap):
            of_one_day([hours("09:00", "13:00"), second])
    with pytest.raises(HoursOverlap):
        of_one_day([hours("22:00", "06:00"), hours("23:00", "24:00")])


def test_only_days_are_days() -> None:
    """A day reads YYYY-MM-DD and stands in the calendar."""
    assert day_named("2026-03-02") == MONDAY
    for text in ("2026-02-30", "20260302", "2026-W10-1", "today", ""):
        with pytest.raises(BadDay) as refused:
            day_named(text)
        assert refused.value.text == text


def test_yesterday_is_not_rostered_anew() -> None:
    """Today and later may change, what is over does not."""
    check_not_over(MONDAY, MONDAY)
    with pytest.raises(DayIsOver) as refused:
        check_not_over(MONDAY, TUESDAY)
    assert refused.value.day == MONDAY
