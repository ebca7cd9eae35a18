"""The envelope: what is written is read again, and what is no event is refused without being quoted."""

import json
from datetime import UTC, datetime

import pytest

from chassis.events import BrokenEvent, Envelope

WHOLE = {
    "specversion": "1.0",
    "id": "0190-1",
    "source": "reception",
    "type": "thing.shown.v1",
    "subject": "thing/1",
    "sequence": 3,
    "time": "2026-03-02T01:00:00.000001Z",
    "data": {"name": "曾"},
}


def test_what_is_written_is_read_again() -> None:
    """An envelope survives its JSON, to the microsecond."""
    now = datetime(2026, 3, 2, 1, 0, 0, 1, UTC)
    envelope = Envelope(
        "0190-1", "reception", "thing.shown.v1", "thing/1", 3, now, "branch", "00-a-b-01", {"x": 1}, "d"
    )
    assert Envelope.from_json(envelope.to_json()) == envelope


def test_absent_attributes_are_left_out() -> None:
    """CloudEvents knows no null attribute."""
    assert "branch" not in json.loads(Envelope.from_json(json.dumps(WHOLE)).to_json())


@pytest.mark.parametrize(
    "change",
    [
        {"specversion": "2.0"},
        {"id": 7},
        {"id": "x" * 37},
        {"source": None},
        {"type": "a\nb"},
        {"subject": "\ud800"},
        {"sequence": "3"},
        {"sequence": True},
        {"sequence": 1.5},
        {"time": "yesterday"},
        {"time": "2026-03-02T01:00:00"},
        {"time": 5},
        {"branch": 5},
        {"data": []},
        {"data": None},
    ],
    ids=str,
)
def test_a_wrong_attribute_is_refused_without_being_quoted(change: dict[str, object]) -> None:
    """Each attribute has its kind, and the refusal does not repeat the content."""
    with pytest.raises(BrokenEvent) as refused:
        Envelope.from_json(json.dumps(WHOLE | change))
    assert "曾" not in str(refused.value)


@pytest.mark.parametrize("name", sorted(WHOLE))
def test_no_attribute_may_be_missing(name: str) -> None:
    """An event without one of its attributes is none."""
    with pytest.raises(BrokenEvent):
        Envelope.from_json(json.dumps({key: value for key, value in WHOLE.items() if key != name}))
