"""Finding customers over HTTP: by what is typed, by conditions, and reading a masked phone."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from chassis.database import Database
from chassis.identity import Who
from services.customers.app import SERVICE
from services.customers.files.registering import save
from services.customers.files.rules import Because, File, Why
from services.customers.files.views import files_of
from services.customers.finding.index import numbers
from services.customers.finding.rules import grams_needed
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.customers.house import (
    CHEN,
    HEADQUARTERS,
    LI,
    MANAGER,
    SUPERVISOR,
    ZHAO,
    announced,
    furnished,
    person,
)
from tests.services.synthetic import EAST, NOW, WEST, deliver, named

BASE = "/api/v1/customers"
WEST_MANAGER = person("west", "branch", WEST)
CHIEF = person("boss", "branch", EAST, "customers.see", "customers.edit", "customers.manage", "customers.reveal")
LEADER = person("supervisor", "team", EAST, "customers.see", "customers.edit", "customers.reveal")
AUDITOR = person("auditor", "all", None, "customers.see")
PEOPLE = [("单田芳", "13900139000"), ("张三丰", "13700137001"), ("张三", "13700138111"), ("欧阳锋", "021-68881234")]


def registered(ask: Ask, name: str, phone: str, who: Who = LI) -> str:
    answer = ask(who, "POST", BASE, json={"name": name, "phone": phone})
    assert answer.status_code == 201, answer.get_json()
    return str(answer.get_json()["customer_id"])


@contextmanager
def counted(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that run in the block, each with its parameters."""
    ran: list[tuple[str, Any]] = []

    def note(*told: Any) -> None:
        ran.append(told[2:4])

    event.listen(database.engine, "before_cursor_execute", note)
    yield ran
    event.remove(database.engine, "before_cursor_execute", note)


def told_more(database: Database, customer_id: str, **more: Any) -> None:
    """What other rooms will write into the file."""
    with database.write() as tx:
        file = files_of(tx, HEADQUARTERS, {customer_id})[customer_id]
        save(tx, HEADQUARTERS, file, File(**{**vars(file), **more}), Because(Why.ASSIGNED))


def found(ask: Ask, who: Who, text: str, **more: Any) -> Any:
    answer = ask(who, "POST", f"{BASE}/search", json={"text": text} | more)
    assert answer.status_code == 200, answer.get_json()
    return answer.get_json()


def names(page: Any, exact: bool = True) -> list[str]:
    return [one["name"] for one in page["items"] if one.get("exact", True) == exact]


@pytest.mark.parametrize("who", [LI, MANAGER, HEADQUARTERS], ids=["own", "branch", "all"])
def test_one_box_finds_by_everything(ask: Ask, database: Database, who: Who) -> None:
    """Parts of name, reading, initials, company, code and phone; one to many characters; the newest first."""
    ids = [registered(ask, *one) for one in PEOPLE]
    told_more(database, ids[0], company="长安装饰 (Chang'an)")
    expected = {
        "张": ["张三", "张三丰"],
        "张三": ["张三", "张三丰"],
        "三丰": ["张三丰"],
        "田": ["单田芳"],
        "shantian": ["单田芳"],
        "STF": ["单田芳"],
        "ouyang": ["欧阳锋"],
        "安装": ["单田芳"],
        "chang an": ["单田芳"],
        "a00": ["欧阳锋", "张三", "张三丰", "单田芳"],
        "138111": ["张三"],
        "139-0013": ["单田芳"],
        "02168881234": ["欧阳锋"],
        "李": [],
        "!": [],
    }
    assert {text: names(found(ask, who, text)) for text in expected} == expected


def test_one_wrong_character_is_forgiven(ask: Ask) -> None:
    """After the exact ones, of names and phones; what differs in two characters, or is short, is not near."""
    for one in PEOPLE:
        registered(ask, *one)
    page = found(ask, LI, "张山丰")
    assert (names(page), names(page, exact=False), page["count"]) == ([], ["张三丰"], 0)
    assert names(found(ask, MANAGER, "13900139001"), exact=False) == ["单田芳"]
    assert names(found(ask, MANAGER, "zhangsenfeng"), exact=False) == ["张三丰"]
    assert found(ask, MANAGER, "李山丰")["items"] == found(ask, MANAGER, "李三")["items"] == []
    assert found(ask, LI, "13900138001")["items"] == []


