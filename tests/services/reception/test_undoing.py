"""Undoing: an entry of its own that corrects, never an edit."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from chassis.jobs import JobLoop
from services.reception.app import SERVICE
from services.reception.discipline.tables import penalties
from tests.services import synthetic
from tests.services.asking import code_of
from tests.services.reception.leaving import come_back, walked_off
from tests.services.reception.office import FRONT_DESK, MANAGER, SUPERVISOR, WEST_MANAGER, Office, seller
from tests.services.reception.test_receiving import announced
from tests.services.synthetic import named

PHONE = "13800138000"
WHY = {"reason": "点错了"}


@pytest.fixture
def office(sqlite_office: Office) -> Office:
    """On SQLite alone: the same corrections on both databases are in test_ruling_again."""
    return sqlite_office


def register(office: Office, **asked: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    after: int | None = 0
    while after is not None:
        query = "&".join(f"{name}={value}" for name, value in (asked | {"after": after}).items())
        page = office.did(MANAGER, "GET", f"{office.path('register')}?{query}")
        found, after = [*found, *page["items"]], page["next_after"]
    return found


def last(office: Office, kind: str, **what: str) -> int:
    """The number of the last entry of this kind."""
    found = [one for one in register(office) if one["kind"] == kind and what.items() <= one["what"].items()]
    return int(found[-1]["n"])


def undo(office: Office, who: Any, n: int, **said: Any) -> Any:
    return office.tried(who, "POST", office.path(f"register/{n}/undo"), said)


def undone(office: Office, who: Any, n: int, **said: Any) -> dict[str, Any]:
    answer = undo(office, who, n, **said)
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


def states_of_penalties(office: Office) -> list[str]:
    with office.database.read() as tx:
        return list(tx.execute(select(penalties.c.state)).scalars())


def test_the_register_names_no_visitor(office: Office) -> None:
    """Page by page, numbered without a gap: when, who, what; and nothing of who the visitors are."""
    office.come("li")
    office.complete("li", office.visit(), PHONE, note="想要三房")
    entries = register(office, limit=2)
    assert [one["n"] for one in entries] == list(range(1, len(entries) + 1))
    assert entries[-1]["kind"] == "reception.completed"
    assert not any(word in str(entries) for word in ("王小明", "13800138000", "三房"))
    assert office.tried(WEST_MANAGER, "GET", office.path("register")).status_code == 404


def test_an_arrival_tapped_by_mistake(office: Office) -> None:
    """Who tapped takes it back without a word: the visitor never was, the server keeps the place and is free."""
    office.come("li", "wu")
    arrived = office.visit()
    n = last(office, "reception.opened")
    answer = undone(office, FRONT_DESK, n)
    assert answer["corrected_by"] > n
    closed = office.seen(arrived)
    assert (closed["state"], closed["closed_because"], closed["turn"]) == ("closed", "undone", "kept")
    assert office.board()["a"] == named("li")
    assert announced(office, "reception.closed.v1")[0]["closed_because"] == "undone"
    assert office.visit()["server_id"] == named("li")


def test_a_visitor_who_waits_is_served_by_who_is_free_again(office: Office) -> None:
    """The arrival undone was nobody; who waits is received at once."""
    office.come("li")
    office.visit()
    n = last(office, "reception.opened")
    waiting = office.visit()
    undone(office, FRONT_DESK, n)
    assert office.seen(waiting)["server_id"] == named("li")


def test_a_greeting_tapped_by_mistake(office: Office) -> None:
    """The visitor is greeted by nobody, and the time to greet runs from now on."""
    office.come("li", "wu")
    arrived = office.visit()
    office.later(seconds=50)
    office.greet("wu", arrived)
    undone(office, seller("wu"), last(office, "reception.greeted"))
    assert (office.seen(arrived)["state"], office.seen(arrived)["greeted_at"]) == ("assigned", None)
    office.later(seconds=55)
    JobLoop(office.database, SERVICE.jobs).run_due()
    assert office.seen(arrived)["server_id"] == named("li")


def test_a_used_turn_is_taken_back(office: Office) -> None:
    """The manager corrects the line: it is as if the turn had not been used; what moved since then stands."""
    office.come("li", "wu", "zhao")
    first, second = office.visit(), office.visit()
    office.complete("li", first, PHONE)
    office.complete("wu", second, "13900139000")
    assert office.line() == [named("zhao"), named("li"), named("wu")]
    undone(office, MANAGER, last(office, "line", staff_id=named("li")), **WHY)
    assert office.line() == [named("li"), named("zhao"), named("wu")] == office.replayed()
    assert (office.seen(first)["turn"], office.seen(second)["turn"]) == ("kept", "used")


def test_a_new_order_is_taken_back(office: Office) -> None:
    """A reorder undone, everybody stands as before it."""
    before = office.line()
    etag = {"If-Match": f'"{office.board()["line_version"]}"'}
    body = {"order": list(reversed(before)), "reason": "试"}
    office.did(MANAGER, "PUT", office.path("line"), body, headers=etag)
    undone(office, MANAGER, last(office, "line", cause="reordered"))
    assert office.line() == before == office.replayed()


def test_penalties_built_on_the_error_are_withdrawn(office: Office) -> None:
    """Not greeted, for a visitor who was nobody: the place is given back by the one undoing, the fine by either."""
    office.come("li", "wu")
    arrived = office.visit()
    office.later(seconds=62)
    JobLoop(office.database, SERVICE.jobs).run_due()
    assert (states_of_penalties(office), office.line()[-1]) == (["proposed"], named("li"))
    n = last(office, "line", cause="not_greeted")
    undone(office, SUPERVISOR, n, **WHY)
    assert (states_of_penalties(office), office.line()[0]) == (["withdrawn"], named("li"))
    assert office.seen(arrived)["server_id"] == named("wu")
    assert office.line() == office.replayed()


def test_an_arrival_that_was_none_fines_nobody(office: Office) -> None:
    """The arrival itself undone by the manager, nobody was to be greeted."""
    office.come("li")
    office.visit()
    office.later(seconds=62)
    JobLoop(office.database, SERVICE.jobs).run_due()
    assert states_of_penalties(office) == ["proposed"]
    undone(office, MANAGER, last(office, "reception.opened"), **WHY)
    assert states_of_penalties(office) == ["withdrawn"]


def test_a_forfeit_that_was_none(office: Office) -> None:
    """The fourth walk-off of a week was a mistake: the place is given back, the suspension and its fine end."""
    office.come("li", "wu")
    for _ in range(4):
        walked_off(office, "li", SUPERVISOR)
        come_back(office, "li")
        office.later(minutes=1)
    assert (states_of_penalties(office), office.visit()["server_id"]) == (["proposed"], named("wu"))
    undone(office, MANAGER, last(office, "line", cause="forfeit"), **WHY)
    assert states_of_penalties(office) == ["withdrawn"]
    assert office.visit()["server_id"] == named("li")
    assert office.line() == office.replayed()


def test_who_may_undo(office: Office) -> None:
    """Others only if they lead, with a reason; too late only so; nobody in an own case."""
    office.hear(synthetic.staff("supervisor", role="supervisor"))
    office.did(MANAGER, "POST", office.path("members"), {"staff_id": named("supervisor")})
    office.come("li")
    office.complete("li", office.visit(), PHONE)
    n = last(office, "line", cause="turn_used")
    assert code_of(undo(office, seller("wu"), n)) == "supervisors_decide"
    needed = undo(office, MANAGER, n)
    assert (needed.status_code, code_of(needed)) == (422, "reason_needed")
    office.later(seconds=61)
    assert code_of(undo(office, seller("li"), n, **WHY)) == "supervisors_decide"
    order = {"order": office.line(), "reason": "同前"}
    office.did(MANAGER, "PUT", office.path("line"), order, headers={"If-Match": f'"{office.board()["line_version"]}"'})
    own = undo(office, SUPERVISOR, last(office, "line", cause="reordered"), **WHY)
    assert (own.status_code, code_of(own)) == (403, "own_case")
    undone(office, SUPERVISOR, n, **WHY)


def test_nothing_is_corrected_twice(office: Office) -> None:
    """Neither an entry a second time, nor a correction itself, nor what is no error of a tap."""
    office.come("li")
    office.complete("li", office.visit(), PHONE)
    n = last(office, "line", cause="turn_used")
    corrected = undone(office, MANAGER, n, **WHY)["corrected_by"]
    again = undo(office, MANAGER, n, **WHY)
    assert (again.status_code, code_of(again)) == (409, "already_undone")
    for other in (corrected, last(office, "reception.completed"), last(office, "line", cause="joined")):
        assert code_of(undo(office, MANAGER, other, **WHY)) == "cannot_be_undone"
    for nothing in (0, 999):
        assert code_of(undo(office, MANAGER, nothing, **WHY)) == "unknown_entry"
    late = undo(office, MANAGER, last(office, "reception.opened"), **WHY)
    assert (late.status_code, code_of(late)) == (409, "wrong_state")


def test_a_turn_undone_is_not_given_back_again(office: Office) -> None:
    """Undone by the manager and then ruled again: the place is kept once."""
    office.hear(synthetic.customer("chen", owner_id=named("zhao")))
    office.come("li", "wu", "zhao")
    arrived = office.visit()
    office.complete("li", arrived, PHONE)
    undone(office, MANAGER, last(office, "line", cause="turn_used"), **WHY)
    said = {"customer_id": named("chen"), "confirm": True} | WHY
    assert office.act(SUPERVISOR, arrived, "re-ruling", said).status_code == 201
    assert office.seen(arrived)["turn"] == "kept"
    assert office.line() == [named("li"), named("wu"), named("zhao")] == office.replayed()


_STEPS = some.lists(
    some.tuples(some.sampled_from(["visit", "finish", "reorder", "undo"]), some.integers(0, 9)), max_size=9
)


@settings(max_examples=6, deadline=None)
@given(_STEPS)
def test_the_line_replays_after_any_corrections(steps: list[tuple[str, int]]) -> None:
    """Whatever is done and undone, the register's entries but for those corrected give the line as it stands."""
    with TemporaryDirectory() as folder:
        office = Office(f"sqlite:///{Path(folder) / 'x.db'}", ["li", "wu", "zhao"])
        office.come("li", "wu", "zhao")
        served: list[dict[str, Any]] = []
        for n, (step, which) in enumerate(steps):
            if step == "visit":
                served.append(office.visit())
            elif step == "finish" and served:
                done = served.pop(which % len(served))
                visitor = {"name": "王小明", "phone": str(13800138000 + n)}
                office.act(MANAGER, done, "complete", visitor)
            elif step == "reorder":
                order = office.line()[which % 3 :] + office.line()[: which % 3]
                etag = {"If-Match": f'"{office.board()["line_version"]}"'}
                office.did(MANAGER, "PUT", office.path("line"), {"order": order, "reason": "试"}, headers=etag)
            elif step == "undo":
                moved = [one["n"] for one in register(office) if one["kind"] == "line"]
                assert undo(office, MANAGER, moved[which % len(moved)], **WHY).status_code in (200, 409)
            assert office.line() == office.replayed()
        office.database.close()
