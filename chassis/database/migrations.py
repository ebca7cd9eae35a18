"""Bringing a service's database to its newest schema, once, under a lock, in one transaction.

Each service has its own tree of migrations (`services/x/migrations/versions/0001_….py`, numbered without gaps). A
migration is undone by a restored backup, not by a downgrade. Expand first, migrate data, contract in a later release:
each schema states the oldest code it still serves (OLDEST_CODE), and only code outside that is refused.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, MetaData, inspect, select

from chassis.database.migration_connection import migrating
from chassis.database.tables import schema_serves


class SchemaMismatch(Exception):
    """Code and database do not fit; the message says what to do."""


class SchemaTooNew(SchemaMismatch):
    """The database was made by a newer version, which no longer serves this code."""

    def __init__(self, service: str, schema: int, code: int) -> None:
        super().__init__(
            f"{service}: the data was made by a newer version (schema {schema:04}, this version knows {code:04}); "
            f"start the newer version, or choose another data folder"
        )


class SchemaTooOld(SchemaMismatch):
    """The database has not been migrated to this code yet."""

    def __init__(self, service: str, schema: int, code: int) -> None:
        super().__init__(
            f"{service}: the database has schema {schema:04}, this version needs {code:04}: migrate it first"
        )


@dataclass(frozen=True)
class Stand:
    """What a database says of its schema; 0 where it says nothing yet."""

    schema: int
    oldest_code: int


def migrate(service: str, folder: Path, metadata: MetaData, url: str, patience: float = 60.0) -> bool:
    """Bring the database at `url` to the newest migration in `folder`/versions; says whether anything was done.

    Waits up to `patience` seconds for another one that migrates (DatabaseBusy). Either all of it commits or none: a
    migration that loses rows, breaks a foreign key or drops a trigger raises MigrationRefused. A database that a newer
    version made and that still serves this code is left alone; else SchemaTooNew.
    """
    with migrating(url, patience) as connection:
        stand, code = stand_of(connection), newest_in(folder)
        if code <= stand.schema:
            _refuse_unserved(service, stand, code)
            return False
        from chassis.database.upgrade import upgrade  # noqa: PLC0415 - Alembic takes a tenth of every start without it

        upgrade(connection, folder, metadata, stand.schema)
        return True


def check_schema(service: str, folder: Path, url: str) -> None:
    """Raises SchemaTooNew or SchemaTooOld when the code of `folder` may not run on the database at `url`."""
    with migrating(url, patience=10, only_look=True) as connection:
        stand, code = stand_of(connection), newest_in(folder)
    if stand.schema < code:
        raise SchemaTooOld(service, stand.schema, code)
    _refuse_unserved(service, stand, code)


def declared_only(connection: Connection) -> Callable[[str | None, str, object], bool]:
    """For comparing a database with its declared tables: what SQLite keeps behind an index of words is none of them."""
    kept = set()
    if connection.dialect.name == "sqlite":
        listed = connection.exec_driver_sql("PRAGMA table_list").mappings()
        kept = {row["name"] for row in listed if row["type"] in ("virtual", "shadow")}
    return lambda name, kind, _parents: kind != "table" or name not in kept


def stand_of(connection: Connection) -> Stand:
    """What the database says of its schema."""
    if not inspect(connection).has_table(schema_serves.name):
        return Stand(0, 0)
    row = connection.execute(select(schema_serves.c.schema, schema_serves.c.oldest_code)).one()
    return Stand(*row)


def newest_in(folder: Path) -> int:
    """The newest migration's number, 0 without one; by the files' names: Alembic would load every one of them."""
    return max((int(file.name.partition("_")[0]) for file in (folder / "versions").glob("[0-9]*_*.py")), default=0)


def _refuse_unserved(service: str, stand: Stand, code: int) -> None:
    if stand.oldest_code > code:
        raise SchemaTooNew(service, stand.schema, code)
