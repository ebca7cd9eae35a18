"""The ledger of penalties over HTTP: proposed, appealed, decided, on the record."""

from typing import Any

import pytest
from sqlalchemy import select

from chassis import ledger
from chassis.events import Envelope
from chassis.events.tables import outbox
from chassis.identity import Who
from services.reception.policy.rules import Cause
from tests.services import synthetic
from tests.services.reception.court import (
    HEADQUARTERS,
    LI,
    MANAGER,
    SECOND,
    Court,
    one,
)
from tests.services.reception.office import Office
from tests.services.reception.test_together import together
from tests.services.synthetic import named

REASON = {"reason": "已核实"}


def told(court: Court | Office, of: str = "penalty") -> list[Envelope]:
    """What was announced of penalties, or of something else, oldest first."""
    with court.database.read() as tx:
        bodies = tx.execute(select(outbox.c.body).where(outbox.c.type.like(f"{of}.%")).order_by(outbox.c.n)).scalars()
        return [Envelope.from_json(body) for body in bodies]


def test_1_1_who_did_not_greet_is_proposed_and_nothing_moves(office: Office) -> None:
    """一.1: past the limit 10 yuan and 5 points are proposed with the register's entries; nothing moves."""
    li = one("salesperson", "li")
    office.come("li", "wu")
    arrived = office.visit()
    office.later(seconds=62)
    office.greet("wu", office.visit())
    path = "/api/v1/reception/discipline/"
    (penalty,) = office.did(li, "GET", f"{path}penalties")["items"]
    assert (penalty["article"], penalty["fine"], penalty["points"]) == ("一.1", 10, 5)
    assert (penalty["state"], penalty["month"], penalty["day"]) == ("proposed", None, "2026-03-02")
    assert office.did(li, "GET", f"{path}points/{named('li')}")["balance"] == 0
    file = office.did(li, "GET", f"{path}penalties/{penalty['penalty_id']}")
    kinds = [entry["kind"] for entry in file["rests_on"]]
    assert kinds[:3] == ["reception.opened", "reception.assigned", "reception.passed_on"]
    assert {entry["facts"]["reception_id"] for entry in file["rests_on"]} == {arrived["reception_id"]}
    assert [event.type for event in told(office)] == ["penalty.proposed.v1"]


def test_a_wall_screen_shows_no_fines(office: Office) -> None:
    """What the board shows of a hall names no fine, no points, no penalty."""
    office.come("li", "wu")
    office.visit()
    office.later(seconds=62)
    office.greet("wu", office.visit())
    shown = str(office.board())
    assert [word for word in ("fine", "points", "penalt") if word in shown] == []


def test_1_2_a_quarrel_is_fined_and_reported_for_removal(court: Court) -> None:
    """一.2: 50 yuan, 20 points, and a case that headquarters decides with a reason once the penalty counts."""
    penalty = court.record("li", "quarrel")
    assert (penalty["article"], penalty["fine"], penalty["points"]) == ("一.2", 50, 20)
    assert (penalty["note"], penalty["recorded_by"]) == ("大声指责同事", MANAGER.actor_id)
    (case,) = court.did(HEADQUARTERS, "GET", "cases")["items"]
    assert (case["state"], case["penalty_id"], case["name"]) == ("open", penalty["penalty_id"], "li")
    decision = f"cases/{case['case_id']}/decide"
    body = {"decision": "kept", "reason": "初犯，予以警告"}
    assert court.refused(HEADQUARTERS, "POST", decision, body) == (409, "penalty_undecided")
    court.take(SECOND, penalty, "confirm")
    assert court.refused(MANAGER, "POST", decision, body) == (403, "permission_missing")
    decided = court.did(HEADQUARTERS, "POST", decision, body)
    assert (decided["state"], decided["reason"]) == ("kept", body["reason"])
    assert decided["decided_by"] == HEADQUARTERS.actor_id
    assert court.refused(HEADQUARTERS, "POST", decision, body) == (409, "case_decided")
    kinds = [entry.kind for entry in court.register()]
    expected = ["penalty.proposed", "removal_case.opened", "penalty.decided", "removal_case.decided"]
    assert kinds == expected
    announced = [(one.type, one.sequence, one.data["state"]) for one in told(court, "removal_case")]
    assert announced == [("removal_case.opened.v1", 1, "open"), ("removal_case.decided.v1", 2, "kept")]
    assert body["reason"] not in str([one.data for one in told(court, "removal_case")])


