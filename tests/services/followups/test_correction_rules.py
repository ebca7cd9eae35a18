"""What may be corrected of a deal, and who decides, by the rules alone."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.followups.corrections.rules import (
    CorrectionDecided,
    NothingToCorrect,
    NotSignedYet,
    Signing,
    SomebodyElseSigns,
    State,
    check_may_decide,
    wanted,
)

ZONE = ZoneInfo("Asia/Shanghai")
NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=ZONE)
_DAYS = some.dates(dt.date(2026, 2, 1), dt.date(2026, 3, 1))
_HOURS = some.none() | some.times()
_CENTS = some.none() | some.integers(0, 10**15)
_SIGNINGS = some.builds(Signing, _DAYS, _HOURS, _CENTS)


@given(_SIGNINGS, some.none() | _DAYS, _HOURS, _CENTS)
def test_what_is_not_said_stays(before: Signing, day: dt.date | None, hour: dt.time | None, amount: int | None) -> None:
    """Each of day, hour and amount is as said, or as it stood; a correction that changes nothing is none."""
    said = Signing(day or before.deal_date, hour or before.signed_time, before.amount if amount is None else amount)
    if said == before:
        with pytest.raises(NothingToCorrect):
            wanted(before, day, hour, amount, NOW, ZONE)
    else:
        assert wanted(before, day, hour, amount, NOW, ZONE) == said


def test_a_deal_is_signed_before_it_is_corrected() -> None:
    """The very minute may be said, the next one not; the branch's own clock counts."""
    before = Signing(dt.date(2026, 3, 1), None, 1)
    assert wanted(before, NOW.date(), dt.time(9, 0), None, NOW, ZONE).signed_time == dt.time(9, 0)
    for zone, hour in ((ZONE, dt.time(9, 1)), (ZoneInfo("Asia/Urumqi"), dt.time(7, 1))):
        with pytest.raises(NotSignedYet):
            wanted(before, NOW.date(), hour, None, NOW, zone)


def test_somebody_else_decides_once() -> None:
    """Not who asked, and not what was decided."""
    check_may_decide(State.ASKED, "li", "boss")
    with pytest.raises(SomebodyElseSigns):
        check_may_decide(State.ASKED, "li", "li")
    for state in (State.SIGNED, State.REFUSED):
        with pytest.raises(CorrectionDecided):
            check_may_decide(state, "li", "boss")
