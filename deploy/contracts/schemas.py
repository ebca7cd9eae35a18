"""The JSON Schema of a fact, from its dataclass."""

import datetime as dt
import types
import typing
from dataclasses import fields, is_dataclass
from inspect import cleandoc
from typing import Any

_PLAIN: dict[Any, dict[str, Any]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    dt.date: {"type": "string", "format": "date"},
    dt.datetime: {"type": "string", "format": "date-time"},
    dt.time: {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}:[0-9]{2}$"},  # by a branch's clock: without an offset
    types.NoneType: {"type": "null"},
}


def schema_of(shape: type[Any]) -> dict[str, Any]:
    """The schema of a dataclass: every field is required; readers let unknown ones pass, so fields can be added."""
    hints = typing.get_type_hints(shape)
    properties = {field.name: _of(hints[field.name]) for field in fields(shape)}
    if "personal" in properties:
        _salted(properties["personal"])
    return {
        "type": "object",
        "description": " ".join(cleandoc(shape.__doc__ or "").split()),
        "required": list(properties),
        "properties": properties,
    }


def _of(hint: Any) -> dict[str, Any]:
    origin = typing.get_origin(hint)
    if origin in {typing.Union, types.UnionType}:
        return {"oneOf": [_of(kind) for kind in typing.get_args(hint)]}
    if origin is typing.Literal:
        return {"enum": list(typing.get_args(hint))}
    if origin in {list, tuple}:
        return {"type": "array", "items": _of(typing.get_args(hint)[0])}
    return schema_of(hint) if isinstance(hint, type) and is_dataclass(hint) else dict(_PLAIN[hint])


def _salted(personal: dict[str, Any]) -> None:
    """The outbox adds a salt, so that the digest that stands for the part says nothing of it."""
    for part in personal.get("oneOf", [personal]):
        if part["type"] == "object":
            part["properties"]["salt"] = {"type": "string", "description": "random; erased with the part"}
            part["required"].append("salt")
