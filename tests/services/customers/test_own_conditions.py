"""Searches by conditions on the company's own fields and on tags, saved ones and exports included."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.database import Database
from chassis.jobs import JobLoop
from services.customers.app import SERVICE
from services.customers.fields.rules import Field, Kind
from services.customers.searches.rules import ConditionNotPossible, RetiredField, UnknownField, check_condition
from tests.services.asking import Ask, code_of
from tests.services.customers.house import LI, MANAGER, ZHAO, person
from tests.services.customers.test_amendments import registered
from tests.services.customers.test_families import asked, decided
from tests.services.customers.test_whole_file import BOSS, COMPANY, changed, defined
from tests.services.synthetic import EAST, named

BASE = "/api/v1/customers"
_FIELD = Field("f", None, "楼层", "Floor", Kind.NUMBER, False, (), False, 1, False, 1)


@pytest.mark.parametrize(
    ("kind", "possible", "impossible"),
    [
        (Kind.TEXT, {"contains": "x", "any_of": ["x", None]}, {"at_least": 1}),
        (Kind.NUMBER, {"at_least": 1, "at_most": 2.5, "any_of": [1, 2.5, None]}, {"any_of": ["1"]}),
        (Kind.NUMBER, {"any_of": [3]}, {"any_of": [True]}),
        (Kind.DATE, {"since_days": 0, "any_of": [None]}, {"any_of": ["2026-03-02"]}),
        (Kind.CHOICE, {"any_of": ["x"]}, {"none_of": ["x"]}),
        (Kind.CHOICES, {"any_of": ["x", None], "none_of": ["y"]}, {"contains": "x"}),
        (Kind.YES_NO, {"any_of": [True, None]}, {"any_of": [1]}),
    ],
)
def test_what_may_be_asked_follows_from_the_kind(
    kind: Kind, possible: dict[str, Any], impossible: dict[str, Any]
) -> None:
    """Each kind of own field by what it holds, every field that is in use; anything else is told what is possible."""
    own = {"details.f": replace(_FIELD, kind=kind)}
    check_condition({"field": "details.f"} | possible, own)
    for wrong in (impossible, {}):
        with pytest.raises(ConditionNotPossible):
            check_condition({"field": "details.f"} | wrong, own)


def test_a_retired_field_is_named() -> None:
    """Not taken for one that never was: it is called by its name, in both languages."""
    with pytest.raises(RetiredField) as refused:
        check_condition({"field": "details.f", "at_least": 1}, {"details.f": replace(_FIELD, retired=True)})
    assert (refused.value.name_zh, refused.value.name_en) == ("楼层", "Floor")
    with pytest.raises(UnknownField):
        check_condition({"field": "details.f", "at_least": 1}, {})


def found(ask: Ask, *conditions: dict[str, Any], who: Any = MANAGER) -> set[str]:
    answer = ask(who, "POST", f"{BASE}/searches/run", json={"conditions": list(conditions)})
    assert answer.status_code == 200, answer.get_json()
    return {one["customer_id"] for one in answer.get_json()["items"]}


def two(ask: Ask) -> tuple[str, str]:
    one = registered(ask)["customer_id"]
    return one, registered(ask, ZHAO, name="李小红", phone="13900139000")["customer_id"]


_VALUES: list[tuple[str, Any, list[dict[str, Any]], list[dict[str, Any]]]] = [
    ("text", "地铁 50%", [{"contains": "50%"}, {"any_of": ["地铁 50%"]}], [{"contains": "地%"}, {"any_of": ["地铁"]}]),
    ("number", 12.5, [{"at_least": 12.5, "at_most": 13}, {"any_of": [12.5, 7]}], [{"at_least": 13}, {"at_most": 2}]),
    (
        "date",
        "2026-03-09",
        [{"since": "2026-03-09", "until": "2026-03-09"}, {"since_days": 7, "until_days": 7}],
        [{"since": "2026-03-10"}, {"until_days": 6}],
    ),
    ("choice", "自\"住'", [{"any_of": ["自\"住'", "投资"]}], [{"any_of": ["自住"]}]),
    (
        "choices",
        ["自\"住'", "投资"],
        [{"any_of": ["投资", "出租"]}, {"none_of": ["出租"]}, {"any_of": ["自\"住'"], "none_of": ["出租"]}],
        [{"any_of": ["出租"]}, {"none_of": ["投资"]}, {"any_of": ["自\"住'"], "none_of": ["投资"]}],
    ),
    ("yes_no", False, [{"any_of": [False]}], [{"any_of": [True]}]),
]


@pytest.fixture
def with_values(ask: Ask) -> tuple[str, str, dict[str, str]]:
    """Somebody with a value in a field of each kind, somebody with none, and the fields' ids."""
    one, other = two(ask)
    choices = {kind: ["自\"住'", "投资", "出租"] for kind in ("choice", "choices")}
    ids = {
        kind: defined(ask, kind=kind, name_zh=kind, name_en=f"{kind} en", choices=choices.get(kind, []))["field_id"]
        for kind, *_ in _VALUES
    }
    details = {ids[kind]: value for kind, value, *_ in _VALUES}
    assert changed(ask, LI, one, 1, details=details).status_code == 200
    return one, other, ids


