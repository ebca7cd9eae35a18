"""What is looked for, as people say it: each condition as a phrase, and all of them as a sentence."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from gateway.pages.language import TEXTS, text
from gateway.pages.search_fields import UNKNOWN, Kind, SearchField
from gateway.pages.search_form import DATES, DAYS, NEVER, Named

SPANS: Mapping[str, Sequence[str]] = {
    "last_contact": ("..-7", "..-15", "..-30", "..-60", "..-90", "-7..", "-30.."),
    "next_contact": ("..-1", "0..0", "0..7", "0..30"),
    "registered": ("0..", "-6..", "-29.."),
}
"""The spans of days that are offered, counted from today."""


def sentence(question: Mapping[str, Any], named: Named) -> str:
    """All that a customer must be, in one sentence; of everybody when nothing is asked."""
    phrases = [phrase for _without, phrase in parts_of(question, named)]
    return text("search.all_of").join(phrases) or text("search.everybody")


def parts_of(question: Mapping[str, Any], named: Named) -> Iterator[tuple[dict[str, Any], str]]:
    """Each thing that is asked, as a phrase, with the question that is left without it."""
    if question["text"]:
        yield {**question, "text": None}, text("search.says.text", words=question["text"])
    conditions = question["conditions"]
    for n, condition in enumerate(conditions):
        rest = [*conditions[:n], *conditions[n + 1 :]]
        yield {**question, "conditions": rest}, phrase(condition, named(condition["field"]))


def phrase(condition: Mapping[str, Any], field: SearchField) -> str:
    """One condition."""
    said = _of_days(condition, field) if field.kind is Kind.DAY else _of_values(condition, field)
    return text("search.and").join(said) or field.title


def spans_offered(field: SearchField, chosen: str) -> dict[str, str]:
    """What may be chosen of a field of days, with its words; what is chosen already is among it."""
    spans = [*SPANS.get(field.name, ()), *([chosen] if ".." in chosen else [])]
    offered = {span: _span(field, *span.split("..", 1)) for span in spans}
    typed = {DAYS: text("search.days_typed")} if field.name == "last_contact" else {}
    return offered | typed | {NEVER: _never(field), DATES: text("search.dates")}


def _of_values(condition: Mapping[str, Any], field: SearchField) -> Iterator[str]:
    for part in ("contains", "at_least", "at_most"):
        if part in condition:
            yield text(f"search.says.{part}", field=field.title, value=condition[part])
    for part in ("any_of", "none_of"):
        if part in condition:
            yield _of_choices(part, [_value(one) for one in condition[part]], field)


def _of_choices(part: str, values: Sequence[str], field: SearchField) -> str:
    if values == [UNKNOWN] and field.unknown == text("search.unknown"):
        return text("search.says.blank", field=field.title)
    way = "yes_no" if field.kind is Kind.YES_NO else part
    words = text("search.or").join(field.word(value) for value in values)
    return text(f"search.says.{way}", field=field.title, value=words)


def _of_days(condition: Mapping[str, Any], field: SearchField) -> Iterator[str]:
    if "any_of" in condition:
        yield _never(field)
    spans = [str(condition.get(part, "")) for part in ("since_days", "until_days")]
    if any(spans):
        yield _span(field, *spans)
    days = [str(condition.get(part, "")) for part in ("since", "until")]
    if any(days):
        yield _from_to(field, *days)


def _span(field: SearchField, since: str, until: str) -> str:
    """A span in the field's own words where there are some, else from which day to which."""
    form, days = _form(_whole(since), _whole(until))
    code = f"search.spans.{field.name}.{form}"
    if TEXTS.knows(code):
        return text(code, days=days, counted=days + 1)
    return _from_to(field, _day(since), _day(until))


def _form(since: int | None, until: int | None) -> tuple[str, int]:
    """How a span is spoken of, and its days; `-6..` is within the last 6 days, or counted with today the last 7."""
    if since is None and until is not None and until < 0:
        return "before", -until
    if since == 0 and until in (None, 0):
        return "today", 0
    if since is not None and since < 0 and until is None:
        return "within", -since
    return ("coming", until) if since == 0 and until is not None else ("", 0)


def _from_to(field: SearchField, since: str, until: str) -> str:
    ends = "from_to" if since and until else "from" if since else "to"
    return text(f"search.says.{ends}", field=field.title, since=since, until=until)


def _day(days: str) -> str:
    ahead = _whole(days)
    if ahead is None:
        return days
    when = "today" if ahead == 0 else "ahead" if ahead > 0 else "ago"
    return text(f"search.day.{when}", days=abs(ahead))


def _whole(days: str) -> int | None:
    return int(days) if days.lstrip("-").isdecimal() else None


def _never(field: SearchField) -> str:
    code = f"search.spans.{field.name}.never"
    if TEXTS.knows(code):
        return text(code)
    return text("search.says.blank", field=field.title)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return UNKNOWN if value is None else f"{value}"