@pytest.mark.parametrize("how", ["waived", "withdrawn"])
def test_1_2_a_case_falls_with_its_penalty(court: Court, how: str) -> None:
    """Nothing is left to decide when the quarrel's penalty is let go, or what it rests on falls."""
    penalty = court.record("li", "quarrel", evidence="dispute/7")
    if how == "waived":
        court.take(MANAGER, penalty, "waive")
    else:
        court.withdraw("dispute/7")
    (case,) = court.did(LI, "GET", "cases")["items"]
    assert case["state"] == "dropped"
    fell = told(court, "removal_case")[-1]
    assert (fell.sequence, fell.data["state"], fell.data["decided_by"]) == (2, "dropped", None)
    body = {"decision": "removed", "reason": "x"}
    assert court.refused(HEADQUARTERS, "POST", f"cases/{case['case_id']}/decide", body) == (409, "case_decided")


def test_other_penalties_open_no_case(court: Court) -> None:
    """Only a quarrel is reported to the administration."""
    court.record("li", "not_greeted")
    assert court.did(HEADQUARTERS, "GET", "cases")["items"] == []


def test_2_1_lateness_by_hand(court: Court) -> None:
    """二.1: eleven minutes late by hand cost 20 and 10; half an hour and a second is absence."""
    late = court.record("li", "late", late_by=660)
    assert (late["cause"], late["article"], late["fine"], late["points"]) == ("late", "二.1", 20, 10)
    absent = court.record("li", "late", late_by=1801)
    assert (absent["cause"], absent["fine"], absent["points"]) == ("absent", 50, 20)


def test_confirmed_it_counts(court: Court) -> None:
    """A manager confirms with a reason: the points are written, the entry names the penalty, the event says all."""
    penalty = court.take(MANAGER, court.record("li", "not_greeted"), "confirm", "看过监控")
    assert (penalty["state"], penalty["reason"], penalty["month"]) == ("confirmed", "看过监控", "2026-03")
    points = court.did(LI, "GET", f"points/{named('li')}")
    (entry,) = points["items"]
    assert (points["balance"], entry["points"], entry["penalty_id"]) == (-5, -5, penalty["penalty_id"])
    last = told(court)[-1]
    assert (last.type, last.subject, last.sequence) == ("penalty.decided.v1", f"penalty/{penalty['penalty_id']}", 2)
    said = {"state": "confirmed", "fine": 10, "points": 5, "decided_by": MANAGER.actor_id, "month": "2026-03"}
    assert {name: last.data[name] for name in said} == said
    assert "看过监控" not in str(last.data)


def test_an_appeal_is_one_tap_with_the_evidence_attached(court: Court) -> None:
    """The person says why; the file holds every step with who, when and why, each in the register by its hash."""
    penalty = court.take(LI, court.record("li", "not_greeted"), "appeal", "我当时在接电话")
    assert (penalty["state"], penalty["appeal"]) == ("appealed", "我当时在接电话")
    court.take(MANAGER, penalty, "uphold", "监控显示未迎接")
    file = court.did(LI, "GET", f"penalties/{penalty['penalty_id']}")
    steps = [(step["state"], step["by"], step["said"]) for step in file["steps"]]
    assert steps == [
        ("proposed", MANAGER.actor_id, "大声指责同事"),
        ("appealed", LI.actor_id, "我当时在接电话"),
        ("upheld", MANAGER.actor_id, "监控显示未迎接"),
    ]
    assert [step["hash"] for step in file["steps"]] == [entry.hash for entry in court.register()]
    assert [event.type.split(".")[1] for event in told(court)] == ["proposed", "appealed", "decided"]


def test_a_confirmed_penalty_may_still_be_appealed(court: Court) -> None:
    """Until the appeal is decided its points are given back; upheld it counts again, waived it does not."""
    penalty = court.confirmed("li", "not_greeted")
    assert court.points(LI) == -5
    court.take(LI, penalty, "appeal")
    assert (court.points(LI), court.month()["people"]) == (0, [])
    court.take(MANAGER, penalty, "uphold")
    assert court.points(LI) == -5
    assert court.refused(LI, "POST", f"penalties/{penalty['penalty_id']}/appeal", REASON) == (409, "penalty_stands")
    other = court.confirmed("li", "not_greeted")
    court.take(LI, other, "appeal")
    court.take(MANAGER, other, "waive")
    assert court.points(LI) == -5


