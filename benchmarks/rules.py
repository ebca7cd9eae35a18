"""How many visitors a second the rule of the line gives out, each with its explanation."""

import time
from collections.abc import Callable

from services.reception.rotation.rules import Arrival, Kind, Place, explanation_of, who_receives

_PEOPLE = 30
_ROUNDS = 20_000
_AT_LEAST = 20_000


def figures() -> list[dict[str, object]]:
    """Assignments a second for a line of 30 of which the last is free: everybody ahead is passed over and named.

    The reference, of the same run, is a bare search for the first who is free, without an explanation.
    """
    line = [Place(f"staff-{n}", on_duty=n % 2 == 0, serving=n % 2 == 0) for n in range(_PEOPLE - 1)]
    line.append(Place("the-last", on_duty=True, serving=False))
    arrival = Arrival(Kind.FIRST_VISIT)
    explained = _per_second(lambda: explanation_of(who_receives(line, arrival, "v1")))
    decided = _per_second(lambda: who_receives(line, arrival, "v1"))
    bare = _per_second(lambda: next(place.staff_id for place in line if place.is_free))
    return [
        _figure("assignments by the rules, everybody passed over named", decided, bare),
        _figure("the same, with the explanation as it is stored", explained, bare),
    ]


def _per_second(work: Callable[[], object]) -> float:
    """The best of three rounds."""
    return max(_round(work) for _ in range(3))


def _round(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    for _ in range(_ROUNDS):
        work()
    return _ROUNDS / (time.perf_counter() - began)


def _figure(name: str, value: float, reference: float) -> dict[str, object]:
    return {
        "figure": name,
        "value": round(value),
        "unit": "assignments/s",
        "reference": round(reference),
        "ratio": round(value / reference, 2),
        "reach": f">= {_AT_LEAST:,}/s",
        "holds": value >= _AT_LEAST,
    }
