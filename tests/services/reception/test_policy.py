"""What a branch decides for itself, from a day on, over HTTP."""

from typing import Any

import pytest
from sqlalchemy import event

from chassis import ledger
from chassis.identity import Who, system
from services.reception.policy.rules import BUILT_IN
from services.reception.policy.views import policy_of
from services.reception.tables import METADATA
from tests.services.asking import code_of
from tests.services.reception.office import HEADQUARTERS, MANAGER, SUPERVISOR, WEST_MANAGER, Office, seller
from tests.services.synthetic import EAST, WEST, rows_of

PATH = "/api/v1/reception/policies"


def decide(office: Office, who: Who, branch: str | None, day: str, **values: Any) -> str:
    """The name of a new version."""
    body = {"branch_id": branch, "holds_from": day, "values": values, "reason": "试行"}
    return str(office.did(who, "POST", PATH, body)["version"])


def current(office: Office, who: Who = MANAGER, query: str = "") -> dict[str, Any]:
    return office.did(who, "GET", f"{PATH}/current{query}")


def test_a_version_holds_from_its_day_on(sqlite_office: Office) -> None:
    """Made on Monday for Tuesday: on Monday evening nothing has changed, from Tuesday 00:00 local the new one holds."""
    office = sqlite_office
    assert decide(office, MANAGER, EAST, "2026-03-03", greet_within=90) == "E-1"
    office.later(hours=14, minutes=59)
    assert (current(office)["version"], current(office)["values"]["greet_within"]) == ("built-in-1", 60)
    office.later(minutes=1)
    told = current(office)
    assert (told["version"], told["values"]["greet_within"], told["day"]) == ("E-1", 90, "2026-03-03")
    assert (told["sources"]["greet_within"], told["sources"]["grace"]) == ("E-1", "built-in-1")


def test_the_branch_lies_over_the_company(office: Office) -> None:
    """What the branch leaves out is as headquarters decided; another branch has only that. Both are named."""
    decide(office, HEADQUARTERS, None, "2026-03-03", greet_within=45, grace=60)
    decide(office, MANAGER, EAST, "2026-03-04", greet_within=90)
    office.later(days=2)
    east, west = current(office), current(office, WEST_MANAGER)
    assert [east["version"], east["values"]["greet_within"], east["values"]["grace"]] == ["E-1+company.1", 90, 60]
    assert [west["version"], west["values"]["greet_within"], west["values"]["grace"]] == ["company.1", 45, 60]
    assert current(office, HEADQUARTERS)["branch_id"] is None
    assert current(office, HEADQUARTERS, f"?branch_id={EAST}&day=2026-03-03")["version"] == "company.1"


def test_the_latest_day_decides_and_of_one_day_the_last_word(office: Office) -> None:
    """A version made later for an earlier day is over when the other begins; one for the same day replaces it."""
    decide(office, MANAGER, EAST, "2026-03-10", greet_within=100)
    decide(office, MANAGER, EAST, "2026-03-05", greet_within=50)
    decide(office, MANAGER, EAST, "2026-03-05", greet_within=55)
    found = {day: current(office, MANAGER, f"?day=2026-03-{day}")["version"] for day in ("04", "05", "09", "10", "11")}
    assert found == {"04": "built-in-1", "05": "E-3", "09": "E-3", "10": "E-1", "11": "E-1"}


def test_versions_are_listed_with_who_and_why(sqlite_office: Office) -> None:
    """The last made first; a branch sees its own and the company's, headquarters all."""
    office = sqlite_office
    decide(office, MANAGER, EAST, "2026-03-05", greet_within=50)
    office.later(seconds=1)
    decide(office, HEADQUARTERS, None, "2026-03-05", grace=60)
    office.later(seconds=1)
    decide(office, WEST_MANAGER, WEST, "2026-03-05", grace=30)
    seen = {
        who.role + (who.branch_id or ""): [one["version"] for one in office.did(who, "GET", PATH)["items"]]
        for who in (seller("li"), WEST_MANAGER, HEADQUARTERS)
    }
    assert list(seen.values()) == [["company.1", "E-1"], ["W-1", "company.1"], ["W-1", "company.1", "E-1"]]
    one = office.did(HEADQUARTERS, "GET", f"{PATH}?branch_id={EAST}")["items"][1]
    assert [one["values"], one["reason"], one["made_by"]] == [{"greet_within": 50}, "试行", MANAGER.actor_id]


def test_decisions_name_the_version_that_held(sqlite_office: Office) -> None:
    """一.1: with 90 seconds to greet nobody is passed on after 61; the explanation names the version."""
    office = sqlite_office
    decide(office, MANAGER, EAST, "2026-03-03", greet_within=90)
    office.later(days=1)
    office.come("li", "wu")
    reception = office.visit()
    assert reception["why"]["policy_version"] == "E-1"
    office.later(seconds=61)
    assert office.greet("li", reception)["server_id"] == reception["server_id"]