@pytest.mark.parametrize(
    ("question", "on_sqlite", "on_postgresql"),
    [({"text": "三丰"}, 2, 4), ({"text": "张山丰"}, 5, 5), ({"phone": "7001"}, 2, 4), ({"code": "A001"}, 1, 1)],
    ids=["part", "one wrong", "phone", "code"],
)
def test_a_search_takes_few_statements(
    ask: Ask, database: Database, question: dict[str, str], on_sqlite: int, on_postgresql: int
) -> None:
    """However many are found: one counts them and finds a page, one reads its files. PostgreSQL is told how to plan and
    asked first whether the newest are too many to be counted; SQLite is asked for each place of a wrong character.
    """
    for one in PEOPLE:
        registered(ask, *one)
    with counted(database) as statements:
        assert ask(MANAGER, "POST", f"{BASE}/search", json=question).status_code == 200
    assert len(statements) == (on_sqlite if database.is_sqlite else on_postgresql)


def test_the_estimates_tell_which_branch_is_a_small_part(postgres_url: str) -> None:
    """Within a branch that has few of all the index is asked for the branch too, in a great one only for the text."""
    database = furnished(postgres_url)
    ask = asking(SERVICE, database)
    for n, name in enumerate(["张三丰", *["王小明"] * 8]):
        registered(ask, name, f"1390013900{n}")
    registered(ask, "张三丰", "13700137001", WEST_MANAGER)
    with database.write() as tx:
        tx.execute(text("ANALYZE finding"))
    asked = {who.branch_id: _looked_up(database, ask, who) for who in (MANAGER, WEST_MANAGER)}
    assert set(asked[EAST]) == set(numbers(None, grams_needed("张三丰"))) < set(asked[WEST])
    database.close()


def _looked_up(database: Database, ask: Ask, who: Who) -> list[int]:
    """What a search for 张三丰, of whom each branch has one, asks of the index."""
    with counted(database) as statements:
        assert names(found(ask, who, "张三丰")) == ["张三丰"]
    needed: list[int] = next(values["needed"] for _, values in statements if values and "needed" in values)
    return needed


def test_pages_go_on_where_the_last_one_ended(ask: Ask) -> None:
    """Exact ones, then near ones, none twice."""
    for n, name in enumerate(["王小明", "王小明", "王大明", "王小民"]):
        registered(ask, name, f"1390013900{n}")
    pages = [found(ask, LI, "王小明", limit=1)]
    while pages[-1]["next_after"]:
        pages.append(found(ask, LI, "王小明", limit=1, after=pages[-1]["next_after"]))
    assert [one["name"] for page in pages for one in page["items"]] == ["王小明", "王小明", "王小民", "王大明"]
    assert {page["count"] for page in pages} == {2}


def test_the_index_follows_the_file(ask: Ask, database: Database) -> None:
    """A changed name is found and the old one is not; a file that has left its lists is not found, and is again."""
    customer_id = registered(ask, "张三丰", "13700137001")
    told_more(database, customer_id, name="李慕白", phone="+8615900002222")
    parts = {"三丰": 0, "7001": 0, "zsf": 0, "慕白": 1, "2222": 1, "lmb": 1}
    assert {part: len(found(ask, MANAGER, part)["items"]) for part in parts} == parts
    told_more(database, customer_id, active=False, deleted_at=NOW)
    assert found(ask, MANAGER, "慕白")["count"] == 0
    told_more(database, customer_id, active=True, deleted_at=None, owner_id=named("chen"))
    assert [names(found(ask, who, "慕白")) for who in (LI, CHEN)] == [[], ["李慕白"]]


@pytest.mark.parametrize(
    ("who", "sees"),
    [(LI, 1), (ZHAO, 0), (CHEN, 0), (SUPERVISOR, 1), (MANAGER, 1), (HEADQUARTERS, 1), (WEST_MANAGER, 0)],
    ids=["owner", "colleague", "stranger", "supervisor", "manager", "headquarters", "other branch"],
)
def test_nobody_finds_what_they_may_not_see(quick_ask: Ask, who: Who, sees: int) -> None:
    """Exact, near, by phone, by code and by conditions: what is out of reach is neither shown nor counted."""
    customer_id = registered(quick_ask, "张三丰", "13700137001")
    for question in ({"text": "三丰"}, {"text": "张山丰"}, {"phone": "7001"}, {"code": "A001"}):
        assert len(quick_ask(who, "POST", f"{BASE}/search", json=question).get_json()["items"]) == sees
    asked = quick_ask(who, "POST", f"{BASE}/searches/run", json={"text": "三丰"}).get_json()
    assert (len(asked["items"]), asked["count"]) == (sees, sees)
    if who.reach != "own":
        revealer = person("x", who.reach, who.branch_id, "customers.reveal") if who is not SUPERVISOR else LEADER
        answer = quick_ask(revealer, "POST", f"{BASE}/{customer_id}/reveal", json={"reason": "回电"})
        assert answer.status_code == (200 if sees else 404)


