"""Follow-ups over HTTP: what people record and see, and every refusal."""

from typing import Any

import pytest

from chassis.database import Database
from services.followups.app import SERVICE
from services.followups.consumers import consumers
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.synthetic import EAST, WEST, deliver, named, person

RECORDS, PLANS = "/api/v1/followups/records", "/api/v1/followups/plans"
LI, SUN = person("li"), person("sun")
BOSS = person("boss", "branch")
CHIEF = person("chief", "all", None)


@pytest.fixture
def ask(database: Database) -> Ask:
    """A branch where Li owns Wang and Sun owns Zhao, and another branch with a customer of its own."""
    deliver(
        database,
        consumers,
        [
            say.branch(),
            say.branch(WEST, name="西区"),
            *(say.staff(name, team_id=named("team")) for name in ("li", "mo")),
            say.staff("sun", team_id=named("other team")),
            say.staff("xu", branch_id=WEST),
            say.customer("wang", owner_id=named("li"), code="A001"),
            say.customer("zhao", owner_id=named("sun"), code="A002", grade="A"),
            say.customer("far", branch_id=WEST, owner_id=named("xu"), code="A001"),
            say.reception("one", note="想看三居"),
            say.reception("two", server_id=named("sun"), customer_id=named("zhao")),
            say.reception("far", branch_id=WEST, server_id=named("xu"), customer_id=named("far")),
        ],
    )
    return asking(SERVICE, database)


def a_call(**changes: Any) -> dict[str, Any]:
    return {"customer_id": named("wang"), "method": "电话"} | changes


def customers_in(answer: Any) -> set[str]:
    assert answer.status_code == 200, answer.get_json()
    return {item["customer_id"] for item in answer.get_json()["items"]}


def test_a_person_records_a_call(ask: Ask) -> None:
    """What is said comes back as it was recorded, on today's local day, in the recorder's name."""
    said = {"progress": 60, "intent": "确定购买意向", "said": "周末再来", "next_contact": "2026-03-07"}
    answer = ask(LI, "POST", RECORDS, json=a_call(**said))
    assert answer.status_code == 201, answer.get_json()
    record = answer.get_json()
    assert record.items() >= (said | {"date": "2026-03-02", "salesperson_id": named("li"), "salesperson": "li"}).items()
    assert record.items() >= {"effective": True, "origin": "person", "result": None, "customer_code": "A001"}.items()
    plan = ask(LI, "GET", f"{PLANS}/{named('wang')}").get_json()
    assert (plan["next_due"], plan["why"]["code"]) == ("2026-03-07", "agreed")


def test_an_unanswered_call_moves_nothing(ask: Ask) -> None:
    """An attempt that reached nobody is recorded, and the plan stays."""
    before = ask(LI, "GET", f"{PLANS}/{named('wang')}").get_json()
    assert ask(LI, "POST", RECORDS, json=a_call(effective=False)).get_json()["effective"] is False
    assert ask(LI, "GET", f"{PLANS}/{named('wang')}").get_json() == before
    assert len(ask(LI, "GET", f"{RECORDS}?customer_id={named('wang')}").get_json()["items"]) == 2


def test_the_same_key_records_once(ask: Ask) -> None:
    """A request repeated with its Idempotency-Key answers the first record."""
    answers = [ask(LI, "POST", RECORDS, json=a_call(), headers={"Idempotency-Key": "k"}) for _ in range(2)]
    assert answers[0].get_json() == answers[1].get_json()
    assert answers[1].headers["Idempotent-Replayed"] == "true"
    assert len(ask(LI, "GET", f"{RECORDS}?customer_id={named('wang')}").get_json()["items"]) == 2


def test_a_deal_counts_on_its_day(ask: Ask) -> None:
    """A closed deal has the day that is given, and the follow-up's own when none is."""
    given = ask(LI, "POST", RECORDS, json=a_call(result="成交", date="2026-03-02", deal_date="2026-03-01"))
    assert given.get_json()["deal_date"] == "2026-03-01"
    assert ask(LI, "POST", RECORDS, json=a_call(result="成交")).get_json()["deal_date"] == "2026-03-02"
    assert ask(LI, "POST", RECORDS, json=a_call(result="未成交")).get_json()["deal_date"] is None


def test_others_record_for_a_salesperson(ask: Ask) -> None:
    """Who sees the branch may record in the name of a colleague there; a program records for the owner."""
    for_li = ask(BOSS, "POST", RECORDS, json=a_call(salesperson_id=named("li")))
    assert for_li.get_json()["salesperson_id"] == named("li")
    program = person("erp", "branch")
    program = type(program)(**{**vars(program), "kind": "client"})
    assert ask(program, "POST", RECORDS, json=a_call()).get_json()["salesperson_id"] == named("li")
    assert ask(CHIEF, "POST", RECORDS, json=a_call(customer_id=named("far"))).get_json()["branch_id"] == WEST


