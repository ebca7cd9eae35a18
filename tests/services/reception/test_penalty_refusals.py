"""Who sees penalties, who decides about them, and what is refused."""

from typing import Any

import pytest

from chassis.identity import Who
from tests.services.reception.court import (
    AUDITOR,
    FRONT_DESK,
    HEADQUARTERS,
    LI,
    MANAGER,
    SECOND,
    SUPERVISOR,
    WEST_MANAGER,
    WU,
    ZHAO,
    Court,
    one,
)
from tests.services.synthetic import EAST, named

REASON = {"reason": "已核实"}


def test_nobody_decides_in_their_own_case(court: Court) -> None:
    """A manager may appeal against their own penalty; another manager or headquarters decides, a removal too."""
    penalty = court.record("manager", "quarrel", by=SECOND)
    for step in ("confirm", "waive"):
        path = f"penalties/{penalty['penalty_id']}/{step}"
        assert court.refused(MANAGER, "POST", path, REASON) == (403, "own_case")
    court.take(MANAGER, penalty, "appeal")
    path = f"penalties/{penalty['penalty_id']}/uphold"
    assert court.refused(MANAGER, "POST", path, REASON) == (403, "own_case")
    assert court.take(HEADQUARTERS, penalty, "uphold")["state"] == "upheld"
    (case,) = court.did(HEADQUARTERS, "GET", "cases")["items"]
    himself = one("headquarters", "manager")
    body = {"decision": "kept", "reason": "x"}
    assert court.refused(himself, "POST", f"cases/{case['case_id']}/decide", body) == (403, "own_case")


def test_only_the_person_appeals(court: Court) -> None:
    """Not the supervisor, not the manager; a colleague does not even see it."""
    penalty = court.record("li", "not_greeted")
    path = f"penalties/{penalty['penalty_id']}/appeal"
    for who in (SUPERVISOR, MANAGER):
        assert court.refused(who, "POST", path, REASON) == (403, "not_your_penalty")
    assert court.refused(WU, "POST", path, REASON) == (404, "unknown_penalty")


@pytest.mark.parametrize("who", [LI, WU, SUPERVISOR, AUDITOR, FRONT_DESK], ids=lambda who: who.role)
def test_only_managers_decide(court: Court, who: Who) -> None:
    """A salesperson, a supervisor, an auditor and the front desk neither record a penalty nor decide about one."""
    penalty = court.record("zhao", "not_greeted")
    new = {"staff_id": named("zhao"), "cause": "quarrel", "note": "x"}
    assert court.refused(who, "POST", "penalties", new) == (403, "permission_missing")
    for step in ("confirm", "waive", "uphold"):
        path = f"penalties/{penalty['penalty_id']}/{step}"
        assert court.refused(who, "POST", path, REASON) == (403, "permission_missing")


def test_who_sees_whose_penalties(court: Court) -> None:
    """One's own, one's team's, one's branch's, all of them; auditors read; nobody of another branch sees any."""
    for name in ("li", "zhao"):
        court.record(name, "not_greeted")
    seen = {who.actor_id: sorted(row["name"] for row in court.listed(who)) for who in (LI, WU, ZHAO, SUPERVISOR)}
    assert seen == {LI.actor_id: ["li"], WU.actor_id: [], ZHAO.actor_id: ["zhao"], SUPERVISOR.actor_id: ["li"]}
    for who in (MANAGER, HEADQUARTERS, AUDITOR):
        assert len(court.listed(who)) == 2
    assert court.listed(WEST_MANAGER) == []
    assert court.refused(FRONT_DESK, "GET", "penalties") == (403, "permission_missing")
    assert court.refused(None, "GET", "penalties")[0] == 401


