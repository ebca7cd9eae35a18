"""Lists by keyset: a page says where the next begins; nothing is skipped or shown twice while rows come and go."""

import base64
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate
from sqlalchemy import Column, Integer, Select, bindparam, literal, tuple_

from chassis.database import Instant, Transaction
from chassis.web.refusals import BadCursor

DEFAULT_LIMIT = 50
MOST = 200
_MOST_ROWS = "most_rows"


class PageArguments(ma.Schema):
    """`?after=&limit=`: for `blueprint.arguments(PageArguments, location="query")`, or to inherit from."""

    after = fields.String(load_default=None, metadata={"description": "next_after of the page before"})
    limit = fields.Integer(load_default=DEFAULT_LIMIT, validate=validate.Range(1, MOST))


@dataclass(frozen=True)
class Page:
    """Some rows of a list, and the cursor after the last of them (None: there are no more)."""

    items: Sequence[Any]
    next_after: str | None


@cache
def page_schema(item: type[ma.Schema]) -> type[ma.Schema]:
    """The schema of a page of `item`s: `{"items": […], "next_after": cursor or null}`."""
    name = item.__name__.removesuffix("Schema") + "PageSchema"
    shape: dict[str, Any] = {
        "items": fields.List(fields.Nested(item), required=True),
        "next_after": fields.String(required=True, allow_none=True),
    }
    return type(name, (ma.Schema,), shape)


def paginate(
    tx: Transaction,
    statement: Select[Any],
    keys: Sequence[Column[Any]],
    page: Mapping[str, Any],
    *,
    descending: bool = False,
    values: Mapping[str, Any] | None = None,
) -> Page:
    """One page of `statement`, ordered by `keys`: never null, unique together, and all of them selected.

    `page` holds what PageArguments loads. Items are mappings by column name. With `values` the statement is a prepared
    one, and its first page is built once. Raises BadCursor.
    """
    after, limit = page["after"], page["limit"]
    if after is not None:
        statement = statement.where(_beyond(keys, opened(after, keys), descending))
    in_order = _in_order if after is not None or values is None else _first_page
    asked = {**(values or {}), _MOST_ROWS: limit + 1}
    rows = tx.execute(in_order(statement, tuple(keys), descending), asked).mappings().all()
    items = rows[:limit]
    more = len(rows) > limit
    return Page(items, cursor([items[-1][key.name] for key in keys], keys) if more else None)


def _in_order(statement: Select[Any], keys: tuple[Column[Any], ...], descending: bool) -> Select[Any]:
    ordered = statement.order_by(*(key.desc() if descending else key.asc() for key in keys))
    return ordered.limit(bindparam(_MOST_ROWS, type_=Integer))


_first_page = lru_cache(maxsize=256)(_in_order)


def cursor(values: Sequence[Any], keys: Sequence[Column[Any]]) -> str:
    """The opaque cursor after the row with these key values.

    Its seal shows accidents and use on another list, not forging: what may be seen is decided by the statement,
    whatever the cursor says.
    """
    packed = json.dumps([_written(value) for value in values], separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_seal(packed, keys) + packed).decode().rstrip("=")


def opened(after: str, keys: Sequence[Column[Any]]) -> list[Any]:
    """The key values that `cursor` has packed; raises BadCursor."""
    try:
        raw = base64.b64decode(after + "=" * (-len(after) % 4), altchars=b"-_", validate=True)
        seal, packed = raw[:6], raw[6:]
        if seal != _seal(packed, keys):
            raise BadCursor
        values = [_read(value) for value in json.loads(packed)]
    except (ValueError, TypeError, KeyError) as error:
        raise BadCursor from error
    if [type(value) for value in values] != [_kind_of(key) for key in keys]:
        raise BadCursor
    return values


def _kind_of(key: Column[Any]) -> type[Any]:
    return datetime if isinstance(key.type, Instant) else key.type.python_type


def _seal(packed: bytes, keys: Sequence[Column[Any]]) -> bytes:
    names = ",".join(f"{key.table.name}.{key.name}" for key in keys)
    return hashlib.sha256(names.encode() + b"\n" + packed).digest()[:6]


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"instant": value.isoformat()}
    return {"day": value.isoformat()} if isinstance(value, date) else value


def _read(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "instant" in value:
        instant = datetime.fromisoformat(value["instant"])
        return instant if instant.tzinfo else None
    return date.fromisoformat(value["day"])


def _beyond(keys: Sequence[Column[Any]], values: Sequence[Any], descending: bool) -> Any:
    bound = tuple_(*(literal(value, key.type) for key, value in zip(keys, values, strict=True)))
    return tuple_(*keys) < bound if descending else tuple_(*keys) > bound
