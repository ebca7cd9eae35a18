"""The routes by which people decide about dead letters, on both databases."""

import json
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from chassis.audit import audit_trail
from chassis.bus.pending import PendingMailbox
from chassis.clock import StandingClock
from chassis.events import dead_letters
from chassis.identity import Who
from tests.chassis.web.house import ANNA, MORNING, House, problem

PATH = "/api/v1/notes/dead-letters"
MANAGES = frozenset({"operations.see", "operations.manage"})
OWNER = replace(ANNA, actor_id="owner", branch_id=None, reach="all", permissions=MANAGES)
NORTH = replace(ANNA, permissions=MANAGES)
SOUTH = replace(NORTH, actor_id="sam", branch_id="south")
WHY = {"reason": "the handler was mended"}


def _park(house: House, *letters: str, branch: str | None = "north") -> None:
    with house.database.write() as tx:
        for letter in letters:
            event = {"id": letter, "type": "note.read.v1", "subject": f"note/{letter}", "data": {"name": "单雄信"}}
            dead_letters.park(tx, json.dumps(event | {"branch": branch}), "Refused at services/x.py:3", 4)


def _list(house: House, who: Who = OWNER, **query: Any) -> Any:
    answer = house.ask("GET", PATH, who, query_string=query)
    assert answer.status_code == 200, answer.text
    return answer.get_json()


def _ids(house: House, who: Who = OWNER, **query: Any) -> list[str]:
    return [letter["id"] for letter in _list(house, who, **query)["items"]]


def _decide(house: House, decision: str, who: Who = OWNER, letter: str = "a", **options: Any) -> TestResponse:
    return house.ask("POST", f"{PATH}/{letter}/{decision}", who, **{"json": WHY} | options)


def _due(house: House) -> int:
    return len(PendingMailbox(house.database, StandingClock(MORNING)).take(10, patience=0))


def _noted(house: House) -> int:
    return house.count(audit_trail)


def test_the_list_says_what_and_why_and_nothing_of_the_content(either_house: House) -> None:
    """A parked event is shown by what it is about and what went wrong; what it says of people is not shown."""
    _park(either_house, "a")
    listed = _list(either_house)
    assert listed["items"] == [
        {
            "id": "a",
            "type": "note.read.v1",
            "subject": "note/a",
            "error": "Refused at services/x.py:3",
            "attempts": 4,
            "parked_at": MORNING.isoformat(),
            "branch_id": "north",
            "state": "parked",
            "decided_by": None,
            "reason": None,
            "decided_at": None,
        }
    ]


def test_the_list_comes_in_pages(either_house: House) -> None:
    """Page after page shows each letter once, in the order of the ids, whatever is decided in between."""
    _park(either_house, "a", "b", "c", "d", "e")
    first = _list(either_house, limit=2)
    assert _decide(either_house, "discard", letter="b").status_code == 200
    second = _list(either_house, limit=2, after=first["next_after"])
    third = _list(either_house, limit=2, after=second["next_after"])
    assert [letter["id"] for page in (first, second, third) for letter in page["items"]] == ["a", "b", "c", "d", "e"]
    assert third["next_after"] is None


def test_a_branch_sees_its_own_and_the_company_all(either_house: House) -> None:
    """Letters of another branch, and those of no known branch, are there for those alone who see all branches."""
    _park(either_house, "a")
    _park(either_house, "b", branch="south")
    _park(either_house, "c", branch=None)
    assert (_ids(either_house, NORTH), _ids(either_house, SOUTH)) == (["a"], ["b"])
    assert _ids(either_house) == ["a", "b", "c"]


def test_a_retry_makes_it_due_and_keeps_who_and_why(either_house: House) -> None:
    """The letter leaves the list of parked ones, waits for the consumer at once, and says who decided and why."""
    _park(either_house, "a")
    answer = _decide(either_house, "retry", NORTH).get_json()
    assert (answer["state"], answer["decided_by"], answer["reason"]) == ("retried", "anna", WHY["reason"])
    assert "body" not in answer
    assert (_ids(either_house), _due(either_house)) == ([], 1)
    assert _list(either_house, state="retried")["items"] == [answer]


