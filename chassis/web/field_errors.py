"""The errors of single fields, from marshmallow's English to a flat list in the reader's language.

A schema may raise `ValidationError("some_code")`: the text `validation.some_code` of the service is said.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from chassis.texts import UnknownText
from chassis.web.context import say

_LOCATIONS = ("json", "query", "querystring", "form", "files", "path", "view_args", "headers")
_SENTENCES = {
    "Missing data for required field.": "required",
    "Field may not be null.": "null",
    "Unknown field.": "unknown",
    "Not a valid string.": "string",
    "Not a valid integer.": "integer",
    "Not a valid number.": "number",
    "Not a valid boolean.": "boolean",
    "Not a valid list.": "list",
    "Not a valid mapping type.": "object",
    "Invalid input type.": "object",
    "Invalid type.": "object",
    "Not a valid date.": "date",
    "Not a valid time.": "time",
    "Not a valid datetime.": "instant",
    "Not a valid aware datetime.": "instant",
    "Not a valid UUID.": "uuid",
    "Number too large.": "number_too_large",
    "String does not match expected pattern.": "pattern",
    "Special numeric values (nan or infinity) are not permitted.": "number",
}
_PATTERNS = (
    (re.compile(r"Must be greater than or equal to (?P<least>\S+)\."), "at_least"),
    (re.compile(r"Must be less than or equal to (?P<most>\S+)\."), "at_most"),
    (re.compile(r"Must be greater than or equal to (?P<least>\S+) and less than or equal to (?P<most>\S+)\."), "range"),
    (re.compile(r"Shorter than minimum length (?P<least>\d+)\."), "too_short"),
    (re.compile(r"Longer than maximum length (?P<most>\d+)\."), "too_long"),
    (re.compile(r"Length must be between (?P<least>\d+) and (?P<most>\d+)\."), "length"),
    (re.compile(r"Length must be (?P<length>\d+)\."), "exact_length"),
    (re.compile(r"Must be one of: (?P<choices>.*)\.", re.DOTALL), "one_of"),
)


def field_errors(messages: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    """`{"field": "rows.0.day", "detail": text}` for each message; the field is "" for the body as a whole."""
    for location, inner in messages.items():
        path = () if location in _LOCATIONS else (location,)
        yield from _errors_at(path, inner)


def _errors_at(path: tuple[str, ...], messages: Any) -> Iterator[dict[str, str]]:
    if isinstance(messages, Mapping):
        for step, inner in messages.items():
            yield from _errors_at(path if step == "_schema" else (*path, str(step)), inner)
    elif isinstance(messages, list | tuple):
        for message in messages:
            yield from _errors_at(path, message)
    else:
        yield {"field": ".".join(path), "detail": _said(str(messages))}


def _said(message: str) -> str:
    try:
        return say(f"validation.{_SENTENCES.get(message, message)}")
    except UnknownText:
        pass
    for pattern, code in _PATTERNS:
        found = pattern.fullmatch(message)
        if found:
            return say(f"validation.{code}", **found.groupdict())
    return message
