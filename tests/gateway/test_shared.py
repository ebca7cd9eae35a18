"""Asking once for many."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, Event, get_ident

from deploy.demo.client import eventually
from gateway.pages.inside import Reply
from gateway.pages.shared import Shared


class _Service:
    """Counts how often it is asked; an answer is let go one by one, and says which it is."""

    def __init__(self) -> None:
        self.asked = 0
        self.begun = Event()
        self.may_answer = Event()

    def ask(self) -> Reply:
        self.asked += 1
        number = self.asked
        self.begun.set()
        assert self.may_answer.wait(60)
        return Reply(200, {"number": number})


class _Key:
    """A key that knows which threads have looked it up."""

    def __init__(self) -> None:
        self.looked_up_by: set[int] = set()

    def __hash__(self) -> int:
        self.looked_up_by.add(get_ident())
        return 1

    def __eq__(self, other: object) -> bool:
        return self is other


def _all_at_once(number: int, do: Callable[[], Reply]) -> list[Reply]:
    together = Barrier(number)

    def one(_number: int) -> Reply:
        together.wait()
        return do()

    with ThreadPoolExecutor(number) as threads:
        return list(threads.map(one, range(number)))


def test_those_who_wait_get_the_next_reply_together() -> None:
    """A reply on its way was asked for too early for those who come now: they share the next one, asked for once."""
    shared, service, key = Shared(), _Service(), _Key()
    with ThreadPoolExecutor(9) as threads:
        first = threads.submit(shared.now, key, service.ask)
        assert service.begun.wait(60)
        others = [threads.submit(shared.now, key, service.ask) for _ in range(8)]
        eventually(lambda: len(key.looked_up_by) == 9 or None, "all have come", 30)
        service.may_answer.set()
        assert first.result().body == {"number": 1}
        numbers = [one.result().body["number"] for one in others]
    assert (numbers, service.asked) == ([2] * 8, 2)


def test_every_key_is_asked_for_apart() -> None:
    """What one branch is told is not told to another."""
    shared = Shared()
    told = [shared.now(key, lambda key=key: Reply(200, {"for": key})).body for key in ("east", "west")]  # type: ignore[misc]
    assert told == [{"for": "east"}, {"for": "west"}]


def test_a_question_that_fails_fails_nobody_else() -> None:
    """Whoever shared a question that broke asks for themselves."""
    shared, tried = Shared(), []

    def ask() -> Reply:
        tried.append(1)
        if len(tried) == 1:
            raise RuntimeError
        return Reply(200, {})

    def safely() -> Reply:
        try:
            return shared.now("board", ask)
        except RuntimeError:
            return Reply(500, {})

    assert sorted(one.status for one in _all_at_once(6, safely)) == [200] * 5 + [500]


def test_what_may_be_old_is_kept_a_moment() -> None:
    """Within its seconds a reply is told again; after them it is asked for anew."""
    now = [100.0]
    shared, service = Shared(monotonic=lambda: now[0]), _Service()
    service.may_answer.set()
    numbers = []
    for passed in (0.0, 0.9, 1.2, 1.2):
        now[0] = 100.0 + passed
        numbers.append(shared.lately("numbers", 1.0, service.ask).body["number"])
    assert numbers == [1, 1, 2, 2]
