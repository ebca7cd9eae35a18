"""Fields that take exactly what JSON says."""

from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
import pytest

from chassis.web.fields import Moment, Number, Text, Whole, YesNo


class _Schema(ma.Schema):
    whole = Whole()
    number = Number()
    sure = YesNo()
    text = Text(5)
    moment = Moment()


@pytest.mark.parametrize(
    ("given", "taken"),
    [
        ({"whole": 5}, {"whole": 5}),
        ({"whole": 5.0}, {"whole": 5}),
        ({"number": 2.5}, {"number": 2.5}),
        ({"number": 5}, {"number": 5.0}),
        ({"sure": False}, {"sure": False}),
        ({"text": "  ab\n"}, {"text": "ab"}),
        ({"text": "  abcde  "}, {"text": "abcde"}),
        ({"moment": "2026-03-02T09:00:00+08:00"}, {"moment": datetime(2026, 3, 2, 1, tzinfo=UTC)}),
    ],
)
def test_what_is_taken(given: dict[str, Any], taken: dict[str, Any]) -> None:
    """Numbers, whole ones, true and false, and text without the blanks around it are taken."""
    loaded = _Schema().load(given)
    assert loaded == taken
    assert [type(value) for value in loaded.values()] == [type(value) for value in taken.values()]


@pytest.mark.parametrize(
    "given",
    [{"whole": "5"}, {"whole": True}, {"whole": 5.5}, {"whole": [5]}, {"sure": 1}, {"sure": "true"}, {"sure": "yes"}]
    + [{"number": value} for value in ("5", True, 10**400, float("nan"), float("inf"), [5])]
    + [{"text": 5}, {"text": ""}, {"text": " \u3000\t"}, {"text": "abcdef"}, {"text": ["a"]}]
    + [{"moment": when} for when in ("2026-03-02T09:00", "0001-01-01T00:00+14:00", "9999-12-31T23:00-14:00", "soon")],
)
def test_what_is_refused(given: dict[str, Any]) -> None:
    """What only looks like it is refused."""
    with pytest.raises(ma.ValidationError) as caught:
        _Schema().load(given)
    assert list(caught.value.normalized_messages()) == list(given)
