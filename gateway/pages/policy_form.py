"""A policy as a form, made from its fields; and the document that a filled form means.

A document names only what the branch decides for itself. Reception judges what was typed; what is no number is sent as
it was typed, so that reception names the setting.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Literal, NamedTuple

from werkzeug.datastructures import MultiDict

Form = MultiDict[str, str]
Shape = Literal["number", "switch", "choice", "names", "limits", "called", "bands", "amounts"]


class Field(NamedTuple):
    """One setting in the form: its shape; a number's unit and how many of what reception counts it holds."""

    name: str
    shape: Shape
    unit: str = ""
    of: int = 1
    choices: tuple[str, ...] = ()
    may_be_empty: bool = False


GROUPS: Mapping[str, tuple[Field, ...]] = {
    "receiving": (
        Field("order", "choice", choices=("lasting", "clock_in", "lot")),
        Field("halls_joined", "switch"),
        Field("registered_by_phone_is_returning", "switch"),
        Field("greet_within", "number", "seconds"),
        Field("not_greeted_counts_as_forfeit", "switch"),
        Field("undo_within", "number", "seconds"),
        Field("non_buyers", "names"),
    ),
    "leaving": (
        Field("out_for", "limits", "minutes", 60),
        Field("out_names", "called"),  # filled in with `out_for`, row by row
        Field("overstaying_counts_as_forfeit", "switch"),
        Field("forfeits_allowed", "number", "times"),
        Field("forfeit_week", "choice", choices=("rolling", "calendar")),
        Field("suspended_for", "number", "hours", 3600),
    ),
    "attendance": (
        Field("grace", "number", "seconds"),
        Field("clock_in_ahead", "number", "minutes", 60),
        Field("late_to_the_tail", "switch"),
        Field("late", "bands", "minutes", 60),
    ),
    "money": (
        Field("amounts", "amounts"),
        Field("points_only", "switch"),
        Field("cap_percent", "number", "percent", may_be_empty=True),
    ),
}
FIELDS = tuple(field for group in GROUPS.values() for field in group)
_BY_ENTRY = ("limits", "called", "amounts")
SPARE = 2
"""Empty rows offered in a list."""


def shown(field: Field, value: Any) -> str:
    """A number in the form's unit; what was typed and is none, as it was typed."""
    return f"{Decimal(value) / field.of:f}" if isinstance(value, int) else str(value or "")


def typed(form: Form, field: Field, held: Any) -> Any:
    """A setting as it was typed; `held` is what holds, by whose entries some are read."""
    return _READ[field.shape](form, field, held)


def document(form: Form, held: Mapping[str, Any], own: Iterable[str], sources: Mapping[str, str]) -> dict[str, Any]:
    """What a branch decides: what it decided before (`own`) unless it follows the company again, and what differs.

    A reason to step out goes with its names, unless they are the rule book's.
    """
    kept, follows = set(own), set(form.getlist("follow"))
    follows |= {"out_names"} if "out_for" in follows else set()
    found: dict[str, Any] = {}
    for field in FIELDS:
        value, beneath = typed(form, field, held[field.name]), held[field.name]
        if field.name in follows:
            continue
        if field.shape in _BY_ENTRY:
            names = found.get("out_for", ()) if field.shape == "called" else ()
            needed = {f"{field.name}.{one}" for one in names} - _of_the_rule_book(sources)
            value = {
                one: said
                for one, said in value.items()
                if _decides(f"{field.name}.{one}", kept | needed, said, beneath.get(one))
            }
            found |= {field.name: value} if value else {}
        elif _decides(field.name, kept, value, beneath):
            found[field.name] = value
    return found


def as_typed(form: Form, held: Mapping[str, Any]) -> dict[str, Any]:
    """Every setting as it was typed, for the form that comes back."""
    return {field.name: typed(form, field, held[field.name]) for field in FIELDS}


def own_settings(versions: Iterable[Mapping[str, Any]], sources: Mapping[str, str], branch_id: str | None) -> set[str]:
    """Which settings (or `setting.entry`) come from a version of this branch (None: of the company)."""
    theirs = {one["version"] for one in versions if one["branch_id"] == branch_id}
    return {setting for setting, version in sources.items() if version in theirs}


def sources_of(sources: Mapping[str, str], setting: str) -> list[str]:
    """The versions that a setting, or any entry of it, comes from; the rule book's own values come from none."""
    others = sources.keys() - _of_the_rule_book(sources)
    return sorted({sources[name] for name in others if name.partition(".")[0] == setting})


def _of_the_rule_book(sources: Mapping[str, str]) -> set[str]:
    return {name for name, version in sources.items() if version.startswith("built-in")}


def _decides(setting: str, own: set[str], value: Any, beneath: Any) -> bool:
    return setting in own or value != beneath


def _number(text: str, of: int = 1) -> Any:
    try:
        value = Decimal(text.strip()) * of
    except InvalidOperation:
        return text.strip()
    return int(value) if value.is_finite() and value == value.to_integral_value() else text.strip()


def _read_number(form: Form, field: Field, _held: Any) -> Any:
    text = form.get(field.name, "")
    return None if field.may_be_empty and not text.strip() else _number(text, field.of)


def _read_switch(form: Form, field: Field, _held: Any) -> bool:
    return form.get(field.name) == "yes"


def _read_choice(form: Form, field: Field, _held: Any) -> str:
    return form.get(field.name, "")


def _read_names(form: Form, field: Field, _held: Any) -> list[str]:
    return [one.strip() for one in form.getlist(field.name) if one.strip()]


def _rows_of_reasons(form: Form) -> list[tuple[str, str, str, str]]:
    """Each reason to step out with its names and its limit; a new one is known by its Chinese name."""
    columns = ("out_for.entry", "out_names.zh", "out_names.en", "out_for.value")
    rows = zip(*([cell.strip() for cell in form.getlist(name)] for name in columns), strict=False)
    return [(entry or zh, zh, en, limit) for entry, zh, en, limit in rows if zh or en or limit]


def _read_limits(form: Form, field: Field, _held: Any) -> dict[str, Any]:
    return {entry: _number(limit, field.of) for entry, _zh, _en, limit in _rows_of_reasons(form)}


def _read_called(form: Form, _field: Field, _held: Any) -> dict[str, Any]:
    return {entry: {"zh": zh, "en": en} for entry, zh, en, _limit in _rows_of_reasons(form)}


def _read_bands(form: Form, field: Field, _held: Any) -> list[dict[str, Any]]:
    columns = (form.getlist(f"{field.name}.{name}") for name in ("up_to", "fine", "points"))
    rows = [row for row in zip(*columns, strict=False) if any(cell.strip() for cell in row)]
    return [
        {"up_to": _number(up_to, field.of), "fine": _number(fine), "points": _number(points)}
        for up_to, fine, points in rows
    ]


def _read_amounts(form: Form, field: Field, held: Mapping[str, Any]) -> dict[str, Any]:
    return {
        cause: {name: _number(form.get(f"{field.name}.{cause}.{name}", "")) for name in ("fine", "points")}
        for cause in held
    }


_READ = {
    "number": _read_number,
    "switch": _read_switch,
    "choice": _read_choice,
    "names": _read_names,
    "limits": _read_limits,
    "called": _read_called,
    "bands": _read_bands,
    "amounts": _read_amounts,
}
