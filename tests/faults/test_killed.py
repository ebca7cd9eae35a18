"""kill -9 at random moments, under load."""

import random
from itertools import count as numbers_from
from pathlib import Path

from tests.faults.asking import Asking
from tests.faults.count import Book, applied
from tests.faults.kills import SEED, SHAPES, kill_at_random
from tests.faults.rest import count_at_rest
from tests.faults.systems import Distributed

KILLS = 20


def test_nothing_answered_is_lost_and_nothing_is_applied_twice(tmp_path: Path) -> None:
    """After 20 kills of the whole single machine, every answered registration stands exactly once in every service."""
    found = kill_at_random(SHAPES["single"], tmp_path / "data", KILLS, SEED, tell=print)
    assert found.is_clean, found
    assert found.recovered


def test_one_of_many_processes_is_killed_again_and_again(distributed: Distributed) -> None:
    """After 20 kills of the web, the announcer's worker or the reader's worker, each number was applied once."""
    moments = random.Random(SEED)
    asking = Asking(distributed.url, Book())
    distributed.start()
    with asking.pressing(numbers_from()) as answers:
        for _kill in range(KILLS):
            answers(moments.randint(1, 40))
            part = moments.choice(list(distributed.parts))
            distributed.kill(part)
            asking.book.strike(applied(distributed.reader))
            distributed.start(part)
    found = count_at_rest(distributed, asking.book)
    assert found.is_clean, found
    assert found.recovered
