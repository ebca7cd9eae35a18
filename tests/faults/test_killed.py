"""kill -9 of the whole single machine, at random moments, under load."""

import random
from pathlib import Path

from tests.faults.totals import agree_on, everybody_at_work, manager_headers
from tests.faults.visitors import Visitors
from tests.journeys.system import SingleMachine, start

KILLS = 30
SEED = 20261124


def test_nothing_answered_is_lost_and_nothing_is_applied_twice(tmp_path: Path) -> None:
    """After 30 kills at random moments under load, every answered registration stands exactly once in every service."""
    moments = random.Random(SEED)
    system = start(tmp_path / "data")
    try:
        headers = manager_headers(system)
        visitors = Visitors(everybody_at_work(system), doors=4)
        for _ in range(KILLS):
            visitors.press(system.url, headers, system.kill, after=moments.randint(1, 40))
            system = start(tmp_path / "data")
        visitors.finish(system.url, headers)
        _compare(system, visitors)
    finally:
        system.stop()


def _compare(system: SingleMachine, visitors: Visitors) -> None:
    """The customers, the follow-ups and the day's totals say what was answered: no more, no less."""
    answers = visitors.answered.values()
    day = next(iter(answers))["local_day"]
    assert agree_on(system, len(answers), day) == {answer["customer_id"] for answer in answers}
