"""Between dataclasses and the JSON objects of events: ISO 8601 dates, unknown fields pass, missing ones do not."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TypeVar

from cattrs import Converter
from cattrs.errors import BaseValidationError

from chassis.events.envelope import BrokenEvent

_T = TypeVar("_T")


def _converter() -> Converter:
    converter = Converter(detailed_validation=True)
    for kind in (date, datetime, time):
        converter.register_unstructure_hook(kind, lambda value: value.isoformat())
        converter.register_structure_hook(kind, lambda value, as_kind: as_kind.fromisoformat(value))
    converter.register_unstructure_hook(Decimal, str)
    converter.register_structure_hook(Decimal, lambda value, _kind: Decimal(value))
    for plain in (str, int, bool):
        converter.register_structure_hook(plain, _exactly)
    return converter


def _exactly(value: Any, kind: type[_T]) -> _T:
    if type(value) is not kind:
        raise TypeError(f"expected {kind.__name__}")
    return value


_CONVERTER = _converter()


def to_data(fact: Any) -> dict[str, Any]:
    """A dataclass as a JSON object."""
    data: dict[str, Any] = _CONVERTER.unstructure(fact)
    return data


def from_data(data: dict[str, Any], shape: type[_T]) -> _T:
    """A JSON object as `shape`; raises BrokenEvent naming the shape, never the content."""
    try:
        return _CONVERTER.structure(data, shape)
    except (BaseValidationError, TypeError, ValueError, KeyError) as error:
        raise BrokenEvent(f"the data does not have the shape of {shape.__name__}") from error
