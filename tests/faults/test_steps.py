"""kill -9 at each named step of an event's way, in both shapes: afterwards nothing is lost and nothing was done twice.

The steps are named in tests.faults.dying.
"""

from collections.abc import Iterator
from itertools import count as numbers_from

import pytest
from sqlalchemy import make_url

from deploy.demo.client import eventually
from tests.chassis.web.line import Line
from tests.faults.asking import Asking
from tests.faults.count import Book, Count, applied, positions, said
from tests.faults.rest import count_at_rest
from tests.faults.systems import Distributed, OneProcess, System

DEATHS = 2
WEB = ("before-commit", "before-answer")
RELAY = ("before-publish", "before-marking")
CONSUMER = ("in-handler", "before-inbox", "before-ack")
PARTS = {
    **dict.fromkeys(WEB, "announcer-web"),
    **dict.fromkeys(RELAY, "announcer-worker"),
    **dict.fromkeys(CONSUMER, "reader-worker"),
}


@pytest.mark.parametrize("step", PARTS)
def test_a_process_dies_at_a_step(distributed: Distributed, step: str) -> None:
    """Web, relay or consumer dies twice at the step, under load, and comes back: the count is clean."""
    found = _die_under_load(distributed, PARTS[step], step)
    assert found.is_clean, found
    assert found.recovered >= DEATHS


@pytest.mark.parametrize("step", [*WEB, *RELAY, "before-durable", *CONSUMER])
def test_the_single_process_dies_at_a_step(one_process: OneProcess, step: str) -> None:
    """The whole dies twice with the step, under load, and comes back: the count is clean."""
    found = _die_under_load(one_process, "house", step)
    assert found.is_clean, found
    assert found.recovered >= DEATHS


def test_a_relay_dies_with_its_confirm_on_the_way(distributed: Distributed, line: Line) -> None:
    """What the broker holds and the relay never learnt is published again, and applied once."""
    asking = Asking(distributed.url, Book())
    distributed.parts["announcer-worker"].options["bus"] = _through(line, distributed.bus_url)
    distributed.start()
    asking.until_answered(0)
    distributed.until_applied()
    for number in range(1, DEATHS + 1):
        line.hold_answers()
        asking.until_answered(number)
        distributed.until_applied()
        assert positions(distributed.announcer).count(None) == 1
        distributed.kill("announcer-worker")
        line.answer_again()
        distributed.start("announcer-worker")
        eventually(lambda: None not in positions(distributed.announcer) or None, "every position", 60)
    assert count_at_rest(distributed, asking.book) == Count(0, 0, 0, 0)


@pytest.mark.parametrize(("step", "stands"), [("before-commit", set()), ("before-answer", {1})])
def test_what_was_cut_off_stands_in_both_or_in_neither(system: System, step: str, stands: set[int]) -> None:
    """Asked once and never again: before the commit it stands nowhere, after it in the announcer and the reader."""
    asking = Asking(system.url, Book())
    web = "announcer-web" if "announcer-web" in system.parts else "house"
    system.dies_at(web, step)
    system.arm()
    system.start()
    assert not asking.once(1)
    system.until_dead(web)
    system.start()
    assert count_at_rest(system, asking.book).is_clean
    assert said(system.announcer) == applied(system.reader).keys() == stands


def _die_under_load(system: System, part: str, step: str) -> Count:
    asking = Asking(system.url, Book())
    system.dies_at(part, step)
    system.start()
    with asking.pressing(numbers_from()) as answers:
        for _death in range(DEATHS):
            answers(5)
            system.arm()
            system.until_dead(part)
            asking.book.strike(applied(system.reader))
            system.start(part)
        answers(5)
    return count_at_rest(system, asking.book)


@pytest.fixture
def line(rabbitmq_url: str) -> Iterator[Line]:
    """A line to the broker whose answers can be held."""
    made = Line(make_url(rabbitmq_url).port or 5672)
    yield made
    made.close()


def _through(line: Line, bus_url: str) -> str:
    return bus_url.replace(f":{make_url(bus_url).port}/", f":{line.port}/")
