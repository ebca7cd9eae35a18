"""Many rows into a file by few statements.

Each row that a statement of SQLite writes lets go of the interpreter, and whoever is busy beside it takes it for
milliseconds: a thousand rows beside a busy thread were seconds. The rows of one statement are written in one go.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.compiler import SQLCompiler

FEWER = 4
"""So few rows are not worth another statement."""

_MOST_VALUES = 30_000  # SQLite takes 32,766
_INSERT = re.compile(r"(INSERT INTO [^?]+? VALUES )(\(.+?\))((?: ON CONFLICT [^?]+)?)", re.DOTALL)
_DIALECT = sqlite.dialect()
_Process = Callable[[Any], Any] | None


@dataclass(frozen=True)
class _Form:
    """An INSERT of one row, taken apart: the names of its values, and what makes each storable."""

    before: str
    row: str
    after: str
    values: tuple[tuple[str, _Process], ...]

    def run(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        at_once = max(1, _MOST_VALUES // len(self.values))
        for first in range(0, len(rows), at_once):
            some = rows[first : first + at_once]
            columns = (_stored(process, [row[name] for row in some]) for name, process in self.values)
            written = tuple(chain.from_iterable(zip(*columns, strict=True)))
            connection.exec_driver_sql(f"{self.before}{', '.join([self.row] * len(some))}{self.after}", written)


def _stored(process: _Process, values: Sequence[Any]) -> Sequence[Any]:
    return values if process is None else [process(value) for value in values]


def insert_rows(connection: Connection, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> bool:
    """Run an INSERT for these rows, all with the same names, in their order, as `execute` does; False: it is none.

    For databases in a file; others are quick when all runs of a statement go in one trip.
    """
    form = _form_of(statement, tuple(rows[0])) if connection.dialect.name == "sqlite" else None
    if form is None:
        return False
    form.run(connection, rows)
    return True


@lru_cache(maxsize=256)
def _form_of(statement: Any, names: tuple[str, ...]) -> _Form | None:
    compiled: SQLCompiler = statement.compile(dialect=_DIALECT, column_keys=list(names))
    parts = _INSERT.fullmatch(compiled.string)
    if parts is None or " RETURNING " in compiled.string or not compiled.positiontup:
        return None
    if set(compiled.positiontup) != set(names) or parts[2].count("?") != len(compiled.positiontup):
        return None
    values = tuple((name, _processor(compiled, name)) for name in compiled.positiontup)
    return _Form(parts[1], parts[2], parts[3], values)


def _processor(compiled: SQLCompiler, name: str) -> _Process:
    process: _Process = compiled.binds[name].type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    return process