def test_penalties_are_chosen_by_person_state_month_and_branch(court: Court) -> None:
    """Each parameter leaves what it names."""
    court.confirmed("li", "not_greeted")
    court.record("wu", "not_greeted")
    for asked in (f"?staff_id={named('li')}", "?state=confirmed", "?month=2026-03"):
        assert [row["name"] for row in court.listed(MANAGER, asked)] == ["li"]
    assert len(court.listed(HEADQUARTERS, f"?branch_id={EAST}")) == 2
    assert court.refused(MANAGER, "GET", "penalties?state=forgiven") == (422, "invalid")


def test_anothers_file_does_not_exist(court: Court) -> None:
    """A penalty, points or a case out of reach answers like one that never was: 404."""
    penalty = court.record("zhao", "quarrel")
    (case,) = court.did(MANAGER, "GET", "cases")["items"]
    for who in (LI, SUPERVISOR, WEST_MANAGER):
        assert court.refused(who, "GET", f"penalties/{penalty['penalty_id']}") == (404, "unknown_penalty")
        assert court.refused(who, "GET", f"points/{named('zhao')}") == (404, "unknown_person")
    assert court.refused(WEST_MANAGER, "POST", f"penalties/{penalty['penalty_id']}/waive", REASON)[0] == 404
    body = {"decision": "kept", "reason": "x"}
    assert court.refused(HEADQUARTERS, "POST", "cases/none/decide", body) == (404, "unknown_case")
    assert case["staff_id"] == named("zhao")
    assert court.points(AUDITOR, "zhao") == 0


@pytest.mark.parametrize(
    "change",
    [
        {"note": " "},
        {"cause": "singing"},
        {"cause": "late"},
        {"late_by": 60},
        {"evidence": "no subject"},
        {"evidence": "a/1\n"},
        {"fine": 1},
    ],
)
def test_a_penalty_of_no_known_form(court: Court, change: dict[str, Any]) -> None:
    """Without what happened, for no known cause, or late by nothing, no penalty is recorded."""
    body = {"staff_id": named("li"), "cause": "quarrel", "note": "x"} | change
    assert court.refused(MANAGER, "POST", "penalties", body) == (422, "invalid")
    assert court.listed(MANAGER) == []


def test_what_has_not_happened_is_not_penalised(court: Court) -> None:
    """A deed of tomorrow, by the branch's clock, is refused; today's at the last minute of the day is not."""
    body = {"staff_id": named("li"), "cause": "quarrel", "note": "x", "day": "2026-03-03"}
    assert court.refused(MANAGER, "POST", "penalties", body) == (422, "not_happened_yet")
    court.later(hours=15)
    court.did(MANAGER, "POST", "penalties", body)


def test_who_may_be_penalised(court: Court) -> None:
    """Somebody who works at the branch; headquarters names the branch; the same evidence is used once."""
    body = {"staff_id": "nobody", "cause": "quarrel", "note": "x"}
    assert court.refused(MANAGER, "POST", "penalties", body) == (422, "unknown_staff")
    body |= {"staff_id": named("li"), "evidence": "dispute/7"}
    assert court.refused(HEADQUARTERS, "POST", "penalties", body) == (422, "unknown_branch")
    court.did(HEADQUARTERS, "POST", "penalties", body | {"branch_id": EAST})
    assert court.refused(MANAGER, "POST", "penalties", body) == (409, "already_recorded")


def test_a_decision_takes_a_reason_and_a_state_that_leads_on(court: Court) -> None:
    """Without a reason 422; what is decided stays decided, and the refusal says where it stands."""
    penalty = court.record("li", "not_greeted")
    path = f"penalties/{penalty['penalty_id']}"
    assert court.refused(MANAGER, "POST", f"{path}/confirm", {"reason": " "}) == (422, "invalid")
    assert court.refused(MANAGER, "POST", f"{path}/uphold", REASON) == (409, "penalty_stands")
    court.take(MANAGER, penalty, "waive")
    for step in ("confirm", "waive", "uphold"):
        assert court.refused(MANAGER, "POST", f"{path}/{step}", REASON) == (409, "penalty_stands")
    assert "waived" in court.tried(MANAGER, "POST", f"{path}/waive", REASON).get_json()["detail"]
