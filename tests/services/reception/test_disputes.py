"""Conflicts between colleagues (同事冲突): reported with one tap, settled with a reason, penalising nobody."""

from typing import Any

import pytest

from tests.services.reception.court import (
    AUDITOR,
    FRONT_DESK,
    HEADQUARTERS,
    LI,
    MANAGER,
    SUPERVISOR,
    WEST_MANAGER,
    WU,
    ZHAO,
    Court,
    one,
)
from tests.services.reception.office import Office
from tests.services.reception.test_penalties import told
from tests.services.synthetic import named

SAID = {"said": "他抢了我的客户"}
REASON = {"reason": "按登记先后，客户归李"}


def reported(court: Court, **more: Any) -> dict[str, Any]:
    return court.did(LI, "POST", "disputes", SAID | {"other_id": named("wu")} | more)


def test_1_2_a_dispute_is_reported_and_settled(court: Court) -> None:
    """一.2: either side reports to who leads on site, who settles it with a reason; both steps are on the record."""
    dispute = reported(court, customer_id="customer")
    assert (dispute["reporter"], dispute["other"], dispute["customer_id"]) == ("li", "wu", "customer")
    assert dispute["decided_at"] is None
    settled = court.did(MANAGER, "POST", f"disputes/{dispute['dispute_id']}/decide", REASON)
    assert (settled["decided_by"], settled["reason"]) == (MANAGER.actor_id, REASON["reason"])
    register = [(entry.kind, entry.body["by"], dict(entry.personal or {})) for entry in court.register()]
    assert register == [
        ("dispute.reported", LI.actor_id, SAID),
        ("dispute.decided", MANAGER.actor_id, {"said": REASON["reason"]}),
    ]
    announced = [(event.type, event.sequence, event.data["decided_by"]) for event in told(court, "dispute")]
    assert announced == [("dispute.reported.v1", 1, None), ("dispute.decided.v1", 2, MANAGER.actor_id)]
    assert SAID["said"] not in str([event.data for event in told(court, "dispute")])


def test_1_2_a_dispute_penalises_nobody(court: Court) -> None:
    """Nothing follows by itself; only a quarrel is penalised, by a manager, resting on the dispute."""
    dispute = reported(court)
    court.did(MANAGER, "POST", f"disputes/{dispute['dispute_id']}/decide", REASON)
    assert court.listed(MANAGER) == []
    penalty = court.record("wu", "quarrel", evidence=f"dispute/{dispute['dispute_id']}")
    file = court.did(WU, "GET", f"penalties/{penalty['penalty_id']}")
    assert [entry["kind"] for entry in file["rests_on"]] == ["dispute.reported", "dispute.decided"]


def test_1_2_a_supervisor_settles_what_is_between_theirs(court: Court) -> None:
    """一.2 names the supervisor too: of their team; what is between others they do not see."""
    dispute = reported(court)
    assert court.did(SUPERVISOR, "POST", f"disputes/{dispute['dispute_id']}/decide", REASON)["decided_by"]
    others = court.did(ZHAO, "POST", "disputes", SAID | {"other_id": named("manager")})
    path = f"disputes/{others['dispute_id']}/decide"
    assert court.refused(SUPERVISOR, "POST", path, REASON) == (404, "unknown_dispute")


def test_the_reception_names_the_customer(office: Office) -> None:
    """One tap from a reception: its customer comes with it; a reception that is not the branch's is refused."""
    li = one("salesperson", "li")
    office.come("li")
    done = office.complete("li", office.visit(), "13800138000")
    path = "/api/v1/reception/discipline/disputes"
    body = SAID | {"other_id": named("wu"), "reception_id": done["reception_id"]}
    assert office.did(li, "POST", path, body)["customer_id"] == done["customer_id"]
    assert office.tried(li, "POST", path, body | {"reception_id": "none"}).status_code == 404


def test_nobody_settles_their_own(court: Court) -> None:
    """A side of the dispute does not decide it, manager or not; and nobody decides twice."""
    dispute = court.did(LI, "POST", "disputes", SAID | {"other_id": named("manager")})
    path = f"disputes/{dispute['dispute_id']}/decide"
    assert court.refused(MANAGER, "POST", path, REASON) == (403, "own_case")
    court.did(HEADQUARTERS, "POST", path, REASON)
    assert court.refused(HEADQUARTERS, "POST", path, REASON) == (409, "dispute_decided")


def test_who_sees_a_dispute(court: Court) -> None:
    """Both sides, who leads either, the manager, headquarters and auditors; no colleague, no other branch."""
    reported(court)
    for who in (LI, WU, SUPERVISOR, MANAGER, HEADQUARTERS, AUDITOR):
        assert len(court.did(who, "GET", "disputes")["items"]) == 1
    for who in (ZHAO, WEST_MANAGER):
        assert court.did(who, "GET", "disputes")["items"] == []
    assert court.refused(FRONT_DESK, "GET", "disputes") == (403, "permission_missing")


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"other_id": named("li")}, (422, "nobody_else")),
        ({"other_id": "nobody"}, (422, "unknown_staff")),
        ({"said": " "}, (422, "invalid")),
    ],
)
def test_a_dispute_with_nobody(court: Court, change: dict[str, Any], refusal: tuple[int, str]) -> None:
    """With oneself, with somebody unknown, or about nothing, no dispute is reported."""
    assert court.refused(LI, "POST", "disputes", SAID | {"other_id": named("wu")} | change) == refusal


def test_who_neither_reports_nor_settles(court: Court) -> None:
    """Headquarters stand in no hall; a salesperson settles nothing; auditors only read."""
    dispute = reported(court)
    assert court.refused(HEADQUARTERS, "POST", "disputes", SAID | {"other_id": named("wu")}) == (422, "unknown_branch")
    for who in (WU, AUDITOR):
        path = f"disputes/{dispute['dispute_id']}/decide"
        assert court.refused(who, "POST", path, REASON) == (403, "permission_missing")
    assert court.refused(AUDITOR, "POST", "disputes", SAID | {"other_id": named("wu")}) == (403, "permission_missing")