@pytest.mark.parametrize(
    ("changes", "status", "code", "words"),
    [
        ({"customer_id": named("nobody")}, 404, "customer_unknown", "no customer"),
        ({"customer_id": named("far")}, 404, "customer_unknown", "no customer"),
        ({"customer_id": named("zhao")}, 404, "customer_unknown", "no customer"),
        ({"salesperson_id": named("sun")}, 422, "salesperson_unknown", "no active salesperson"),
        ({"salesperson_id": named("xu")}, 422, "salesperson_unknown", "no active salesperson"),
        ({"date": "2026-03-03"}, 422, "day_in_future", "2026-03-03 has not come"),
        ({"result": "成交", "deal_date": "2026-03-03"}, 422, "day_in_future", "2026-03-03 has not come"),
        ({"next_contact": "2026-03-01"}, 422, "next_contact_too_early", "before the follow-up"),
        ({"result": "成交", "effective": False}, 422, "deal_without_contact", "Nobody was reached"),
        ({"progress": 101}, 422, "invalid", ""),
        ({"progress": -1}, 422, "invalid", ""),
        ({"progress": "60"}, 422, "invalid", ""),
        ({"method": " "}, 422, "invalid", ""),
        ({"method": None}, 422, "invalid", ""),
        ({"result": "也许"}, 422, "invalid", ""),
        ({"date": "2026-02-30"}, 422, "invalid", ""),
        ({"effective": "perhaps"}, 422, "invalid", ""),
        ({"said": "x" * 4001}, 422, "invalid", ""),
        ({"phone": "138"}, 422, "invalid", ""),
    ],
)
def test_what_cannot_be_recorded(ask: Ask, changes: dict[str, Any], status: int, code: str, words: str) -> None:
    """Each refusal has its code and words in both languages, and leaves nothing behind."""
    for language in ("en", "zh"):
        answer = ask(LI, "POST", RECORDS, json=a_call(**changes), language=language)
        assert (answer.status_code, code_of(answer)) == (status, code)
        assert language == "zh" or words in answer.get_json()["detail"]
    assert len(ask(CHIEF, "GET", RECORDS).get_json()["items"]) == 3


def test_who_sees_which_records(ask: Ask) -> None:
    """Own: mine and my customers'; team: my team's; branch: all of it; headquarters: everything."""
    mo = person("mo", "team", EAST, named("team"))
    lone = person("mo", "team", EAST, None)
    assert customers_in(ask(LI, "GET", RECORDS)) == {named("wang")}
    assert customers_in(ask(mo, "GET", RECORDS)) == {named("wang")}
    assert customers_in(ask(lone, "GET", RECORDS)) == set()
    assert customers_in(ask(BOSS, "GET", RECORDS)) == {named("wang"), named("zhao")}
    assert customers_in(ask(CHIEF, "GET", RECORDS)) == {named("wang"), named("zhao"), named("far")}
    assert customers_in(ask(BOSS, "GET", f"{RECORDS}?customer_id={named('far')}")) == set()


def test_who_sees_which_plans(ask: Ask) -> None:
    """Plans follow their keepers; those of others, and of other branches, are as if they were not."""
    assert customers_in(ask(LI, "GET", PLANS)) == {named("wang")}
    assert customers_in(ask(BOSS, "GET", PLANS)) == {named("wang"), named("zhao")}
    assert customers_in(ask(CHIEF, "GET", PLANS)) == {named("wang"), named("zhao"), named("far")}
    for who, name in ((LI, "zhao"), (BOSS, "far"), (LI, "far"), (CHIEF, "nobody")):
        answer = ask(who, "GET", f"{PLANS}/{named(name)}")
        assert (answer.status_code, code_of(answer)) == (404, "customer_unknown")


def test_plans_by_due_day(ask: Ask) -> None:
    """Plans due before a day, that day excluded, come the earliest first, page by page."""
    assert customers_in(ask(BOSS, "GET", f"{PLANS}?due_before=2026-03-16")) == {named("zhao")}
    assert customers_in(ask(BOSS, "GET", f"{PLANS}?due_before=2026-03-09")) == set()
    first = ask(BOSS, "GET", f"{PLANS}?limit=1").get_json()
    second = ask(BOSS, "GET", f"{PLANS}?limit=1&after={first['next_after']}").get_json()
    assert [page["items"][0]["next_due"] for page in (first, second)] == ["2026-03-09", "2026-03-16"]
    assert second["next_after"] is None


