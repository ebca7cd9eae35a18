"""What a board tells of the time to come."""

from dataclasses import replace
from datetime import timedelta

from services.reception.board.rules import reasons_of, waits_about
from services.reception.policy.rules import BUILT_IN, Name
from services.reception.rotation.rules import Place

_LASTED = [timedelta(minutes=10), timedelta(minutes=15)]


def test_each_free_person_ahead_is_one_visit() -> None:
    """A waits for nobody, B about one mean visit, the next two; whoever serves or is off duty is not ahead."""
    line = [
        Place("serving", on_duty=True, serving=True),
        Place("a", on_duty=True),
        Place("off", on_duty=False),
        Place("b", on_duty=True),
        Place("out", on_duty=True, away=True),
        Place("c", on_duty=True),
    ]
    assert waits_about(line, _LASTED) == {"a": 0, "b": 12, "c": 25}


def test_without_a_finished_reception_there_is_no_estimate() -> None:
    """Nothing is made up in the morning."""
    assert waits_about([Place("a", on_duty=True)], []) == {}


def test_a_reason_to_step_out_is_shown_by_its_name() -> None:
    """The rule book's reasons and the branch's own by their names; one that was decided without any by its code."""
    own = replace(
        BUILT_IN,
        out_for={"meal": 60, "smoke": 60, "old": 60},
        out_names={**BUILT_IN.out_names, "smoke": Name("吸烟", "Smoke")},
    )
    assert reasons_of(own) == [
        {"reason": "meal", "zh": "用餐", "en": "Meal"},
        {"reason": "smoke", "zh": "吸烟", "en": "Smoke"},
        {"reason": "old", "zh": "old", "en": "old"},
    ]