def test_a_reveal_is_written_down(ask: Ask, database: Database) -> None:
    """The whole phone for a reason; in the list of managers, in the trail and as an event, which name no phone."""
    customer_id = registered(ask, "张三丰", "13700137001")
    told = ask(LEADER, "POST", f"{BASE}/{customer_id}/reveal", json={"reason": "约定回电"}).get_json()
    assert told["phone"] == "+8613700137001"
    (line,) = ask(CHIEF, "GET", f"{BASE}/reveals").get_json()["items"]
    assert (line["revealed_by"], line["customer_id"], line["reason"]) == (LEADER.actor_id, customer_id, "约定回电")
    (fact,) = announced(database, "phone.revealed.v1")
    assert fact.data["reveal_id"] == told["reveal_id"]
    assert "13700137001" not in fact.to_json() and "约定回电" not in fact.to_json()


def test_reveals_need_a_reason_a_permission_and_have_a_limit(quick_ask: Ask) -> None:
    """No reason 422, an auditor 403, the fifty-first of a day 409; their list is for managers."""
    path = f"{BASE}/{registered(quick_ask, '张三丰', '13700137001')}/reveal"
    assert code_of(quick_ask(LEADER, "POST", path, json={"reason": " "})) == "invalid"
    assert quick_ask(AUDITOR, "POST", path, json={"reason": "看看"}).status_code == 403
    assert quick_ask(LEADER, "GET", f"{BASE}/reveals").status_code == 403
    answers = [quick_ask(LEADER, "POST", path, json={"reason": "回电"}) for _ in range(51)]
    assert [answer.status_code for answer in answers] == [200] * 50 + [409]
    assert code_of(answers[-1]) == "reveal_limit_reached"


@pytest.fixture
def three(ask: Ask, database: Database) -> list[str]:
    """Customers that differ in everything one may ask for."""
    ids = [registered(ask, *one) for one in PEOPLE[:3]]
    told_more(
        database, ids[0], grade="A", city="西安", industry="装饰", demand={"layout": "三室两厅"}, key_account=True
    )
    told_more(database, ids[1], grade="B", city="西安", remarks="只看江景", details={"f1": "蓝色"})
    days = {"branch_id": EAST, "grade": None, "owner_id": None, "next_due": "2026-03-05", "last_contact": "2026-02-20"}
    plan = say.event(
        "followups", "followup_plan.changed.v1", f"followup_plan/{ids[1]}", 1, {"customer_id": ids[1]} | days
    )
    deliver(database, SERVICE.consumers, [plan])
    return ids


def test_conditions_combine(ask: Ask, three: list[str]) -> None:
    """Choices, parts of words, days, counted from today too, what is not known, and what is typed: all must hold."""
    asked: list[tuple[dict[str, Any], list[int]]] = [
        ({"field": "city", "any_of": ["西安"]}, [1, 0]),
        ({"field": "grade", "any_of": ["A", None]}, [2, 0]),
        ({"field": "key_account", "any_of": [True]}, [0]),
        ({"field": "remarks", "contains": "江"}, [1]),
        ({"field": "demand.layout", "contains": "三室"}, [0]),
        ({"field": "owner_id", "any_of": [named("li")]}, [2, 1, 0]),
        ({"field": "registered", "since": "2026-03-02", "until": "2026-03-02"}, [2, 1, 0]),
        ({"field": "registered", "until_days": -1}, []),
        ({"field": "next_contact", "since_days": 0, "until_days": 7}, [1]),
        ({"field": "last_contact", "until": "2026-02-19"}, []),
        ({"field": "last_contact", "any_of": [None]}, [2, 0]),
    ]
    for condition, expected in asked:
        answer = ask(LI, "POST", f"{BASE}/searches/run", json={"conditions": [condition]})
        assert [one["customer_id"] for one in answer.get_json()["items"]] == [three[n] for n in expected], condition
    both = {"text": "张", "conditions": [{"field": "city", "any_of": ["西安"]}]}
    assert names(ask(LI, "POST", f"{BASE}/searches/run", json=both).get_json()) == ["张三丰"]


