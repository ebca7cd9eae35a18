"""What is looked for, between form, address and question, without a page."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from werkzeug.datastructures import MultiDict

from gateway.pages.search_fields import KINDS, Kind, SearchField
from gateway.pages.search_form import address_of, in_addresses, pairs_of, question_in
from services.customers.searches import rules

_OWN = {
    "details.text": Kind.WORDS,
    "details.number": Kind.NUMBER,
    "details.date": Kind.DAY,
    "details.choice": Kind.CHOICE,
    "details.choices": Kind.SEVERAL,
    "details.yes_no": Kind.YES_NO,
}
_OF_LISTS = ("grade", "owner_id", "branch_id", "customer_type", "source", "parent_id", "key_account")
_CONTACTS = ("last_contact", "next_contact", "registered")
_WORDS = some.text(min_size=1, max_size=12).map(str.strip).filter(bool)
_DAY = some.dates().map(lambda day: day.isoformat())
_VALUES = {
    Kind.YES_NO: some.booleans(),
    Kind.NUMBER: some.integers(-99, 99) | some.floats(-99, 99),
    Kind.DAY: some.none(),
}


def _named(name: str) -> SearchField:
    return SearchField(name, {**KINDS, **_OWN}[name], name)


def _question(*conditions: dict[str, Any], text: str | None = None, sort: str = "registered") -> dict[str, Any]:
    return {"text": text, "conditions": list(conditions), "sort": sort, "descending": sort == "registered"}


def _written(condition: dict[str, Any]) -> str:
    return json.dumps(condition, sort_keys=True)


def _condition(name: str) -> some.SearchStrategy[dict[str, Any]]:
    """A condition as customers take it: at least one of what is possible for the field."""
    kind = _named(name).kind
    values = some.lists(some.none() | _VALUES.get(kind, _WORDS), min_size=1, max_size=3)
    asked: dict[str, some.SearchStrategy[Any]] = {"contains": _WORDS, "any_of": values}
    asked |= dict.fromkeys(("at_least", "at_most"), _VALUES[Kind.NUMBER])
    asked |= dict.fromkeys(("since", "until"), _DAY) | {"none_of": some.lists(_WORDS, min_size=1, max_size=3)}
    asked |= dict.fromkeys(("since_days", "until_days"), some.integers(-36_500, 36_500))
    possible = {part: asked[part] for part in rules.POSSIBLE[rules.Kind(kind.value)]}
    return some.fixed_dictionaries({}, optional=possible).filter(bool).map(lambda said: {"field": name, **said})


_CONDITIONS = some.lists(some.sampled_from([*KINDS, *_OWN]).flatmap(_condition), max_size=4)


def test_the_fields_are_those_of_customers() -> None:
    """Everything that customers can be asked for by has a place in the form, as what it is there."""
    assert {name: kind.value for name, kind in KINDS.items()} == {
        name: kind.value for name, kind in rules.FIELDS.items()
    }


@settings(deadline=None)
@given(_CONDITIONS, some.none() | _WORDS, some.sampled_from(rules.SORTS), some.booleans())
def test_no_condition_is_lost_in_a_form(
    conditions: list[dict[str, Any]], text: str | None, sort: str, descending: bool
) -> None:
    """Whatever question is put into the fields of a form, the form says the same question again."""
    asked = {"text": text, "conditions": conditions, "sort": sort, "descending": descending}
    again = question_in(MultiDict(pairs_of(asked, _named)), _named)
    assert sorted(again.pop("conditions"), key=_written) == sorted(conditions, key=_written)
    assert again == {name: value for name, value in asked.items() if name != "conditions"}


@settings(deadline=None)
@given(_CONDITIONS, some.none() | _WORDS)
def test_an_address_holds_what_is_chosen_and_nothing_typed(conditions: list[dict[str, Any]], text: str | None) -> None:
    """A question has an address if and only if it asks by lists of the company's and by days of contact alone."""
    asked = _question(*conditions, text=text)
    pairs = pairs_of(asked, _named)
    kinds = (*_OF_LISTS, *_CONTACTS, "details.choice", "details.yes_no")
    plain = text is None and all(one["field"] in kinds for one in conditions) and "other" not in dict(pairs)
    assert (address_of("/customers/search", pairs, _named) is not None) == plain


def test_an_address_says_nothing_that_was_typed() -> None:
    """Words in an address, which no page of ours writes there, are not heeded."""
    sent = MultiDict([("grade", "B"), ("name", "王"), ("text", "王"), ("tags", "王"), ("other", "{}"), ("after", "x")])
    assert in_addresses(sent, _named).to_dict() == {"grade": "B", "after": "x"}


def test_who_was_shown_last_by_name_is_in_no_address() -> None:
    """The cursor of a list by name holds a name: then the way to the next page is a form."""
    by_code, by_name = ([("sort", sort), ("after", "x")] for sort in ("code", "name"))
    assert address_of("/customers/search", by_code, _named) == "/customers/search?sort=code&after=x"
    assert address_of("/customers/search", by_name, _named) is None
    assert "after" not in in_addresses(MultiDict(by_name), _named)


@pytest.mark.parametrize(
    ("sent", "condition"),
    [
        ([("tags", "学区"), ("tags.typed", "投资，老带新"), ("tags.not", "")], {"any_of": ["学区", "投资", "老带新"]}),
        ([("last_contact", "days"), ("last_contact.days", "45")], {"until_days": -45}),
        ([("last_contact", "days"), ("last_contact.days", "很久")], {"until_days": "很久"}),
        ([("last_contact", "..-30"), ("last_contact.since", "2026-01-01")], {"until_days": -30}),
        ([("last_contact", "dates"), ("last_contact.since", "2026-01-01")], {"since": "2026-01-01"}),
        ([("next_contact", "none")], {"any_of": [None]}),
        ([("owner_id", ""), ("owner_id", "s1")], {"any_of": [None, "s1"]}),
        ([("company", " 三丰 "), ("company.blank", "1")], {"contains": "三丰", "any_of": [None]}),
        ([("details.number.at_least", "1.5"), ("details.number.at_most", "多")], {"at_least": 1.5, "at_most": "多"}),
    ],
)
def test_what_is_typed_and_chosen(sent: list[tuple[str, str]], condition: dict[str, Any]) -> None:
    """Each kind of field is read as it is meant; what is no number goes on as typed, for customers to refuse."""
    (found,) = question_in(MultiDict(sent), _named)["conditions"]
    assert {name: value for name, value in found.items() if name != "field"} == condition


def test_what_is_left_empty_asks_nothing() -> None:
    """An untouched form, and what nobody can mean, is the list of everybody in its own order."""
    empty = [("company", " "), ("last_contact", ""), ("last_contact", "gestern"), ("tags.typed", ","), ("other", "{")]
    assert question_in(MultiDict([*empty, ("other", "[]"), ("sort", "shoe")]), _named) == _question()
