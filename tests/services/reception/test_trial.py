"""A policy tried on the past days of a branch, over HTTP."""

from typing import Any

from chassis import ledger
from tests.services import synthetic
from tests.services.asking import code_of
from tests.services.reception.office import ALL_DAY, HEADQUARTERS, MANAGER, SUPERVISOR, WEST_MANAGER, Office, seller
from tests.services.synthetic import EAST, WEST, named

PATH = "/api/v1/reception/policies/trial"


def asked(first: str = "2026-03-02", last: str = "2026-03-02", **values: Any) -> dict[str, Any]:
    return {"branch_id": EAST, "values": values, "from_day": first, "to_day": last}


def tried(office: Office, first: str = "2026-03-02", last: str = "2026-03-02", **values: Any) -> dict[str, Any]:
    return office.did(MANAGER, "POST", PATH, asked(first, last, **values))


def a_day(office: Office) -> tuple[dict[str, Any], dict[str, Any]]:
    """Li greets after 45 seconds and registers; Wu greets at once; an own customer of Zhao's comes, by phone alone."""
    office.come("li", "wu", "zhao")
    first = office.visit()
    office.later(seconds=45)
    office.greet("li", first)
    second = office.visit()
    office.greet("wu", second)
    office.later(minutes=20)
    office.complete("li", first, "13800138000")
    office.complete("wu", second, "13900139000")
    phone = {"name": "赵客", "phone": "+8613700137000", "salt": "0"}
    office.hear(synthetic.customer("known", owner_id=named("zhao"), personal=phone))
    own = office.visit(phone="13700137000")
    office.greet("zhao", own)
    office.complete("zhao", own, "13700137000")
    return first, own


def test_a_trial_says_what_would_have_changed_for_whom(sqlite_office: Office) -> None:
    """一.1: with 30 seconds Li is fined and Wu receives; the next visitor finds the line as it would have been."""
    office = sqlite_office
    first, _own = a_day(office)
    office.later(days=1)
    told = tried(office, greet_within=30)
    before, after = told["totals"]["before"], told["totals"]["after"]
    more = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert more == {"penalties": 1, "fine": 10, "points": 5, "passed_on": 1}
    (penalty,) = told["penalties"]
    assert penalty["before"] is None
    assert [penalty["cause"], penalty["evidence"]] == ["not_greeted", f"reception/{first['reception_id']}"]
    assert penalty["after"] | {"staff_id": named("li"), "name": "li", "fine": 10, "sure": True} == penalty["after"]
    assert told["assignments"][0]["after"]["name"] == "wu"
    assert "li" in {one["name"] for one in told["people"]}
    assert [one["code"] for one in told["re_decided"]][0] == "who_receives"
    assert [one["branch_id"] for one in (*told["branches"], penalty, told["people"][0])] == [EAST] * 3
    assert told["branches"][0]["totals"] == told["totals"]


def test_a_trial_says_what_it_cannot_know(sqlite_office: Office) -> None:
    """A visitor whom somebody else would have received might have gone otherwise: said, in both languages."""
    for language, word in (("zh", "无从得知"), ("en", "no trial can know")):
        told = sqlite_office.tried(MANAGER, "POST", PATH, asked(), language=language).get_json()
        assert [one["code"] for one in told["cannot_know"]] == [
            "another_server",
            "other_behaviour",
            "longer_time_to_greet",
        ]
        assert all(word in one["text"] for one in told["cannot_know"])
        assert all(one["text"] for one in told["re_decided"] + told["as_it_happened"])


def test_a_shorter_limit_of_stepping_out_is_tried(sqlite_office: Office) -> None:
    """Zhao, behind A and B, is out for 20 minutes; with 10 that is an overstay, and by the draft a forfeit."""
    office = sqlite_office
    office.come("li", "wu", "zhao")
    office.did(seller("zhao"), "POST", office.path("step-out"), {"reason": "meal"})
    office.later(minutes=20)
    office.did(seller("zhao"), "POST", office.path("return"))
    told = tried(office, out_for={"meal": 600}, overstaying_counts_as_forfeit=True)
    (overstay,) = told["overstays"]
    assert (overstay["before"], overstay["after"]["name"]) == (None, "zhao")
    assert [(one["evidence"], one["after"]["name"]) for one in told["forfeits"]] == [
        (f"step_out/{overstay['step_out_id']}", "zhao")
    ]
    assert told["totals"]["after"]["overstays"] == 1


def test_headquarters_tries_the_companys_default_in_every_branch(sqlite_office: Office) -> None:
    """What a branch decided for itself stays above the company's draft; where nothing was decided the draft holds."""
    office = sqlite_office
    a_day(office)
    office.later(days=1)
    body = asked(greet_within=30) | {"branch_id": None}
    told = office.did(HEADQUARTERS, "POST", PATH, body)
    assert {one["branch_id"] for one in told["branches"]} == {EAST, WEST}
    assert (told["branch_id"], told["totals"]["after"]["passed_on"]) == (None, 1)
    assert [one["branch_id"] for one in told["penalties"]] == [EAST]
    by_branch = {one["branch_id"]: one["totals"]["after"]["fine"] for one in told["branches"]}
    assert by_branch == {EAST: told["totals"]["after"]["fine"], WEST: 0}
    own = {"branch_id": EAST, "values": {"greet_within": 60}, "holds_from": "2026-03-04", "reason": "试行"}
    office.did(MANAGER, "POST", "/api/v1/reception/policies", own)
    office.later(days=1)
    late = office.visit()
    office.later(seconds=45)
    assert office.act(SUPERVISOR, late, "greet").status_code == 200
    assert tried(office, "2026-03-04", "2026-03-04", greet_within=30)["totals"]["after"]["passed_on"] == 1
    body = asked("2026-03-04", "2026-03-04", greet_within=30) | {"branch_id": None}
    assert office.did(HEADQUARTERS, "POST", PATH, body)["penalties"] == []
    refused = office.tried(MANAGER, "POST", PATH, body)
    assert (refused.status_code, code_of(refused)) == (403, "company_policy_is_headquarters")


