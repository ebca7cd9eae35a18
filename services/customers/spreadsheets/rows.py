"""From the cells of a row to what it means: what is missing or strange in a follow-up is a warning, never a guess; what
a customer's file cannot hold as it stands refuses the row.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from services.customers.fields.rules import BETWEEN_CHOICES
from services.customers.register import phones
from services.customers.spreadsheets.columns import Columns, Field, Kind
from services.customers.spreadsheets.rules import CLOSED, Cell, Cells, Refusal, Row
from services.customers.spreadsheets.values import (
    Unreadable,
    day_in,
    grade_in,
    lacks_year,
    number_in,
    percent_in,
    plain,
    text_in,
    yes_or_no_in,
)

PHONE_REASONS: Mapping[type[phones.PhoneNotValid], str] = {
    phones.PhoneLostDigits: "phone_lost_digits",
    phones.PhoneNotValid: "phone_not_valid",
    phones.PhoneTooLong: "phone_too_long",
    phones.PhoneTooShort: "phone_too_short",
    phones.PhoneWithExtension: "phone_with_extension",
    phones.PhoneWithoutAreaCode: "phone_without_area_code",
}
_OF_ROW = frozenset(Row.__dataclass_fields__)
_MISSED = ("code", "name", "customer_type", "followup_date", "method", "progress", "intent", "result", "salesperson")


def row_of(number: int, cells: Cells, columns: Columns, year: int | None = None) -> Row:
    """What one row means. `year` is the one that the sheet is of."""
    meant, unreadable, refusals = _read(cells, columns, year)
    own = {name: value for name, value in meant.items() if name in _OF_ROW}
    return Row(
        number=number,
        **own,
        file=_file(meant),
        warnings=(*unreadable, *_warnings(meant, columns, cells)),
        refusal=refusals[0] if refusals else None,
        follows_up=columns.follows_up,
        cells=cells,
    )


def _read(cells: Cells, columns: Columns, year: int | None) -> tuple[dict[str, Any], list[str], list[Refusal]]:
    meant: dict[str, Any] = {}
    unreadable, refusals = [], []
    for place, (field, title) in enumerate(zip(columns.fields, columns.titles, strict=True)):
        cell = cells[place] if field and place < len(cells) else None
        text = text_in(cell)
        if field is None or not text:
            continue
        try:
            meant[field.name] = _READ[field.kind](field, cell, text, year)
        except Unreadable as error:
            is_history = field.follows_up or (columns.follows_up and field.name == "customer_type")
            if is_history and error.code != "text_too_long":
                unreadable.append(f"{field.name}_unreadable")
                meant[field.name] = None
            else:
                refusals.append(Refusal(error.code, title))
    return meant, unreadable, refusals


def _warnings(meant: Mapping[str, Any], columns: Columns, cells: Cells) -> Iterator[str]:
    if any(text_in(cells[place]) for place in columns.retired if place < len(cells)):
        yield "field_retired"
    if columns.required - meant.keys():
        yield "required_field_missing"
    if not columns.follows_up:
        return
    names, closed = columns.names, meant.get("result") == CLOSED
    for name in _MISSED:
        if name in names and name not in meant:
            yield f"{name}_missing"
    if closed and "deal_date" in names and "deal_date" not in meant:
        yield "deal_date_missing"
    if not closed and meant.get("deal_date") is not None:
        yield "deal_date_without_deal"


def _file(meant: Mapping[str, Any]) -> dict[str, Any]:
    """What is said of the file beyond a row's own fields; `demand.budget` stands under `demand`."""
    file: dict[str, Any] = {}
    for name, value in meant.items():
        if name not in _OF_ROW:
            part, _, key = name.partition(".")
            if key:
                file.setdefault(part, {})[key] = value
            else:
                file[name] = value
    return file


def _text(field: Field, _cell: Cell, text: str, _year: int | None) -> str:
    if len(text) > field.longest:
        raise Unreadable("text_too_long")
    return text


def _code(field: Field, cell: Cell, text: str, year: int | None) -> str:
    return _text(field, cell, plain(text).upper(), year)


def _phone(_field: Field, _cell: Cell, text: str, _year: int | None) -> str:
    try:
        return phones.in_one_form(text)
    except phones.PhoneNotValid as error:
        raise Unreadable(PHONE_REASONS[type(error)]) from error


def _day(field: Field, cell: Cell, text: str, year: int | None) -> Any:
    day = day_in(cell, year)
    if day is None:
        raise Unreadable("day_without_year" if lacks_year(text) and year is None else "day_unreadable")
    return day if field.follows_up else day.isoformat()


def _percent(_field: Field, cell: Cell, _text: str, _year: int | None) -> int:
    percent = percent_in(cell)
    if percent is None:
        raise Unreadable("percent_unreadable")
    return percent


def _choice(field: Field, _cell: Cell, text: str, _year: int | None) -> str:
    wanted = plain(text).casefold()
    found = next((choice for choice in field.choices if plain(choice).casefold() == wanted), None)
    if found is None:
        raise Unreadable("choice_unknown")
    return found


def _choices(field: Field, cell: Cell, text: str, year: int | None) -> list[str]:
    return list(dict.fromkeys(_choice(field, cell, part, year) for part in _parts(text, BETWEEN_CHOICES)))


def _tags(field: Field, cell: Cell, text: str, year: int | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_text(field, cell, part, year) for part in _parts(text, BETWEEN_CHOICES + ",，")))


def _parts(text: str, between: str) -> list[str]:
    return [part.strip() for part in re.split(f"[{between}]", text) if part.strip()]


_READ: Mapping[Kind, Callable[[Field, Cell, str, int | None], Any]] = {
    Kind.TEXT: _text,
    Kind.CODE: _code,
    Kind.PHONE: _phone,
    Kind.DAY: _day,
    Kind.PERCENT: _percent,
    Kind.GRADE: lambda _field, _cell, text, _year: grade_in(text),
    Kind.YES_NO: lambda _field, _cell, text, _year: yes_or_no_in(text),
    Kind.NUMBER: lambda _field, _cell, text, _year: number_in(text),
    Kind.CHOICE: _choice,
    Kind.CHOICES: _choices,
    Kind.TAGS: _tags,
}
