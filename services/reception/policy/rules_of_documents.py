"""How a policy is written: a JSON object with only what differs, laid over the company's, and that over BUILT_IN.

Whole settings are replaced, but `out_for`, `out_names` and `amounts` entry by entry. Nothing here touches anything.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from services.reception.policy.rules import BUILT_IN, Amount, Band, Cause, Name, Order, Policy, Week

_HOUR, _DAY = 3600, 24 * 3600
_MOST_YUAN, _MOST_POINTS = 100_000, 10_000


class UnknownSetting(Exception):
    """No policy has a setting of this name."""

    def __init__(self, setting: str) -> None:
        super().__init__(setting)
        self.setting = setting


class BadSetting(Exception):
    """A setting is not written in its form."""

    def __init__(self, setting: str) -> None:
        super().__init__(setting)
        self.setting = setting


class ReasonUnnamed(Exception):
    """A reason to step out that is not the rule book's comes without its names."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class SettingOutOfRange(Exception):
    """A number is smaller or greater than the setting may be."""

    def __init__(self, setting: str, least: int, most: int) -> None:
        super().__init__(setting)
        self.setting, self.least, self.most = setting, least, most


class BandsMustRise(Exception):
    """Each band of lateness must reach further, and cost no less, than the one before."""


@dataclass(frozen=True)
class Layer:
    """One document with the name of its version."""

    version: str
    values: Mapping[str, Any]


@dataclass(frozen=True)
class _Setting:
    """How one setting is read from JSON and written to it; `by_entry`: its entries are laid over each other singly."""

    read: Callable[[str, Any], Any]
    write: Callable[[Any], Any]
    by_entry: bool = False


@dataclass(frozen=True)
class _Whole:
    """A whole number of a range."""

    least: int
    most: int

    def read(self, name: str, value: Any) -> int:
        return _number(name, value, self.least, self.most)

    def read_or_none(self, name: str, value: Any) -> int | None:
        return None if value is None else self.read(name, value)


@dataclass(frozen=True)
class _OneOf:
    """One of some words."""

    words: type[StrEnum]

    def read(self, name: str, value: Any) -> StrEnum:
        if value not in list(self.words):
            raise BadSetting(name)
        return self.words(value)


def check(values: Mapping[str, Any]) -> None:
    """Raises UnknownSetting, BadSetting, SettingOutOfRange or BandsMustRise for a document that is no policy.

    Raises ReasonUnnamed for one whose own reasons to step out would show as codes.
    """
    decided = read(values)
    named = {**BUILT_IN.out_names, **decided.get("out_names", {})}
    for reason in decided.get("out_for", {}):
        if reason not in named:
            raise ReasonUnnamed(reason)


