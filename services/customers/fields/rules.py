"""What a field of the company's own holds, what is wrong with a value, and how values stand in sheets."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

SHIPPED_TYPES = ("一般客户", "优质客户", "超级VIP客户")
"""Types of customers (客户类型) until the company edits the list."""

LONGEST = 500
BETWEEN_CHOICES = "、;；\n"
_YES_NO = {"是": True, "yes": True, "true": True, "√": True, "否": False, "no": False, "false": False, "×": False}
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_NUMBER = re.compile(r"[-+]?\d+(\.\d+)?")


class UnknownCustomerField(Exception):
    """There is no such field, or it is not the asker's to change."""


class FieldNameTaken(Exception):
    """Another field that is in use has this name."""


class ChoicesNeeded(Exception):
    """A field to choose from has at least one choice, a field of another kind none."""


class UnknownCustomerType(Exception):
    """The company's list has no such type of customers; `choices` names those it has."""

    def __init__(self, types: Sequence[str]) -> None:
        super().__init__("unknown_customer_type")
        self.choices = "、".join(types)


class Kind(StrEnum):
    """What a field holds: a text, a number, a day, one or several of its choices, or yes or no."""

    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"


@dataclass(frozen=True)
class Field:
    """A field as it is defined: by a branch, or (`branch_id` None) by the company for all branches.

    One that is `retired` keeps the values it has, and gets no others.
    """

    field_id: str
    branch_id: str | None
    name_zh: str
    name_en: str
    kind: Kind
    required: bool
    choices: tuple[str, ...]
    searchable: bool
    place: int
    retired: bool
    version: int

    @property
    def is_sought(self) -> bool:
        """Whether customers are found by what it holds."""
        return self.searchable and not self.retired


def check_field(field: Field, others: Sequence[Field]) -> None:
    """Raises ChoicesNeeded, or FieldNameTaken when one of `others` in use has one of its names."""
    if bool(field.choices) != (field.kind in (Kind.CHOICE, Kind.CHOICES)):
        raise ChoicesNeeded
    used = {name.casefold() for one in others if not one.retired for name in (one.name_zh, one.name_en)}
    if not field.retired and used & {field.name_zh.casefold(), field.name_en.casefold()}:
        raise FieldNameTaken


def flaws_in(fields: Sequence[Field], before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is wrong with the values in `given` (by field id, None takes one away), as codes of `validation`.

    Who fills in any field fills in the required ones. A value that stays as it was is not looked at again.
    """
    known = {field.field_id: field for field in fields}
    new = {one: value for one, value in given.items() if one not in before or value != before[one]}
    flaws = {one: flaw for one, value in new.items() if (flaw := _flaw(known.get(one), value))}
    after = with_values(before, given)
    needed = [one.field_id for one in fields if one.required and not one.retired and one.field_id not in after]
    return {one: [flaw] for one, flaw in (dict.fromkeys(needed, "required") | flaws).items()}


def with_values(before: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a customer after `given` were set."""
    return {one: value for one, value in {**before, **given}.items() if value is not None}


def _flaw(field: Field | None, value: Any) -> str | None:
    if field is None:
        return "unknown_field"
    if value is None:
        return None
    return "retired_field" if field.retired else flaw_in(field, value)


def flaw_in(field: Field, value: Any) -> str | None:
    """What is wrong with a value of this field: a code of `validation`, or its sentence; None: nothing."""
    if field.kind is Kind.TEXT:
        return _flaw_in_text(value)
    if field.kind is Kind.NUMBER:
        return None if type(value) in (int, float) else "number"
    if field.kind is Kind.DATE:
        return None if _is_day(value) else "date"
    if field.kind is Kind.YES_NO:
        return None if isinstance(value, bool) else "boolean"
    if field.kind is Kind.CHOICE:
        return None if isinstance(value, str) and value in field.choices else _one_of(field)
    return _flaw_in_several(field, value)


def _flaw_in_text(value: Any) -> str | None:
    if not isinstance(value, str):
        return "string"
    if not value.strip():
        return "blank"
    return f"Longer than maximum length {LONGEST}." if len(value) > LONGEST else None


def _flaw_in_several(field: Field, value: Any) -> str | None:
    if not isinstance(value, list) or not value:
        return "list"
    chosen = [one for one in value if isinstance(one, str) and one in field.choices]
    return None if len(set(chosen)) == len(value) else _one_of(field)


def _one_of(field: Field) -> str:
    return f"Must be one of: {', '.join(field.choices)}."


def _is_day(value: Any) -> bool:
    found = _DAY.fullmatch(value) if isinstance(value, str) else None
    return found is not None and _day_of(found) == value


def _day_of(found: re.Match[str]) -> str | None:
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return None


def searchable_texts(fields: Sequence[Field], values: Mapping[str, Any]) -> list[str]:
    """The texts that a customer is found by, of the fields that are to be searched."""
    sought = [field for field in fields if field.is_sought and field.field_id in values]
    return [str(in_cell(field, values[field.field_id])) for field in sought]


def named(fields: Sequence[Field], heading: str) -> Field | None:
    """The field in use whose Chinese or English name is the heading of a column."""
    meant = heading.strip().casefold()
    return next((one for one in fields if not one.retired and meant in _names(one)), None)


def _names(field: Field) -> tuple[str, str]:
    return field.name_zh.casefold(), field.name_en.casefold()


def from_cell(field: Field, cell: Any) -> Any:
    """The value that a cell of a sheet means (text, number, day, or true or false); None where it is empty.

    What cannot be read is answered as it stands: `flaw_in` says what is wrong with it.
    """
    text = cell.strip() if isinstance(cell, str) else cell
    if text is None or text == "":
        return None
    return _READ[field.kind](text)


def in_cell(field: Field, value: Any) -> str | int | float | date:
    """A value as a cell of a sheet shows it; `from_cell` reads it back."""
    if field.kind is Kind.DATE:
        return date.fromisoformat(value)
    if field.kind is Kind.YES_NO:
        return "是" if value else "否"
    return BETWEEN_CHOICES[0].join(value) if field.kind is Kind.CHOICES else value


def _text_from(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _number_from(cell: Any) -> Any:
    plain = cell.replace(",", "").replace("，", "") if isinstance(cell, str) else cell
    if isinstance(plain, str) and _NUMBER.fullmatch(plain):
        plain = float(plain)
    return int(plain) if isinstance(plain, float) and plain.is_integer() else plain


def _day_from(cell: Any) -> Any:
    if isinstance(cell, date):  # an instant is a day as well
        return date(cell.year, cell.month, cell.day).isoformat()
    found = _DAY.fullmatch(cell) if isinstance(cell, str) else None
    return (_day_of(found) if found else None) or cell


def _yes_or_no_from(cell: Any) -> Any:
    return _YES_NO.get(cell.lower(), cell) if isinstance(cell, str) else cell


def _several_from(cell: Any) -> Any:
    parts = re.split(f"[{BETWEEN_CHOICES}]", str(cell))
    return list(dict.fromkeys(part.strip() for part in parts if part.strip()))


_READ = {
    Kind.TEXT: _text_from,
    Kind.NUMBER: _number_from,
    Kind.DATE: _day_from,
    Kind.CHOICE: _text_from,
    Kind.CHOICES: _several_from,
    Kind.YES_NO: _yes_or_no_from,
}
