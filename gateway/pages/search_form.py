"""What is looked for, between a form or an address and the question that customers are asked.

A field stands under its name: what is typed, each choice, or from which day to which, counted from today (`..-30`,
`-6..`, `0..7`). After a dot stand `blank` (nothing is known), `not` and `typed` (of tags), `at_least` and `at_most`,
`since` and `until`, and `days`. `other` holds a condition for which the form has no place, as it was.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from gateway.pages.search_fields import DETAIL, KINDS, UNKNOWN, Kind, SearchField

Sent = MultiDict[str, str]
Pair = tuple[str, str]
Condition = dict[str, Any]
Named = Callable[[str], SearchField]

SORTS = ("-registered", "registered", "code", "name", "grade", "last_contact", "-last_contact", "next_contact")
"""The orders that are offered; with a minus the last or greatest first."""

DATES, DAYS, NEVER = "dates", "days", "none"
"""What is chosen instead of a span: two days, a number of days to be typed, nothing known."""

_PARTS = ("blank", "not", "typed", "at_least", "at_most", "since", "until", "days")
_SPAN = re.compile(r"(-?\d{1,5})?\.\.(-?\d{1,5})?")
_WHOLE = re.compile(r"\d{1,5}")
_BESIDE = ("sort", "after")
_SORTED_BY = {sort.removeprefix("-") for sort in SORTS}
_SORTED_BY_WORDS = ("name", "-name")


def question_in(sent: Sent, named: Named) -> dict[str, Any]:
    """The question that a form or an address holds."""
    sort = sent.get("sort", "") if sent.get("sort", "").removeprefix("-") in _SORTED_BY else SORTS[0]
    conditions = [one for name in _names_in(sent) if (one := _condition(sent, named(name)))]
    conditions += [condition for _kept, condition in others_in(sent)]
    order = {"sort": sort.removeprefix("-"), "descending": sort.startswith("-")}
    return {"text": sent.get("text", "").strip() or None, "conditions": conditions, **order}


def pairs_of(question: Mapping[str, Any], named: Named) -> list[Pair]:
    """What a form or an address holds of this question: question_in makes the same of it."""
    pairs = [("text", question["text"])] if question["text"] else []
    seen: set[str] = set()
    for condition in question["conditions"]:
        name = condition["field"]
        pairs += _fitting(condition, named(name)) if name not in seen else [_other(condition)]
        seen.add(name)
    sort = f"{'-' if question['descending'] else ''}{question['sort']}"
    return pairs + ([("sort", sort)] if sort != SORTS[0] else [])


def others_in(sent: Sent) -> list[tuple[str, Condition]]:
    """The conditions for which the form has no place, each as it is kept there and as it is."""
    return [(kept, condition) for kept in sent.getlist("other") if (condition := _read(kept))]


def address_of(path: str, pairs: Sequence[Pair], named: Named) -> str | None:
    """The address that holds all of it; None where something in it is in no address: then a form is sent."""
    if not all(_may_stand(pair, pairs, named) for pair in pairs):
        return None
    return f"{path}?{urlencode(pairs)}" if pairs else path


def in_addresses(sent: Sent, named: Named) -> Sent:
    """What an address may hold of what it does."""
    pairs = list(sent.items(multi=True))
    return MultiDict(pair for pair in pairs if _may_stand(pair, pairs, named))


def _may_stand(pair: Pair, pairs: Sequence[Pair], named: Named) -> bool:
    name = _name_of(pair[0])
    if name == "after":  # it says where the last customer shown stands in the order: by name, who that is
        return not any(("sort", sort) in pairs for sort in _SORTED_BY_WORDS)
    return name in _BESIDE or (_is_field(name) and named(name).in_addresses)


def _names_in(sent: Sent) -> list[str]:
    return [name for name in dict.fromkeys(map(_name_of, sent)) if _is_field(name)]


def _name_of(key: str) -> str:
    before, _, part = key.rpartition(".")
    return before if part in _PARTS and _is_field(before) else key


def _is_field(name: str) -> bool:
    return name in KINDS or name.startswith(DETAIL)


def _condition(sent: Sent, field: SearchField) -> Condition | None:
    asked = _READERS[field.kind](sent, field.name)
    return {"field": field.name, **asked} if asked else None


def _words(sent: Sent, name: str) -> Condition:
    part = sent.get(name, "").strip()
    return ({"contains": part} if part else {}) | _blank(sent, name)


def _chosen(sent: Sent, name: str) -> Condition:
    values = sent.getlist(name)
    return {"any_of": [value or None for value in values]} if values else {}


def _yes_no(sent: Sent, name: str) -> Condition:
    values = [value for value in sent.getlist(name) if value in ("yes", "no", UNKNOWN)]
    return {"any_of": [None if value == UNKNOWN else value == "yes" for value in values]} if values else {}


def _several(sent: Sent, name: str) -> Condition:
    typed = [word for one in re.split("[,，、;；\n]", sent.get(f"{name}.typed", "")) if (word := one.strip())]
    any_of = [value or None for value in sent.getlist(name)] + typed
    none_of = [value for value in sent.getlist(f"{name}.not") if value]
    return ({"any_of": any_of} if any_of else {}) | ({"none_of": none_of} if none_of else {})


def _number(sent: Sent, name: str) -> Condition:
    ends = {part: sent.get(f"{name}.{part}", "").strip() for part in ("at_least", "at_most")}
    return {part: _as_number(typed) for part, typed in ends.items() if typed} | _blank(sent, name)


def _day(sent: Sent, name: str) -> Condition:
    chosen = sent.get(name, "")
    if chosen == DATES:
        ends = {part: sent.get(f"{name}.{part}", "").strip() for part in ("since", "until")}
        return {part: day for part, day in ends.items() if day}
    if chosen == DAYS:
        days = sent.get(f"{name}.days", "").strip()
        return {"until_days": -int(days) if _WHOLE.fullmatch(days) else days} if days else {}
    if chosen == NEVER:
        return {"any_of": [None]}
    span = _SPAN.fullmatch(chosen)
    ends_of = zip(("since_days", "until_days"), span.groups(), strict=True) if span else ()
    return {part: int(days) for part, days in ends_of if days}


def _blank(sent: Sent, name: str) -> Condition:
    return {"any_of": [None]} if f"{name}.blank" in sent else {}


def _as_number(typed: str) -> Any:
    """What is no number goes on as it was typed, for customers to refuse."""
    try:
        return json.loads(typed) if re.fullmatch(r"-?\d+(\.\d+)?", typed) else typed
    except ValueError:
        return typed


_READERS: Mapping[Kind, Callable[[Sent, str], Condition]] = {
    Kind.WORDS: _words,
    Kind.CHOICE: _chosen,
    Kind.YES_NO: _yes_no,
    Kind.SEVERAL: _several,
    Kind.NUMBER: _number,
    Kind.DAY: _day,
}


def _fitting(condition: Condition, field: SearchField) -> list[Pair]:
    """The condition in the form's fields, or as it is where they would say something else."""
    pairs = list(_written(condition, field))
    return pairs if _condition(MultiDict(pairs), field) == condition else [_other(condition)]