def test_a_retry_is_due_by_the_machines_time(either_house: House) -> None:
    """With a business clock that stands in the past, or in the future, the event is due at once all the same."""
    standing = either_house.database.clock
    assert isinstance(standing, StandingClock)
    standing.move_to(MORNING.replace(year=2999))
    _park(either_house, "a")
    assert _decide(either_house, "retry").status_code == 200
    assert _due(either_house) == 1


def test_what_was_discarded_stays_readable(either_house: House) -> None:
    """A discarded letter is handled by nobody and stands in the list of discarded ones, with who and why."""
    _park(either_house, "a")
    answer = _decide(either_house, "discard").get_json()
    assert _list(either_house, state="discarded")["items"] == [answer]
    assert (answer["decided_by"], answer["reason"], answer["decided_at"]) == (
        "owner",
        WHY["reason"],
        MORNING.isoformat(),
    )
    assert (_ids(either_house), _ids(either_house, state="retried"), _due(either_house)) == ([], [], 0)


@pytest.mark.parametrize("again", ["retry", "discard"])
@pytest.mark.parametrize("first", ["retry", "discard"])
def test_a_second_decision_is_refused(either_house: House, first: str, again: str) -> None:
    """Who comes second is told so in their language, and nothing is done or noted."""
    _park(either_house, "a")
    _decide(either_house, first, NORTH)
    zh = problem(_decide(either_house, again, headers={"Accept-Language": "zh"}), 409, "dead_letter_decided")
    en = problem(_decide(either_house, again, headers={"Accept-Language": "en"}), 409, "dead_letter_decided")
    assert "已经有人处理过" in zh["detail"] and "already" in en["detail"]
    assert (_noted(either_house), _due(either_house)) == (1, 1 if first == "retry" else 0)


@pytest.mark.parametrize("decision", ["retry", "discard"])
def test_of_many_who_decide_at_once_one_does(either_house: House, decision: str) -> None:
    """Eight people decide the same letter at the same moment: one decision holds and seven are told."""
    _park(either_house, "a")
    answers = either_house.at_once(8, lambda _n: _decide(either_house, decision))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7
    assert _noted(either_house) == 1


@pytest.mark.parametrize("decision", ["retry", "discard"])
def test_an_unknown_letter_and_another_branchs_are_refused_alike(either_house: House, decision: str) -> None:
    """Nobody learns that another branch's letter exists, in either language."""
    _park(either_house, "a")
    for language, words in (("zh", "没有这个编号的死信"), ("en", "no dead letter with this id")):
        spoken = {"Accept-Language": language}
        unknown = problem(_decide(either_house, decision, letter="z", headers=spoken), 404, "no_such_dead_letter")
        foreign = problem(_decide(either_house, decision, SOUTH, headers=spoken), 404, "no_such_dead_letter")
        assert unknown["detail"] == foreign["detail"]
        assert words in unknown["detail"]
    assert _ids(either_house) == ["a"]


@pytest.mark.parametrize("decision", ["retry", "discard"])
@pytest.mark.parametrize("body", [{}, {"reason": None}, {"reason": " \n"}, {"reason": "x" * 401}, {"reason": 5}])
def test_a_decision_without_a_reason_is_refused(house: House, decision: str, body: object) -> None:
    """A reason is words, not blanks, and not a letter of its own."""
    _park(house, "a")
    answer = problem(_decide(house, decision, json=body), 422, "invalid")
    assert [error["field"] for error in answer["errors"]] == ["reason"]
    assert _ids(house) == ["a"]


def test_a_state_that_does_not_exist_is_refused(house: House) -> None:
    """The list knows three states."""
    answer = house.ask("GET", PATH, OWNER, query_string={"state": "lost"})
    assert [error["field"] for error in problem(answer, 422, "invalid")["errors"]] == ["state"]


@pytest.mark.parametrize("decision", ["retry", "discard"])
def test_a_repeated_request_decides_once(either_house: House, decision: str) -> None:
    """With the same Idempotency-Key the second answer is the first one again, not a refusal."""
    _park(either_house, "a")
    key = {"Idempotency-Key": "once"}
    first = _decide(either_house, decision, headers=key)
    again = _decide(either_house, decision, headers=key)
    assert (again.status_code, again.get_json()) == (200, first.get_json())
    assert again.headers["Idempotent-Replayed"] == "true"
    with either_house.database.read() as tx:
        assert tx.execute(select(func.count()).select_from(audit_trail)).scalar_one() == 1