def test_what_it_was_built_on_falls(court: Court) -> None:
    """Withdrawn, a penalty moves nothing any more, whatever it was; one that was waived stays waived."""
    for evidence in ("reception/1", "reception/2", "reception/3"):
        court.propose("li", evidence)
    third, second, _first = sorted(court.listed(MANAGER), key=lambda row: str(row["evidence"]), reverse=True)
    court.take(MANAGER, second, "confirm")
    court.take(MANAGER, third, "waive")
    assert court.points(LI) == -5
    for evidence in ("reception/1", "reception/2", "reception/3"):
        court.withdraw(evidence)
    states = {row["evidence"]: row["state"] for row in court.listed(LI)}
    assert states == {"reception/1": "withdrawn", "reception/2": "withdrawn", "reception/3": "waived"}
    assert court.points(LI) == 0
    assert court.withdraw("reception/1") == []


def test_what_falls_for_one_person_stands_for_another(court: Court) -> None:
    """Of two who are penalised for the same, one is taken back by name."""
    for name in ("li", "wu"):
        court.propose(name, "reception/1")
    assert len(court.withdraw("reception/1", "li")) == 1
    assert {row["name"]: row["state"] for row in court.listed(MANAGER)} == {"li": "withdrawn", "wu": "proposed"}


def test_proposed_once_for_what_caused_it(court: Court) -> None:
    """The same person, cause and evidence again is nothing new: one penalty, one event, one entry."""
    assert [court.propose("li", "reception/1") for _ in range(3)] == [True, False, False]
    assert court.propose("wu", "reception/1")
    assert court.propose("li", "reception/1", Cause.FORFEITS)
    assert len(court.listed(MANAGER)) == len(told(court)) == len(court.register()) == 3


def test_the_register_shows_a_change_and_survives_an_erasure(court: Court) -> None:
    """What was said stands apart: erased, the chain is whole and the file goes on without it."""
    penalty = court.confirmed("li", "not_greeted")
    with court.database.write() as tx:
        assert ledger.erase_personal(tx, f"penalty/{penalty['penalty_id']}") == 2
    assert len(court.register()) == 2
    file = court.did(MANAGER, "GET", f"penalties/{penalty['penalty_id']}")
    assert [step["said"] for step in file["steps"]] == [None, None]


def test_evidence_of_another_branch_is_not_shown(court: Court) -> None:
    """Whatever subject a manager names, the file shows entries of the branch's own registers only."""
    west = court.did(HEADQUARTERS, "POST", "penalties", _quarrel_of_the_west(court))
    here = court.record("li", "quarrel", evidence=f"penalty/{west['penalty_id']}")
    assert court.did(MANAGER, "GET", f"penalties/{here['penalty_id']}")["rests_on"] == []


def test_two_managers_at_once(office: Office) -> None:
    """Eight decide about one penalty at the same moment: one is heard, and the points are written once."""
    path = "/api/v1/reception/discipline/"
    body = {"staff_id": named("li"), "cause": "not_greeted", "note": "x"}
    penalty = office.did(MANAGER, "POST", f"{path}penalties", body)
    deeds = [lambda n=n: office.tried(_manager(n), "POST", _deed(penalty, n), REASON).status_code for n in range(8)]
    assert sorted(together(deeds)) == [200] + [409] * 7
    balance = office.did(MANAGER, "GET", f"{path}points/{named('li')}")["balance"]
    state = office.did(MANAGER, "GET", f"{path}penalties/{penalty['penalty_id']}")["state"]
    assert (state, balance) in (("confirmed", -5), ("waived", 0))


def _manager(n: int) -> Who:
    return one("manager", f"manager {n}")


def _deed(penalty: dict[str, Any], n: int) -> str:
    return f"/api/v1/reception/discipline/penalties/{penalty['penalty_id']}/{'confirm' if n % 2 else 'waive'}"


def _quarrel_of_the_west(court: Court) -> dict[str, Any]:
    court.hear(synthetic.staff("sun", branch_id=synthetic.WEST))
    return {"staff_id": named("sun"), "cause": "quarrel", "note": "x", "branch_id": synthetic.WEST}
