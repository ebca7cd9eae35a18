"""The order of the day in its three ways, and the late behind (product.md, Order of the day)."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

import pytest

from chassis import ledger
from services.reception.attendance.actions import come_on_duty
from services.reception.policy.rules import Order, Policy
from services.reception.rotation.actions import stand
from services.reception.rotation.views import chain_of, hall_of
from tests.services.asking import code_of
from tests.services.reception.office import MANAGER, Office, seller
from tests.services.synthetic import NOW, named

PEOPLE = ("li", "wu", "zhao", "sun")
LASTING, BY_CLOCK_IN = Policy("lasting"), Policy("clock-in", order=Order.CLOCK_IN)
BY_LOT = Policy("lot", order=Order.LOT)


@pytest.fixture
def morning(sqlite_url: str) -> Iterator[Office]:
    """Nine o'clock, before anybody came: four are rostered from nine to eight in the evening."""
    yield from _opened(sqlite_url)


@pytest.fixture
def anywhere(database_url: str) -> Iterator[Office]:
    """The same, on either database."""
    yield from _opened(database_url)


def _opened(url: str) -> Iterator[Office]:
    opened = Office(url, PEOPLE, NOW - timedelta(hours=1))
    hours = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "starts": "09:00", "ends": "20:00"}
    opened.roster(*(hours | {"staff_id": named(name)} for name in PEOPLE))
    opened.later(hours=1)
    yield opened
    opened.database.close()


def comes(office: Office, name: str, policy: Policy) -> None:
    """The name comes on duty where this policy holds."""
    with office.database.write() as tx:
        come_on_duty(tx, seller(name), hall_of(tx, seller(name), office.hall, lock=True), policy)


def ids(*names: str) -> list[str]:
    return [named(name) for name in names]


def causes(office: Office) -> list[str]:
    """Why the line changed, after people joined it."""
    with office.database.read() as tx:
        told = [entry.body["cause"] for entry in ledger.entries(tx, chain_of(office.hall)) if entry.kind == "line"]
    return told[len(PEOPLE) :]


def test_the_lasting_line_is_moved_by_nobody_who_comes(morning: Office) -> None:
    """In whatever order people come, the line is yesterday's."""
    for name in reversed(PEOPLE):
        comes(morning, name, LASTING)
    assert (morning.line(), causes(morning)) == (ids(*PEOPLE), [])


def test_by_clock_in_the_first_to_come_is_first(anywhere: Office) -> None:
    """Each first clock-in of the day goes behind those who came before; coming back the same day moves nobody."""
    for name in ("sun", "wu", "li"):
        comes(anywhere, name, BY_CLOCK_IN)
    assert anywhere.line() == ids("zhao", "sun", "wu", "li") == anywhere.replayed()
    assert anywhere.board()["a"] == named("sun")
    anywhere.go("sun")
    anywhere.later(hours=1)
    comes(anywhere, "sun", BY_CLOCK_IN)
    assert anywhere.line() == ids("zhao", "sun", "wu", "li")
    assert causes(anywhere) == ["clocked_in"] * 3


def test_by_clock_in_the_next_day_is_ordered_anew(morning: Office) -> None:
    """The day is the shift's: tomorrow's first is first again."""
    for name in ("li", "wu"):
        comes(morning, name, BY_CLOCK_IN)
        morning.go(name)
    morning.later(days=1)
    for name in ("wu", "li"):
        comes(morning, name, BY_CLOCK_IN)
    assert morning.line()[-2:] == ids("wu", "li")


def test_by_lot_the_first_who_comes_draws_for_everybody(anywhere: Office) -> None:
    """One draw a day, whoever comes after; the register, the board and the published draw say the same."""
    comes(anywhere, "wu", BY_LOT)
    line = anywhere.line()
    comes(anywhere, "li", BY_LOT)
    assert (anywhere.line(), causes(anywhere)) == (line, ["drawn"])
    assert anywhere.replayed() == line
    draw = anywhere.did(seller("sun"), "GET", anywhere.path("draws/2026-03-02"))
    assert draw["order"] == line == anywhere.board()["draw"]["order"]
    assert draw["seed"] == anywhere.board()["draw"]["seed"]
    with anywhere.database.read() as tx:
        (entry,) = [one for one in ledger.entries(tx, chain_of(anywhere.hall)) if one.n == draw["line_entry"]]
    assert (entry.body["seed"], entry.body["order"]) == (draw["seed"], line)


def test_a_draw_is_checked_with_a_hash_alone(morning: Office) -> None:
    """Sorting the ids by SHA-256 of `seed/id` gives the line: nothing of ours is needed."""
    comes(morning, "li", BY_LOT)
    draw = morning.did(seller("li"), "GET", morning.path("draws/2026-03-02"))
    by_hash = sorted(draw["order"], key=lambda one: hashlib.sha256(f"{draw['seed']}/{one}".encode()).hexdigest())
    assert by_hash == draw["order"]
    assert sorted(by_hash) == sorted(ids(*PEOPLE))


def test_each_day_is_drawn_anew(morning: Office) -> None:
    """Tomorrow's draw has a seed of its own, and yesterday's stays published."""
    seeds = []
    for day in ("2026-03-02", "2026-03-03"):
        comes(morning, "li", BY_LOT)
        morning.go("li")
        seeds.append(morning.did(MANAGER, "GET", morning.path(f"draws/{day}"))["seed"])
        morning.later(days=1)
    assert seeds[0] != seeds[1]
    assert morning.did(MANAGER, "GET", morning.path("draws/2026-03-02"))["seed"] == seeds[0]
    assert causes(morning) == ["drawn", "drawn"]


@pytest.mark.parametrize("policy", [LASTING, BY_CLOCK_IN, BY_LOT], ids=lambda policy: policy.version)
def test_the_late_stand_behind(morning: Office, policy: Policy) -> None:
    """However the day is ordered, who comes late goes behind those who were on time, once, and says why."""
    for name in ("zhao", "sun"):
        comes(morning, name, policy)
    morning.later(seconds=1)
    comes(morning, "li", policy)
    assert morning.line()[-1] == named("li")
    assert causes(morning)[-1] == "late"
    assert causes(morning).count("late") == 1
    assert morning.replayed() == morning.line()


def test_a_policy_may_leave_the_late_their_place(morning: Office) -> None:
    """Switched off, lateness costs what it costs and nobody moves; by clock-in they stand where they came."""
    morning.later(minutes=5)
    comes(morning, "li", Policy("kept", late_to_the_tail=False))
    assert (morning.line(), causes(morning)) == (ids(*PEOPLE), [])
    comes(morning, "wu", Policy("kept", late_to_the_tail=False, order=Order.CLOCK_IN))
    assert causes(morning) == ["clocked_in"]


def test_coming_on_duty_ends_stepping_out(morning: Office) -> None:
    """Who was away when they were last seen is present when they clock in."""
    with morning.database.write() as tx:
        stand(tx, MANAGER, morning.hall, named("li"), away=True)
    comes(morning, "li", LASTING)
    (li,) = [one for one in morning.board()["line"] if one["name"] == "li"]
    assert li["state"] == "free"


def test_where_nothing_was_drawn(morning: Office) -> None:
    """A day without a draw and a day that is none are refused."""
    assert code_of(morning.tried(MANAGER, "GET", morning.path("draws/2026-03-02"))) == "nothing_drawn"
    assert code_of(morning.tried(MANAGER, "GET", morning.path("draws/today"))) == "bad_day"
    assert morning.board()["draw"] is None
