"""What may be asked of which field.

A question is a mapping: `text` (what one would type into the one box, or None), `conditions`, `sort` and `descending`.
A condition names a field and one or more of `contains`, `any_of` (None in it: nothing is known), `none_of`, `at_least`
and `at_most`, `since` and `until`, all included, or `since_days` and `until_days`, counted from today: what is saved
with them is as true tomorrow.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from services.customers.fields.rules import Field as OwnField
from services.customers.fields.rules import Kind as OwnKind

DETAIL = "details."
"""Before the id of a field that the company has made."""


class Kind(StrEnum):
    """What a field holds."""

    WORDS = "words"
    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    YES_NO = "yes_no"
    DAY = "day"


POSSIBLE: Mapping[Kind, Sequence[str]] = {
    Kind.WORDS: ("contains", "any_of"),
    Kind.CHOICE: ("any_of",),
    Kind.SEVERAL: ("any_of", "none_of"),
    Kind.NUMBER: ("at_least", "at_most", "any_of"),
    Kind.YES_NO: ("any_of",),
    Kind.DAY: ("since", "until", "since_days", "until_days", "any_of"),
}

FIELDS: Mapping[str, Kind] = {
    "branch_id": Kind.CHOICE,
    "city": Kind.WORDS,
    "code": Kind.WORDS,
    "company": Kind.WORDS,
    "customer_type": Kind.CHOICE,
    "demand.area": Kind.WORDS,
    "demand.budget": Kind.WORDS,
    "demand.layout": Kind.WORDS,
    "demand.preference": Kind.WORDS,
    "demand.purchasing_power": Kind.WORDS,
    "demand.purpose": Kind.WORDS,
    "district": Kind.WORDS,
    "grade": Kind.CHOICE,
    "industry": Kind.WORDS,
    "key_account": Kind.YES_NO,
    "last_contact": Kind.DAY,
    "name": Kind.WORDS,
    "next_contact": Kind.DAY,
    "owner_id": Kind.CHOICE,
    "parent_id": Kind.CHOICE,
    "province": Kind.WORDS,
    "registered": Kind.DAY,
    "remarks": Kind.WORDS,
    "source": Kind.CHOICE,
    "tags": Kind.SEVERAL,
}
"""Phones are not among them: by conditions on parts of one the hidden digits could be found out."""

_OF_OWN: Mapping[OwnKind, Kind] = {
    OwnKind.TEXT: Kind.WORDS,
    OwnKind.NUMBER: Kind.NUMBER,
    OwnKind.DATE: Kind.DAY,
    OwnKind.CHOICE: Kind.CHOICE,
    OwnKind.CHOICES: Kind.SEVERAL,
    OwnKind.YES_NO: Kind.YES_NO,
}

SORTS = ("registered", "code", "name", "grade", "last_contact", "next_contact")


class UnknownField(Exception):
    """No customer has anything of this name."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class RetiredField(Exception):
    """The company's own field is retired: it takes no new values, so nobody is to be chosen by it."""

    def __init__(self, field: OwnField) -> None:
        super().__init__(field.field_id)
        self.name_zh, self.name_en = field.name_zh, field.name_en


class ConditionNotPossible(Exception):
    """The field holds something else than the condition asks for, or the condition asks nothing."""

    def __init__(self, field: str, possible: Sequence[str]) -> None:
        super().__init__(field)
        self.field, self.possible = field, ", ".join(possible)


class UnknownSearch(Exception):
    """No such saved search, or neither the asker's own nor shared with them."""


class SearchNameTaken(Exception):
    """The asker has a search of this name already."""


@dataclass(frozen=True)
class Days:
    """From which day to which, both included; None: no end."""

    since: date | None
    until: date | None


def kind_of(field: str, made_here: Mapping[str, OwnField]) -> Kind:
    """What a field holds; `made_here`: the company's own fields by `details.<id>`. Raises UnknownField."""
    if field in FIELDS:
        return FIELDS[field]
    if field not in made_here:
        raise UnknownField(field)
    return _OF_OWN[made_here[field].kind]


def check_condition(condition: Mapping[str, Any], made_here: Mapping[str, OwnField]) -> None:
    """Raises UnknownField, RetiredField, ConditionNotPossible; `made_here`: the company's own fields."""
    field = condition["field"]
    kind = kind_of(field, made_here)
    if field in made_here and made_here[field].retired:
        raise RetiredField(made_here[field])
    asked = {name for name, value in condition.items() if name != "field" and value is not None}
    if not asked or not asked <= set(POSSIBLE[kind]) or not _values_fit(condition.get("any_of") or (), kind):
        raise ConditionNotPossible(field, POSSIBLE[kind])


def _values_fit(values: Sequence[Any], kind: Kind) -> bool:
    fitting: dict[Kind, tuple[type, ...]] = {Kind.YES_NO: (bool,), Kind.NUMBER: (int, float), Kind.DAY: ()}
    return all(value is None or type(value) in fitting.get(kind, (str,)) for value in values)


def days_of(condition: Mapping[str, Any], today: date) -> Days:
    """The days that a condition means today; of a day and a number of days the narrower holds."""
    since = [condition.get("since"), _from_today(today, condition.get("since_days"))]
    until = [condition.get("until"), _from_today(today, condition.get("until_days"))]
    return Days(max(filter(None, since), default=None), min(filter(None, until), default=None))


def _from_today(today: date, days: int | None) -> date | None:
    return None if days is None else today + timedelta(days=days)


def written(question: Mapping[str, Any]) -> dict[str, Any]:
    """A question as JSON can hold it."""
    return _with_days(question, date.isoformat)


def read(question: Mapping[str, Any]) -> dict[str, Any]:
    """The question that was written so."""
    return _with_days(question, date.fromisoformat)


def words_of(question: Mapping[str, Any]) -> Iterator[str]:
    """What a question asks for in words."""
    if question["text"]:
        yield question["text"]
    for condition in question["conditions"]:
        asked = (condition.get("contains"), *(condition.get("any_of") or ()), *(condition.get("none_of") or ()))
        yield from (value for value in asked if isinstance(value, str))


def _with_days(question: Mapping[str, Any], turn: Callable[[Any], Any]) -> dict[str, Any]:
    turned = [
        {name: turn(value) if name in ("since", "until") else value for name, value in condition.items()}
        for condition in question["conditions"]
    ]
    return {**question, "conditions": turned}
