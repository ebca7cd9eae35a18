"""A hall replayed from its register, against a plain model that lived the days."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from services.reception.history.rules import Doing, Entry, HallThen, replayed_at
from services.reception.policy.rules import BUILT_IN
from services.reception.rotation.rules import Place
from tests.services.reception.synthetic_days import EVERYBODY_CAME, STEPS, Days
from tests.services.synthetic import NOW


def replayed(days: Days) -> HallThen:
    return replayed_at(one.entry for one in days.told)


@settings(max_examples=50, deadline=None)
@given(STEPS)
def test_after_every_step_the_register_tells_the_hall(steps: list[Any]) -> None:
    """Order, duties, who serves whom and who waits: replayed to any moment they are what they were in the model."""
    days = Days(BUILT_IN).open()
    for name, *arguments in [*EVERYBODY_CAME, *steps]:
        getattr(days, name)(*arguments)
        then, visits = replayed(days), days.visits.values()
        serving = {one.server_id: one.key for one in visits if one.state in ("assigned", "greeted")}
        waits = sorted((one.arrived_at, one.key) for one in visits if one.state == "waiting")
        assert list(then.order) == days.order
        assert (set(then.doing.on_duty), then.doing.serving) == (days.on_duty, serving)
        assert list(then.doing.waiting) == [key for _at, key in waits]
        assert then.line == [Place(one, one in days.on_duty, one in serving, one in days.away) for one in days.order]


def told(*found: tuple[str, dict[str, Any]]) -> HallThen:
    return replayed_at(Entry(n, NOW, kind, body) for n, (kind, body) in enumerate(found, start=1))


CAME = ("attendance.clocked_in", {"staff_id": "li", "clocked_in_at": NOW.isoformat()})
WENT = ("attendance.clocked_out", {"staff_id": "li"})
OUT = {"staff_id": "li", "since": (NOW + timedelta(minutes=1)).isoformat(), "ended_at": None}


def test_who_came_is_on_duty_since_then() -> None:
    """From the clock-in to the clock-out."""
    assert told(CAME).doing == Doing(on_duty={"li": NOW})
    assert told(CAME, WENT).doing == Doing()


def test_who_stepped_out_is_away_since_then() -> None:
    """Asked for is not out; back is not out; clocking off, and coming on duty again, ends it."""
    asked, back = OUT | {"since": None}, OUT | {"ended_at": NOW.isoformat()}
    away = {"li": NOW + timedelta(minutes=1)}
    assert told(CAME, ("step_out.asked", asked)).doing.away == {}
    assert told(CAME, ("step_out.left", OUT)).doing.away == away
    assert told(CAME, ("step_out.left", OUT), ("step_out.overstayed", OUT)).doing.away == away
    assert told(CAME, ("step_out.left", OUT), ("step_out.ended", back)).doing.away == {}
    assert told(CAME, ("step_out.left", OUT), WENT).doing == Doing()
    assert told(CAME, ("step_out.left", OUT), CAME).doing == Doing(on_duty={"li": NOW})


def test_a_corrected_entry_of_the_line_is_left_out() -> None:
    """From the correction on, the line is as if what it corrects had not happened."""
    joined = [("line", {"cause": "joined", "staff_id": one}) for one in ("li", "wu", "zhao")]
    used = ("line", {"cause": "turn_used", "staff_id": "li"})
    assert told(*joined, used).order == ("wu", "zhao", "li")
    assert told(*joined, used, ("line", {"cause": "corrected", "voids": 4})).order == ("li", "wu", "zhao")


def test_not_every_word_about_a_reception_tells_how_it_stands() -> None:
    """A tap that came too late is evidence, and leaves the reception as it is."""
    open_one = {"reception_id": "1", "state": "waiting", "server_id": None, "arrived_at": NOW.isoformat()}
    then = told(("reception.opened", open_one), ("reception.greeted_late", {"by": "li", "server_id": "li"}))
    assert then.doing.waiting == ("1",)
    assert then.doing.receptions["1"].arrived_at == NOW


def test_where_somebody_is_named_and_nobody_serves() -> None:
    """A reception that was passed on waits, whoever was called for it."""
    served = {"reception_id": "1", "state": "assigned", "server_id": "li", "arrived_at": NOW.isoformat()}
    waits = served | {"state": "waiting"}
    then = told(("reception.assigned", served), ("reception.passed_on", waits))
    assert (then.doing.serving, then.doing.receptions["1"].server_id) == ({}, None)
    assert told(("reception.assigned", served), ("reception.closed", served | {"state": "closed"})).doing == Doing()


_BODIES = st.dictionaries(st.sampled_from(["staff_id", "reason", "state"]), st.text(max_size=5), max_size=3)
_KINDS = st.sampled_from(["materials.confirmed", "forfeit.recorded", "hall", "attendance.lateness_changed", "x.y.z"])


@given(st.lists(st.tuples(_KINDS, _BODIES)))
def test_entries_of_other_kinds_change_nothing(found: list[tuple[str, dict[str, str]]]) -> None:
    """The register tells of more than a hall's standing; what a replay does not know it passes by."""
    assert told(*found) == HallThen((), Doing())