def test_own_fields_are_asked_for_by_what_they_hold(ask: Ask, with_values: tuple[str, str, dict[str, str]]) -> None:
    """Parts, ranges, days also counted from today, choices had and not had; who has no value is found by that."""
    one, other, ids = with_values
    for kind, _value, fit, miss in _VALUES:
        field = {"field": f"details.{ids[kind]}"}
        assert [found(ask, field | asking) & {one} for asking in fit] == [{one}] * len(fit), kind
        assert [found(ask, field | asking) & {one} for asking in miss] == [set()] * len(miss), kind
        assert found(ask, field | {"any_of": [None]}) == {other}, kind
    assert other in found(ask, {"field": f"details.{ids['choices']}", "none_of": ["投资"]})
    both = {"field": f"details.{ids['number']}", "at_least": 1}, {"field": f"details.{ids['yes_no']}", "any_of": [True]}
    assert found(ask, *both) == set()


def test_tags_had_and_not_had(ask: Ask) -> None:
    """One of several, none of several, none at all, both; a merged customer's are the winner's, and go back."""
    one, other = two(ask)
    for customer_id, who, tags in ((one, LI, ["学区", "急"]), (other, ZHAO, ["投资"])):
        ask(who, "PATCH", f"{BASE}/{customer_id}/tags", json={"add": tags})
    third = registered(ask, LI, name="陈大文", phone="13900139001")["customer_id"]

    def tagged(**asking: Any) -> set[str]:
        return found(ask, {"field": "tags"} | asking)

    assert tagged(any_of=["学区", "投资"]) == {one, other}
    assert tagged(none_of=["学区", "没有"]) == {other, third}
    assert (tagged(any_of=[None]), tagged(any_of=["急", None])) == ({third}, {one, third})
    assert tagged(any_of=["学区"], none_of=["急"]) == set()
    assert found(ask, {"field": "tags", "any_of": ["学区"]}, {"field": "tags", "any_of": ["急"]}) == {one}
    relation_id = asked(ask, one, other).get_json()["relation_id"]
    decided(ask, relation_id)
    assert (tagged(any_of=["投资"]), tagged(none_of=["投资"])) == ({one}, {third})
    decided(ask, relation_id, "end", reason="不是夫妻")
    assert (tagged(any_of=["投资"]), tagged(none_of=["投资"])) == ({other}, {one, third})


def saved(ask: Ask, question: dict[str, Any]) -> Any:
    return ask(LI, "POST", f"{BASE}/searches", json={"name": "x", "question": question})


def test_a_saved_search_by_a_field_that_was_retired_says_so(quick_ask: Ask) -> None:
    """Saved, it comes back as it was; once the field is retired it is refused by name, until that is in use again."""
    field = defined(quick_ask, kind="number", name_zh="楼层", name_en="Floor")
    conditions = [{"field": f"details.{field['field_id']}", "at_least": 2.5}, {"field": "tags", "none_of": ["急"]}]
    made = saved(quick_ask, {"conditions": conditions}).get_json()
    assert made["question"]["conditions"] == conditions
    run = f"{BASE}/searches/{made['search_id']}/run"
    assert quick_ask(LI, "POST", run, json={}).status_code == 200
    changed(quick_ask, BOSS, f"fields/{field['field_id']}", 1, retired=True)
    refused = quick_ask(LI, "POST", run, json={}, language="zh")
    assert (refused.status_code, code_of(refused)) == (422, "retired_field")
    assert "“楼层”（Floor）已停用" in refused.get_json()["detail"]
    assert code_of(quick_ask(LI, "POST", f"{BASE}/searches/run", json={"conditions": conditions})) == "retired_field"
    assert (
        code_of(quick_ask(ZHAO, "POST", f"{BASE}/searches", json={"name": "y", "question": {"conditions": conditions}}))
        == "retired_field"
    )
    changed(quick_ask, BOSS, f"fields/{field['field_id']}", 2, retired=False)
    assert quick_ask(LI, "POST", run, json={}).status_code == 200


def test_fields_of_others_are_unknown(quick_ask: Ask) -> None:
    """Another branch does not ask by a branch's own field; headquarters by every branch's, and by the company's."""
    easts, companys = defined(quick_ask, kind="text"), defined(quick_ask, COMPANY, name_zh="二", name_en="two")
    (one, _other), west = two(quick_ask), person("west", "branch", named("west"))
    changed(quick_ask, LI, one, 1, details={easts["field_id"]: "甲", companys["field_id"]: "乙"})
    asking = [
        {"field": f"details.{field['field_id']}", "contains": text} for field, text in ((easts, "甲"), (companys, "乙"))
    ]
    assert found(quick_ask, *asking, who=COMPANY) == {one}
    assert found(quick_ask, asking[1], who=west) == set()
    refused = quick_ask(west, "POST", f"{BASE}/searches/run", json={"conditions": asking[:1]})
    assert code_of(refused) == "unknown_field"


def test_an_export_goes_by_the_same_questions(quick_ask: Ask, quick_database: Database) -> None:
    """By an own field and a tag; a field retired before the job's turn is asked no more, but not by what was asked."""
    exporter = person("boss", "branch", EAST, "customers.see", "customers.export")
    exporter = replace(exporter, role="manager")
    field = defined(quick_ask, kind="number", name_zh="楼层", name_en="Floor")
    one, _other = two(quick_ask)
    changed(quick_ask, LI, one, 1, details={field["field_id"]: 7})
    question = {"conditions": [{"field": f"details.{field['field_id']}", "at_least": 7}]}
    made = quick_ask(exporter, "POST", f"{BASE}/exports", json=question)
    assert made.status_code == 202, made.get_json()
    changed(quick_ask, BOSS, f"fields/{field['field_id']}", 1, retired=True)
    JobLoop(quick_database, SERVICE.jobs).run_due()
    done = quick_ask(exporter, "GET", f"{BASE}/exports/{made.get_json()['export_id']}").get_json()
    assert (done["state"], done["rows"]) == ("done", 1)
    assert code_of(quick_ask(exporter, "POST", f"{BASE}/exports", json=question)) == "retired_field"
