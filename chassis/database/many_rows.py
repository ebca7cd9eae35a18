"""Many rows into a table by one statement: VALUES of many rows into a file, COPY into PostgreSQL.

Each row that a statement of SQLite writes lets go of the interpreter, and whoever is busy beside it takes it for
milliseconds: a thousand rows beside a busy thread were seconds. The rows of one statement are written in one go. For
PostgreSQL a statement for each row, even if all go in one trip, costs several times what COPY does.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import psycopg
from sqlalchemy import ARRAY, Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

_FEWER = 4
"""So few rows are not worth another statement in a file."""

MANY = 50
"""From so many rows on PostgreSQL gets them by COPY, which is a trip of its own."""

_MOST_VALUES = 30_000  # SQLite takes 32,766
_INSERT = re.compile(r"(INSERT INTO [^?]+? VALUES )(\(.+?\))((?: ON CONFLICT [^?]+)?)", re.DOTALL)
_PLAIN_INSERT = re.compile(r"INSERT INTO (\w+) \(([\w, ]+)\) VALUES \((%\(\w+\)s(::[A-Z \[\]]+)?(, )?)+\)")
_Process = Callable[[Any], Any] | None
_Values = tuple[tuple[str, _Process], ...]
"""The names of a row's values, and what makes each storable."""


@dataclass(frozen=True)
class _ManyValues:
    """An INSERT of one row, taken apart."""

    before: str
    row: str
    after: str
    values: _Values

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        at_once = max(1, _MOST_VALUES // len(self.values))
        for first in range(0, len(rows), at_once):
            some = rows[first : first + at_once]
            written = tuple(chain.from_iterable(zip(*_stored(self.values, some), strict=True)))
            connection.exec_driver_sql(f"{self.before}{', '.join([self.row] * len(some))}{self.after}", written)


@dataclass(frozen=True)
class _Copy:
    """The COPY that stands for an INSERT of one row."""

    statement: str
    values: _Values

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        cursor: Any = connection.connection.dbapi_connection.cursor()  # type: ignore[union-attr]
        try:
            with cursor, cursor.copy(self.statement) as copy:
                for row in zip(*_stored(self.values, rows), strict=True):
                    copy.write_row(row)
        except psycopg.Error as error:
            raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error


def _stored(values: _Values, rows: Sequence[Mapping[str, Any]]) -> Sequence[Sequence[Any]]:
    """Column by column."""
    return [
        [row[name] for row in rows] if process is None else [process(row[name]) for row in rows]
        for name, process in values
    ]


def insert_rows(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Run an INSERT for these rows, all with the same names, in their order, as `execute` does; False: it is none, or
    the rows are too few.
    """
    dialect = connection.dialect
    form_of, least = (_copy_for, MANY) if dialect.name == "postgresql" else (_many_values_for, _FEWER)
    form = form_of(statement, tuple(rows[0]), dialect) if len(rows) >= least else None
    if form is None:
        return False
    form.run(connection, rows)
    return True


@lru_cache(maxsize=256)
def _many_values_for(statement: Any, names: tuple[str, ...], dialect: Dialect) -> _ManyValues | None:
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(names))
    parts = _INSERT.fullmatch(compiled.string)
    if parts is None or " RETURNING " in compiled.string or not compiled.positiontup:
        return None
    if set(compiled.positiontup) != set(names) or parts[2].count("?") != len(compiled.positiontup):
        return None
    return _ManyValues(parts[1], parts[2], parts[3], _values(compiled, compiled.positiontup))


@lru_cache(maxsize=256)
def _copy_for(statement: Any, names: tuple[str, ...], dialect: Dialect) -> _Copy | None:
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(names))
    parts = _PLAIN_INSERT.fullmatch(compiled.string)
    if parts is None or not set(compiled.binds) == set(names) == set(parts[2].split(", ")):
        return None
    return _Copy(f"COPY {parts[1]} ({parts[2]}) FROM STDIN", _values(compiled, parts[2].split(", ")))


def _values(compiled: SQLCompiler, names: Sequence[str]) -> _Values:
    return tuple((name, _processor(compiled, name)) for name in names)


def _processor(compiled: SQLCompiler, name: str) -> _Process:
    kind = compiled.binds[name].type.dialect_impl(compiled.dialect)
    if isinstance(kind, ARRAY):
        return _array
    process: _Process = kind.bind_processor(compiled.dialect)
    return process


def _array(numbers: Sequence[int] | None) -> str | None:
    """As COPY reads it: the driver takes ten times as long to write one."""
    return None if numbers is None else f"{{{','.join(map(str, numbers))}}}"