def test_a_late_tap_is_evidence(sqlite_office: Office) -> None:
    """一.1: who came after 70 seconds would have been in time with 90: no fine, and the visitor is not passed on."""
    office = sqlite_office
    office.come("li", "wu")
    reception = office.visit()
    office.later(seconds=70)
    office.greet("li", reception)
    told = tried(office, greet_within=90)
    assert (told["totals"]["before"]["passed_on"], told["totals"]["after"]["passed_on"]) == (1, 0)
    assert told["totals"]["passed_on_unsure"] == 0
    assert [(one["cause"], one["after"]) for one in told["penalties"]] == [("not_greeted", None)]
    assert office.hall_now().doing.serving == {named("wu"): reception["reception_id"]}


def test_trying_what_holds_changes_nothing(sqlite_office: Office) -> None:
    """Nothing named, or everything as it is: no change for anybody, on any of the days."""
    office = sqlite_office
    a_day(office)
    office.later(days=1)
    current = office.did(MANAGER, "GET", "/api/v1/reception/policies/current")["values"]
    for values in ({}, current):
        told = tried(office, "2026-02-20", "2026-03-03", **values)
        assert [told[kind] for kind in ("assignments", "turns", "penalties", "people", "forfeits")] == [[]] * 5
        assert told["totals"]["before"] == told["totals"]["after"]
        assert told["totals"]["before"]["turns_used"] == 2
    assert office.gone_through_again() == office.assigned()


def test_nothing_is_stored_by_a_trial(sqlite_office: Office) -> None:
    """No version is made, no penalty proposed, and the register has no entry more."""
    office = sqlite_office
    a_day(office)
    with office.database.read() as tx:
        before = list(ledger.entries(tx, f"hall/{office.hall}"))
    tried(office, greet_within=30)
    with office.database.read() as tx:
        assert list(ledger.entries(tx, f"hall/{office.hall}")) == before
    assert office.did(MANAGER, "GET", "/api/v1/reception/policies")["items"] == []


def test_a_registration_by_phone_alone_may_not_be_enough(sqlite_office: Office) -> None:
    """Where it takes more than a phone to be an old customer, the visitor is a first visit, and A's turn is used."""
    office = sqlite_office
    _first, own = a_day(office)
    told = tried(office, registered_by_phone_is_returning=False)
    (turn,) = told["turns"]
    assert turn["reception_id"] == own["reception_id"]
    assert (turn["before"]["turn"], turn["after"]["turn"]) == ("kept", "used")
    assert told["assignments"][0]["after"]["role"] == "a"


def test_halls_may_be_joined(sqlite_office: Office) -> None:
    """一.6: on duty in another hall is off duty here, unless the policy joins the halls: then A stands in."""
    office = sqlite_office
    other = office.did(MANAGER, "POST", "/api/v1/reception/halls", {"name": "二号案场"})["hall_id"]
    path = f"/api/v1/reception/halls/{other}"
    office.did(MANAGER, "POST", f"{path}/members", {"staff_id": named("zhao")})
    roster = {"shifts": [ALL_DAY | {"staff_id": named("zhao")}]}
    office.did(MANAGER, "PUT", f"{path}/roster", roster, headers={"If-Match": '"0"'})
    office.did(seller("zhao"), "POST", f"{path}/clock-in")
    office.later(seconds=1)
    office.come("li")
    reception = office.visit(kind="returning", original_id=named("zhao"))
    assert reception["role"] == "whole_visit"
    told = tried(office, halls_joined=True)
    (change,) = told["assignments"]
    assert (change["before"]["role"], change["after"]["role"]) == ("whole_visit", "stand_in")


def test_days_before_the_first_are_as_they_were(sqlite_office: Office) -> None:
    """The draft is tried on the days asked for alone."""
    office = sqlite_office
    a_day(office)
    office.later(days=1)
    told = tried(office, "2026-03-03", "2026-03-03", greet_within=30)
    assert told["totals"]["before"] == told["totals"]["after"]
    assert told["totals"]["after"]["passed_on"] == 0


def test_what_cannot_be_tried_is_refused(sqlite_office: Office) -> None:
    """A day to come, a draft that is none, another branch's days, or somebody who decides nothing."""
    office = sqlite_office
    for who, body, status, code in (
        (MANAGER, asked(last="2026-03-03"), 422, "not_past_days"),
        (MANAGER, asked(first="2026-03-02", last="2026-03-01"), 422, "not_past_days"),
        (MANAGER, asked(first="2025-11-01"), 422, "not_past_days"),
        (MANAGER, asked(greet_in=3), 422, "unknown_setting"),
        (WEST_MANAGER, asked(), 422, "unknown_branch"),
        (seller("li"), asked(), 403, "permission_missing"),
    ):
        for language in ("zh", "en"):
            answer = office.tried(who, "POST", PATH, body, language=language)
            assert (answer.status_code, code_of(answer)) == (status, code)
    assert office.tried(HEADQUARTERS, "POST", PATH, asked()).status_code == 200