def test_each_version_is_in_the_register_and_announced(sqlite_office: Office) -> None:
    """The chain `policy/<branch>` holds every version, whole, and an event tells it."""
    office = sqlite_office
    decide(office, MANAGER, EAST, "2026-03-03", greet_within=90)
    decide(office, MANAGER, EAST, "2026-03-04", greet_within=95)
    with office.database.read() as tx:
        chain = list(ledger.entries(tx, f"policy/{EAST}"))
        assert ledger.verify(tx) == []
    assert [(one.n, one.body["values"], one.body["reason"]) for one in chain] == [
        (1, {"greet_within": 90}, "试行"),
        (2, {"greet_within": 95}, "试行"),
    ]
    announced = [row for row in rows_of(office.database, METADATA.tables["outbox"]) if "policy.changed.v1" in str(row)]
    assert len(announced) == 2


def test_it_is_one_question_however_much_was_decided(office: Office) -> None:
    """An arrival asks once, and reads only versions that may hold today."""
    for day in range(3, 9):
        decide(office, MANAGER, EAST, f"2026-03-{day:02}", greet_within=60 + day)
        decide(office, HEADQUARTERS, None, f"2026-03-{day:02}", grace=day)
    office.later(days=6, hours=15)
    asked: list[str] = []
    event.listen(office.database.engine, "before_cursor_execute", lambda *told: asked.append(told[2]))
    with office.database.read() as tx:
        policy = policy_of(tx, system("reception", EAST), EAST)
    assert (policy.version, policy.greet_within, policy.grace) == ("E-6+company.6", 68, 8)
    assert sum("FROM" in statement for statement in asked) == 1
    with office.database.read() as tx:
        assert policy_of(tx, system("reception", WEST), WEST).version == "company.6"
        assert policy_of(tx, system("reception", "nowhere"), "nowhere") == BUILT_IN


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"greet_in": 60}, "unknown_setting"),
        ({"greet_within": 1}, "setting_out_of_range"),
        ({"halls_joined": "yes"}, "bad_setting"),
        ({"late": [{"up_to": 600, "fine": 9, "points": 5}] * 2}, "bands_must_rise"),
        ({"out_for": {"smoke": 600}}, "reason_unnamed"),
    ],
)
def test_what_is_no_policy_answers_422(sqlite_office: Office, values: dict[str, Any], code: str) -> None:
    """Nothing is stored of a document that is none, and the words say what is wrong, in both languages."""
    office = sqlite_office
    body = {"branch_id": EAST, "holds_from": "2026-03-03", "values": values, "reason": "试行"}
    for language in ("zh", "en"):
        answer = office.tried(MANAGER, "POST", PATH, body, language=language)
        assert (answer.status_code, code_of(answer)) == (422, code)
    assert office.did(MANAGER, "GET", PATH)["items"] == []


def test_nothing_is_decided_for_today_or_the_past(sqlite_office: Office) -> None:
    """A policy holds from tomorrow on: 422 holds_too_soon, naming the day; the company's from every branch's."""
    office = sqlite_office
    for who, branch in ((MANAGER, EAST), (HEADQUARTERS, None)):
        for day in ("2026-03-01", "2026-03-02"):
            body = {"branch_id": branch, "holds_from": day, "values": {}, "reason": "试行"}
            answer = office.tried(who, "POST", PATH, body)
            assert (answer.status_code, code_of(answer)) == (422, "holds_too_soon")
            assert "2026-03-03" in answer.get_json()["detail"]


def test_who_may_decide(sqlite_office: Office) -> None:
    """A manager for the own branch, headquarters for the company and any branch; nobody below a manager."""
    office = sqlite_office
    body = {"branch_id": EAST, "holds_from": "2026-03-03", "values": {}, "reason": "试行"}
    for who in (seller("li"), SUPERVISOR):
        assert code_of(office.tried(who, "POST", PATH, body)) == "permission_missing"
    refused = office.tried(MANAGER, "POST", PATH, body | {"branch_id": None})
    assert (refused.status_code, code_of(refused)) == (403, "company_policy_is_headquarters")
    foreign = office.tried(WEST_MANAGER, "POST", PATH, body)
    assert (foreign.status_code, code_of(foreign)) == (422, "unknown_branch")
    unseen = office.tried(WEST_MANAGER, "GET", f"{PATH}/current?branch_id={EAST}")
    assert (unseen.status_code, code_of(unseen)) == (422, "unknown_branch")
    assert office.did(HEADQUARTERS, "POST", PATH, body)["version"] == "E-1"


def test_a_version_is_never_changed(office: Office) -> None:
    """The database itself refuses to change or remove a version."""
    decide(office, MANAGER, EAST, "2026-03-03", greet_within=90)
    for deed in ("UPDATE policies SET reason = 'x'", "DELETE FROM policies"):
        with pytest.raises(Exception, match="append-only"), office.database.write() as tx:
            tx.connection.exec_driver_sql(deed)


def test_days_are_the_branchs_own(sqlite_office: Office) -> None:
    """At 16:00 UTC the next day has begun in Shanghai: what holds from it holds."""
    office = sqlite_office
    decide(office, MANAGER, EAST, "2026-03-03", greet_within=90)
    office.later(hours=15)
    with office.database.read() as tx:
        assert tx.now().date().isoformat() == "2026-03-02"
        assert policy_of(tx, system("reception", EAST), EAST).version == "E-1"
