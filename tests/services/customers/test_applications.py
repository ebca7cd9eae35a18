"""Deciding on applications: the cap on how many one holds, and several who apply for one customer."""

from typing import Any

from chassis.database import Database
from chassis.identity import Who
from tests.services.asking import Ask, code_of
from tests.services.customers.house import announced
from tests.services.customers.test_at_once import at_once
from tests.services.customers.test_families import asked, decided
from tests.services.customers.test_ownership import (
    BASE,
    BOSS,
    CHEN,
    HEADQUARTERS,
    LI,
    ZHAO,
    draw,
    given,
    history,
    later,
    pooled,
    registered,
)
from tests.services.customers.test_ownership import decided as policy
from tests.services.synthetic import named


def applied(ask: Ask, who: Who, customer_id: str) -> str:
    body = {"customer_id": customer_id, "reason": "认识"}
    application_id: str = ask(who, "POST", f"{BASE}/applications", json=body).get_json()["application_id"]
    return application_id


def approved(ask: Ask, application_id: str, **body: Any) -> Any:
    path = f"{BASE}/applications/{application_id}/decision"
    return ask(BOSS, "POST", path, json={"approved": True}, **body)


def read(ask: Ask, application_id: str, who: Who, language: str = "en") -> tuple[str, str | None]:
    body = ask(who, "GET", f"{BASE}/applications/{application_id}", language=language).get_json()
    return body["state"], body["answer"]


def test_who_holds_the_cap_is_given_none_by_an_application(quick_ask: Ask, quick_database: Database) -> None:
    """The manager is told who holds how many of how many; the application waits, and goes through below the cap."""
    policy(quick_ask, hold_at_most=2)
    pool = pooled(quick_ask, 4)
    later(quick_database, 1)
    first, second, third = (applied(quick_ask, LI, one) for one in pool[:3])
    assert [approved(quick_ask, one).status_code for one in (first, second)] == [200, 200]
    refused = approved(quick_ask, third, language="zh")
    assert (refused.status_code, code_of(refused)) == (409, "applicant_at_cap")
    assert all(word in refused.get_json()["detail"] for word in ("li", "2 位"))
    assert history(quick_ask, pool[2])[-1][0] is None
    assert read(quick_ask, third, LI) == ("open", None)
    given(quick_ask, pool[0], "zhao")
    assert approved(quick_ask, third).status_code == 200
    assert quick_ask(LI, "GET", f"{BASE}/draws/next").get_json()["held"] == 2


def test_a_customer_who_is_theirs_already_is_approved_at_the_cap(quick_ask: Ask, quick_database: Database) -> None:
    """They drew the customer meanwhile: approving gives nothing more, and closes the matter."""
    policy(quick_ask, hold_at_most=1)
    (one,) = pooled(quick_ask, 1)
    later(quick_database, 1)
    application = applied(quick_ask, LI, one)
    assert draw(quick_ask, LI, 1).get_json()["given"] == [one]
    assert approved(quick_ask, application).get_json()["state"] == "approved"
    assert history(quick_ask, one)[-1] == (named("li"), "drawn")


def test_a_manager_may_exceed_the_cap_knowingly(quick_ask: Ask, quick_database: Database) -> None:
    """By assigning, and by handing over what a leaver held; a draw gives none of that."""
    policy(quick_ask, hold_at_most=1)
    ids = registered(quick_ask, 3)
    later(quick_database, 1)
    assert [given(quick_ask, one, "zhao").status_code for one in ids[:2]] == [200, 200]
    body = {"from_id": named("li"), "to_ids": [named("zhao")], "reason": "离职"}
    assert quick_ask(BOSS, "POST", f"{BASE}/handovers", json=body).status_code == 201
    assert quick_ask(ZHAO, "GET", f"{BASE}/draws/next").get_json()["held"] == 3
    assert code_of(draw(quick_ask, ZHAO, 1)) == "cap_reached"


def test_approving_one_refuses_the_others(quick_ask: Ask, quick_database: Database) -> None:
    """In the same act, with a reason that each of them reads in their language; nobody can approve them afterwards."""
    (one,) = registered(quick_ask, 1, BOSS)
    first, second = applied(quick_ask, LI, one), applied(quick_ask, ZHAO, one)
    (elsewhere,) = pooled(quick_ask, 2)[1:]
    other = applied(quick_ask, ZHAO, elsewhere)
    assert approved(quick_ask, first).status_code == 200
    assert read(quick_ask, first, LI) == ("approved", None)
    assert read(quick_ask, second, ZHAO, "zh") == ("refused", "这位客户的另一份申请已获批准。")
    assert read(quick_ask, second, ZHAO) == ("refused", "Another application for this customer was approved.")
    assert read(quick_ask, other, ZHAO) == ("open", None)
    told = quick_ask(ZHAO, "GET", f"{BASE}/applications?state=refused").get_json()["items"]
    assert [(line["application_id"], line["decided_by"]) for line in told] == [(second, named("boss"))]
    assert code_of(approved(quick_ask, second)) == "already_decided"
    assert history(quick_ask, one)[-1] == (named("li"), "applied")
    facts = announced(quick_database, "application.changed.v1")
    assert {fact.data["application_id"]: fact.data["state"] for fact in facts} == {
        first: "approved",
        second: "refused",
        other: "open",
    }


def test_applications_for_one_who_is_one_customer_with_them_are_refused_too(quick_ask: Ask) -> None:
    """Two applied, each for one of a couple who are one customer since: it is one customer who is given."""
    husband = quick_ask(BOSS, "POST", BASE, json={"name": "王小明", "phone": "13800138000"}).get_json()["customer_id"]
    wife = quick_ask(BOSS, "POST", BASE, json={"name": "李小红", "phone": "13900139000"}).get_json()["customer_id"]
    first, second = applied(quick_ask, LI, husband), applied(quick_ask, CHEN, wife)
    relation = asked(quick_ask, husband, wife, who=BOSS).get_json()["relation_id"]
    assert decided(quick_ask, relation, who=HEADQUARTERS).status_code == 200
    assert approved(quick_ask, second).status_code == 200
    assert history(quick_ask, husband)[-1] == (named("chen"), "applied")
    assert read(quick_ask, first, LI)[0] == "refused"


def test_approving_at_once_gives_no_more_than_the_cap(ask: Ask, database: Database) -> None:
    """Eight applications of one person approved in the same moment, with room for three: three are."""
    policy(ask, hold_at_most=3)
    pool = pooled(ask, 8)
    later(database, 1)
    wishes = [applied(ask, LI, one) for one in pool]
    answers = at_once(8, lambda n: approved(ask, wishes[n]).status_code)
    assert sorted(answers) == [200] * 3 + [409] * 5
    assert ask(LI, "GET", f"{BASE}/draws/next").get_json()["held"] == 3
