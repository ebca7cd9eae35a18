"""In which order the events of one batch are handled."""

from collections.abc import Sequence
from datetime import UTC, datetime

from chassis.events import Consumers, Envelope

_NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
_CAME = [("thing/b", 2), ("thing/a", 2), ("thing/b", 1), ("another/c", 1), ("thing/a", 1)]


def _arranged(consumers: Consumers) -> Sequence[tuple[str, int]]:
    batch = [
        Envelope(str(n), "elsewhere", "thing.shown.v1", subject, sequence, _NOW, None, None, {})
        for n, (subject, sequence) in enumerate(_CAME)
    ]
    return [(envelope.subject, envelope.sequence) for envelope in consumers.arranged(batch)]


def test_a_batch_is_handled_by_subject() -> None:
    """Two workers that hold events of the same subjects lock their rows in one order, whatever order they came in."""
    assert _arranged(Consumers()) == sorted(_CAME)


def test_who_handles_every_event_sees_them_as_they_came() -> None:
    """A log of everything keeps the order of arrival."""
    consumers = Consumers()
    consumers.on_every(lambda _tx, _envelope: None)
    assert _arranged(consumers) == _CAME