def _written(condition: Condition, field: SearchField) -> Iterator[Pair]:
    name, values = field.name, condition.get("any_of") or []
    if field.kind in (Kind.CHOICE, Kind.SEVERAL, Kind.YES_NO):
        yield from ((name, _choice(value)) for value in values)
        yield from ((f"{name}.not", value) for value in condition.get("none_of") or ())
    elif field.kind is Kind.DAY:
        yield from _written_days(condition, name)
    elif values:
        yield f"{name}.blank", "1"
    if "contains" in condition:
        yield name, condition["contains"]
    yield from ((f"{name}.{part}", f"{condition[part]}") for part in ("at_least", "at_most") if part in condition)


def _written_days(condition: Condition, name: str) -> Iterator[Pair]:
    dates = [(f"{name}.{part}", str(condition[part])) for part in ("since", "until") if part in condition]
    if dates:
        yield from ((name, DATES), *dates)
    elif "any_of" in condition:
        yield name, NEVER
    else:
        yield name, "..".join(str(condition.get(part, "")) for part in ("since_days", "until_days"))


def _choice(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return UNKNOWN if value is None else str(value)


def _other(condition: Condition) -> Pair:
    return "other", json.dumps(condition, ensure_ascii=False, sort_keys=True)


def _read(kept: str) -> Condition | None:
    try:
        condition = json.loads(kept)
    except ValueError:
        return None
    return condition if isinstance(condition, dict) and isinstance(condition.get("field"), str) else None