def test_records_page_by_page(ask: Ask) -> None:
    """The last recorded comes first, and pages join without gap or repetition."""
    seen, after = [], ""
    while True:
        page = ask(CHIEF, "GET", f"{RECORDS}?limit=1{after}").get_json()
        seen += [item["recorded_at"] for item in page["items"]]
        if page["next_after"] is None:
            break
        after = f"&after={page['next_after']}"
    assert len(seen) == 3
    assert seen == sorted(seen, reverse=True)


def test_a_merged_customer_is_found_under_both_ids(ask: Ask, database: Database) -> None:
    """After a merge the loser's id answers the winner's plan, and the records of both are one list."""
    deliver(database, consumers, [say.merged("zhao", "wang")])
    plan = ask(BOSS, "GET", f"{PLANS}/{named('zhao')}").get_json()
    assert (plan["customer_id"], plan["next_due"]) == (named("wang"), "2026-03-16")
    assert customers_in(ask(BOSS, "GET", f"{RECORDS}?customer_id={named('zhao')}")) == {named("wang"), named("zhao")}
    assert customers_in(ask(BOSS, "GET", PLANS)) == {named("wang")}


def test_before_the_customer_is_known(ask: Ask, database: Database) -> None:
    """Who served a visitor sees the plan and records on, though the customer itself has not been heard of yet."""
    deliver(database, consumers, [say.reception("three", customer_id=named("new"))])
    assert ask(LI, "GET", f"{PLANS}/{named('new')}").get_json()["next_due"] == "2026-03-16"
    assert ask(SUN, "GET", f"{PLANS}/{named('new')}").status_code == 404
    assert ask(LI, "POST", RECORDS, json=a_call(customer_id=named("new"))).status_code == 201


@pytest.mark.parametrize(("language", "words"), [("zh", "B 级客户每 14 天联系一次"), ("en", "every 14 days")])
def test_a_plan_says_why(ask: Ask, language: str, words: str) -> None:
    """The due day is explained in the reader's language."""
    why = ask(LI, "GET", f"{PLANS}/{named('wang')}", language=language).get_json()["why"]
    assert why["code"] == "rhythm"
    assert words in why["text"]
    assert "2026-03-02" in why["text"]


@pytest.mark.parametrize(
    ("method", "path"), [("GET", RECORDS), ("POST", RECORDS), ("GET", PLANS), ("GET", f"{PLANS}/{named('wang')}")]
)
def test_nobody_and_the_unpermitted(ask: Ask, method: str, path: str) -> None:
    """Without an identity 401, without the permission 403, before anything else is looked at."""
    stranger = person("x", "branch", EAST, None, "customers.see")
    for who, status, code in ((None, 401, "identity_missing"), (stranger, 403, "permission_missing")):
        answer = ask(who, method, path, **({"data": "{"} if method == "POST" else {}))
        assert (answer.status_code, code_of(answer)) == (status, code)


@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "after=x", "who=me"])
@pytest.mark.parametrize("path", [RECORDS, PLANS])
def test_bad_parameters(ask: Ask, path: str, query: str) -> None:
    """A page that cannot be is refused with a clear word."""
    answer = ask(BOSS, "GET", f"{path}?{query}")
    assert answer.status_code == 422
    assert code_of(answer) in ("invalid", "bad_cursor")


def test_bad_due_day(ask: Ask) -> None:
    """A day that is none is refused."""
    assert code_of(ask(BOSS, "GET", f"{PLANS}?due_before=tomorrow")) == "invalid"


def test_a_path_no_database_could_hold(ask: Ask) -> None:
    """A customer id of NUL is an unknown customer, not a failure."""
    assert ask(BOSS, "GET", f"{PLANS}/%00").status_code in (404, 422)


def test_what_is_answered_is_what_was_written(ask: Ask, database: Database) -> None:
    """The answer to a recording is the record as it is listed, also of a customer that was merged into another."""
    deliver(database, consumers, [say.customer("old", owner_id=named("li"), code="A009"), say.merged("old", "wang")])
    for customer, who, more in (("wang", LI, {}), ("old", BOSS, {"salesperson_id": named("mo")})):
        answered = ask(who, "POST", RECORDS, json=a_call(customer_id=named(customer), said="周末", **more)).get_json()
        listed = ask(BOSS, "GET", f"{RECORDS}?customer_id={named(customer)}").get_json()["items"][0]
        assert answered == listed
        assert answered["salesperson"] is not None or who is BOSS
