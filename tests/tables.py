"""Thousands of tests begin with an empty database: its tables in one go, and its statements compiled once."""

from functools import cache
from typing import Any

from sqlalchemy import Dialect, Engine, Executable, MetaData, create_mock_engine
from sqlalchemy.util import LRUCache

_DIALECTS: dict[str, Dialect] = {}
_COMPILED: LRUCache[Any, Any] = LRUCache(3000)


def compile_once(engine: Engine) -> None:
    """Have a new database use what SQLAlchemy has compiled for those before it.

    A statement is the same text in every database of a kind, and compiling it takes several times as long as running
    it. It is kept under the dialect for which it was compiled, so they share that too.
    """
    engine.dialect = _DIALECTS.setdefault(engine.dialect.name, engine.dialect)
    engine.update_execution_options(compiled_cache=_COMPILED)


def create_tables(engine: Engine, metadata: MetaData) -> None:
    """What `metadata.create_all` makes in an empty database, told to it as one script."""
    script = _script(metadata, engine.dialect.name)
    connection = engine.raw_connection()
    try:
        if engine.dialect.name == "sqlite":
            connection.driver_connection.executescript(script)  # type: ignore[union-attr]
        else:
            connection.cursor().execute(script)
        connection.commit()
    finally:
        connection.close()


@cache
def _script(metadata: MetaData, dialect: str) -> str:
    statements: list[str] = []

    def keep(statement: Executable, *_rest: object) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine("sqlite://" if dialect == "sqlite" else f"{dialect}+psycopg://", keep)
    metadata.create_all(engine, checkfirst=False)
    return ";\n".join(statements)