@pytest.mark.parametrize("sort", ["registered", "code", "name", "grade", "last_contact", "next_contact"])
def test_every_order_comes_in_pages(ask: Ask, three: list[str], sort: str) -> None:
    """Nobody is skipped or shown twice, in either direction."""
    for descending in (True, False):
        shown: list[str] = []
        question: dict[str, Any] = {"sort": sort, "descending": descending, "limit": 1}
        while True:
            page = ask(LI, "POST", f"{BASE}/searches/run", json=question).get_json()
            shown += [one["customer_id"] for one in page["items"]]
            if page["next_after"] is None:
                break
            question["after"] = page["next_after"]
        assert sorted(shown) == sorted(three)
        assert page["count"] == 3


def test_questions_are_saved_for_oneself_or_the_branch(quick_ask: Ask) -> None:
    """Run by id with what the runner sees; one's own is nobody else's; shared ones are removed by their owner only."""
    registered(quick_ask, "张三丰", "13700137001")
    question = {"conditions": [{"field": "registered", "since": "2026-03-01"}], "sort": "name"}
    own = quick_ask(LI, "POST", f"{BASE}/searches", json={"name": "三月新客", "question": question}).get_json()
    shared = {"name": "共享", "shared": True, "question": question}
    common = quick_ask(LI, "POST", f"{BASE}/searches", json=shared).get_json()
    assert own["question"]["conditions"] == question["conditions"]
    listed = {
        who: len(quick_ask(who, "GET", f"{BASE}/searches").get_json()["items"]) for who in (LI, ZHAO, WEST_MANAGER)
    }
    assert listed == {LI: 2, ZHAO: 1, WEST_MANAGER: 0}
    run = {who: quick_ask(who, "POST", f"{BASE}/searches/{common['search_id']}/run", json={}) for who in (LI, ZHAO)}
    assert {who: answer.get_json()["count"] for who, answer in run.items()} == {LI: 1, ZHAO: 0}
    theirs = quick_ask(ZHAO, "POST", f"{BASE}/searches/{own['search_id']}/run", json={})
    assert code_of(theirs) == "unknown_search"
    assert code_of(quick_ask(ZHAO, "DELETE", f"{BASE}/searches/{common['search_id']}")) == "unknown_search"
    assert quick_ask(LI, "DELETE", f"{BASE}/searches/{common['search_id']}").status_code == 204
    again = quick_ask(LI, "POST", f"{BASE}/searches", json={"name": "三月新客", "question": question})
    assert (again.status_code, code_of(again)) == (409, "search_name_taken")


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"field": "phone", "contains": "138"}, "unknown_field"),
        ({"field": "details.f9", "contains": "x"}, "unknown_field"),
        ({"field": "grade", "contains": "A"}, "condition_not_possible"),
        ({"field": "grade", "any_of": [True]}, "condition_not_possible"),
        ({"field": "key_account", "any_of": ["A"]}, "condition_not_possible"),
        ({"field": "name", "since": "2026-01-01"}, "condition_not_possible"),
        ({"field": "name"}, "condition_not_possible"),
        ({"field": "name", "any_of": [1]}, "condition_not_possible"),
        ({"field": "name", "any_of": [{}]}, "invalid"),
        ({"field": "name", "at_least": 1}, "condition_not_possible"),
        ({"field": "name", "at_least": "1"}, "invalid"),
        ({"field": "tags", "contains": "x"}, "condition_not_possible"),
        ({"field": "tags", "none_of": [None]}, "invalid"),
    ],
)
def test_what_cannot_be_asked_is_refused(quick_ask: Ask, condition: dict[str, Any], code: str) -> None:
    """Told what is possible, when asked and when saved; phones are no field: their digits could be found out."""
    question = {"conditions": [condition]}
    assert code_of(quick_ask(LI, "POST", f"{BASE}/searches/run", json=question)) == code
    assert code_of(quick_ask(LI, "POST", f"{BASE}/searches", json={"name": "x", "question": question})) == code