def read(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings that a document names, as Policy holds them; raises UnknownSetting, BadSetting,
    SettingOutOfRange or BandsMustRise.
    """
    for name in values:
        if name not in _SETTINGS:
            raise UnknownSetting(name)
    return {name: _SETTINGS[name].read(name, value) for name, value in values.items()}


def written(policy: Policy) -> dict[str, Any]:
    """A policy as the document that says all of it."""
    return {name: setting.write(getattr(policy, name)) for name, setting in _SETTINGS.items()}


def laid_over(layers: Sequence[Layer]) -> Policy:
    """The policy that documents make together, the first of them on top, with BUILT_IN beneath.

    Its version names them all: the same name is the same policy for ever.
    """
    if not layers:
        return BUILT_IN
    values: dict[str, Any] = {}
    for layer in reversed(layers):
        for name, value in read(layer.values).items():
            values[name] = _over(values.get(name, getattr(BUILT_IN, name)), value) if _is_by_entry(name) else value
    return Policy("+".join(layer.version for layer in layers), **values)


def sources(layers: Sequence[Layer]) -> dict[str, str]:
    """Which version each value comes from, by setting; by `setting.entry` where entries are laid over each other."""
    found: dict[str, str] = {}
    for layer in [Layer(BUILT_IN.version, written(BUILT_IN)), *reversed(layers)]:
        for name, value in layer.values.items():
            entries = [f"{name}.{entry}" for entry in value] if _is_by_entry(name) else [name]
            found |= dict.fromkeys(entries, layer.version)
    return dict(sorted(found.items()))


def _over(beneath: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    return {**beneath, **above}


def _is_by_entry(name: str) -> bool:
    return _SETTINGS[name].by_entry


def _same(value: Any) -> Any:
    return value


def _word(one: StrEnum) -> str:
    return one.value


def _number(name: str, value: Any, least: int, most: int) -> int:
    if type(value) is not int:
        raise BadSetting(name)
    if not least <= value <= most:
        raise SettingOutOfRange(name, least, most)
    return value


def _yes_or_no(name: str, value: Any) -> bool:
    if type(value) is not bool:
        raise BadSetting(name)
    return value


def _names(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > 50 or not all(_is_name(one) for one in value):
        raise BadSetting(name)
    return tuple(dict.fromkeys(value))


def _limits(name: str, value: Any) -> dict[str, int]:
    if not isinstance(value, dict) or len(value) > 50 or not all(_is_name(one) for one in value):
        raise BadSetting(name)
    return {one: _number(f"{name}.{one}", limit, 60, 8 * _HOUR) for one, limit in value.items()}


def _called(name: str, value: Any) -> dict[str, Name]:
    if not isinstance(value, dict) or len(value) > 50 or not all(_is_name(one) for one in value):
        raise BadSetting(name)
    return {one: _name(f"{name}.{one}", said) for one, said in value.items()}


def _name(name: str, value: Any) -> Name:
    if (
        not isinstance(value, dict)
        or set(value) != {"zh", "en"}
        or not all(_is_name(one, 40) for one in value.values())
    ):
        raise BadSetting(name)
    return Name(value["zh"], value["en"])


def _is_name(value: Any, most: int = 20) -> bool:
    return isinstance(value, str) and 1 <= len(value.strip()) == len(value) <= most


def _bands(name: str, value: Any) -> tuple[Band, ...]:
    if not isinstance(value, list) or len(value) > 20 or not all(isinstance(one, dict) for one in value):
        raise BadSetting(name)
    bands = tuple(_band(f"{name}.{n}", one) for n, one in enumerate(value, start=1))
    for lower, upper in zip(bands, bands[1:], strict=False):
        cheaper = upper.amount.fine < lower.amount.fine or upper.amount.points < lower.amount.points
        if upper.up_to <= lower.up_to or cheaper:
            raise BandsMustRise
    return bands


def _band(name: str, value: Mapping[str, Any]) -> Band:
    amount = _amount(name, {one: value[one] for one in value if one != "up_to"})
    return Band(_number(f"{name}.up_to", value.get("up_to"), 1, _DAY), amount)


def _amounts(name: str, value: Any) -> dict[Cause, Amount]:
    if not isinstance(value, dict):
        raise BadSetting(name)
    for cause in value:
        if cause not in BUILT_IN.amounts:
            raise UnknownSetting(f"{name}.{cause}")
    return {Cause(cause): _amount(f"{name}.{cause}", amount) for cause, amount in value.items()}


def _amount(name: str, value: Any) -> Amount:
    if not isinstance(value, dict) or set(value) != {"fine", "points"}:
        raise BadSetting(name)
    fine = _number(f"{name}.fine", value["fine"], 0, _MOST_YUAN)
    return Amount(fine, _number(f"{name}.points", value["points"], 0, _MOST_POINTS))


def _written_amount(amount: Amount) -> dict[str, int]:
    return {"fine": amount.fine, "points": amount.points}


_SWITCH = _Setting(_yes_or_no, _same)
_SETTINGS: dict[str, _Setting] = {
    "non_buyers": _Setting(_names, list),
    "greet_within": _Setting(_Whole(5, _HOUR).read, _same),
    "not_greeted_counts_as_forfeit": _SWITCH,
    "forfeits_allowed": _Setting(_Whole(0, 100).read, _same),
    "forfeit_week": _Setting(_OneOf(Week).read, _word),
    "suspended_for": _Setting(_Whole(_HOUR, 90 * _DAY).read, _same),
    "out_for": _Setting(_limits, dict, by_entry=True),
    "out_names": _Setting(_called, lambda held: {one: asdict(said) for one, said in held.items()}, by_entry=True),
    "overstaying_counts_as_forfeit": _SWITCH,
    "order": _Setting(_OneOf(Order).read, _word),
    "late_to_the_tail": _SWITCH,
    "halls_joined": _SWITCH,
    "registered_by_phone_is_returning": _SWITCH,
    "undo_within": _Setting(_Whole(0, _HOUR).read, _same),
    "grace": _Setting(_Whole(0, _HOUR).read, _same),
    "clock_in_ahead": _Setting(_Whole(0, 12 * _HOUR).read, _same),
    "late": _Setting(_bands, lambda bands: [{"up_to": one.up_to, **_written_amount(one.amount)} for one in bands]),
    "amounts": _Setting(
        _amounts, lambda held: {cause.value: _written_amount(one) for cause, one in held.items()}, by_entry=True
    ),
    "points_only": _SWITCH,
    "cap_percent": _Setting(_Whole(1, 100).read_or_none, _same),
}
SETTINGS = tuple(field.name for field in fields(Policy) if field.name in _SETTINGS)
"""Everything that a policy may decide."""
