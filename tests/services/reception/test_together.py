"""Many at once: the line and the customers stay single."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from tests.services.reception.office import MANAGER, Office, seller
from tests.services.synthetic import named

PEOPLE = [f"seller {number}" for number in range(8)]


@pytest.fixture
def crowd(database_url: str) -> Iterator[Office]:
    """A hall with eight salespeople in line."""
    opened = Office(database_url, PEOPLE)
    yield opened
    opened.database.close()


def together(deeds: Sequence[Callable[[], Any]]) -> list[Any]:
    """What each deed answers, all begun at the same moment."""
    barrier = Barrier(len(deeds))

    def after_all(deed: Callable[[], Any]) -> Any:
        barrier.wait(timeout=30)
        return deed()

    with ThreadPoolExecutor(len(deeds)) as pool:
        return [running.result() for running in [pool.submit(after_all, deed) for deed in deeds]]


def test_arrivals_at_once_never_get_the_same_person(crowd: Office) -> None:
    """Eight visitors at the same moment: eight different servers, in the order of the line."""
    crowd.come(*PEOPLE)
    receptions = together([crowd.visit] * 8)
    assert sorted(reception["server_id"] for reception in receptions) == sorted(map(named, PEOPLE))
    by_id = sorted(receptions, key=lambda reception: str(reception["reception_id"]))
    assert [reception["server_id"] for reception in by_id] == [named(name) for name in PEOPLE]


def test_more_visitors_than_people(crowd: Office) -> None:
    """Eight at once to three people: three are received, five wait, and nobody has two."""
    crowd.come(*PEOPLE[:3])
    servers = [reception["server_id"] for reception in together([crowd.visit] * 8)]
    assert sorted(filter(None, servers)) == sorted(map(named, PEOPLE[:3]))
    assert len(crowd.board()["waiting"]) == 5


def test_one_phone_at_once_is_one_customer(crowd: Office) -> None:
    """Eight complete with the same phone at the same moment: one customer, new once."""
    crowd.come(*PEOPLE)
    receptions = {name: crowd.visit() for name in PEOPLE}
    deeds = [lambda n=name, r=one: crowd.complete(n, r, "13800138000") for name, one in receptions.items()]
    done = together(deeds)
    assert len({one["customer_id"] for one in done}) == 1
    assert [one["customer_is_new"] for one in done].count(True) == 1
    assert sorted(crowd.line()) == sorted(map(named, PEOPLE))
    assert crowd.replayed() == crowd.line()


def test_one_phone_at_once_in_two_halls_is_one_customer(crowd: Office) -> None:
    """Where no hall's lock is shared, the phone alone keeps the customer single."""
    crowd.come(PEOPLE[0])
    first_hall, first = crowd.hall, crowd.visit()
    crowd.hall = crowd.did(MANAGER, "POST", "/api/v1/reception/halls", {"name": "二号案场"})["hall_id"]
    crowd.did(MANAGER, "POST", crowd.path("members"), {"staff_id": named(PEOPLE[1])})
    day = {"staff_id": named(PEOPLE[1]), "weekdays": [1], "starts": "00:00", "ends": "24:00"}
    crowd.roster(day)
    crowd.come(PEOPLE[1])
    second = crowd.visit()
    done = together(
        [
            lambda: crowd.complete(PEOPLE[0], first, "13800138000"),
            lambda: crowd.complete(PEOPLE[1], second, "13800138000"),
        ]
    )
    assert done[0]["customer_id"] == done[1]["customer_id"]
    assert [one["customer_is_new"] for one in done].count(True) == 1
    assert {one["hall_id"] for one in done} == {first_hall, crowd.hall}


def test_one_reception_is_completed_once(crowd: Office) -> None:
    """Four taps on complete at the same moment: one succeeds, the others are told that it is done."""
    crowd.come(PEOPLE[0])
    reception = crowd.visit()
    visitor = {"name": "王小明", "phone": "13800138000"}
    answers = together([lambda: crowd.act(MANAGER, reception, "complete", visitor)] * 4)
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    assert crowd.line()[-1] == named(PEOPLE[0])


def test_clocking_in_at_once_is_clocking_in_once(crowd: Office) -> None:
    """Two taps on clock-in: one attendance."""
    who = seller(PEOPLE[0])
    answers = together([lambda: crowd.tried(who, "POST", crowd.path("clock-in"))] * 4)
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


def test_coming_and_arriving_at_once_leaves_nobody_waiting(crowd: Office) -> None:
    """Four visitors and four clock-ins cross: afterwards each visitor has somebody."""
    together([crowd.visit] * 4 + [lambda n=name: crowd.come(n) for name in PEOPLE[:4]])
    board = crowd.board()
    assert board["waiting"] == []
    assert sum(person["state"] == "serving" for person in board["line"]) == 4
