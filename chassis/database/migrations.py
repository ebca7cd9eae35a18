"""Bringing a service's database to its newest schema, once, under a lock, in one transaction.

Each service has its own tree of migrations (`services/x/migrations/versions/0001_….py`, numbered without gaps). A
migration is undone by a restored backup, not by a downgrade. Expand first, migrate data, contract in a later release:
each schema states the oldest code it still serves (OLDEST_CODE), and only code outside that is refused.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, delete, insert, inspect, select

from chassis.database.append_only import put_guards
from chassis.database.migration_connection import migrating
from chassis.database.migration_safety import Safety
from chassis.database.tables import schema_serves

_TEMPLATE = Path(__file__).with_name("migration_template")
_ONE_AT_A_TIME = Lock()  # Alembic's context is one per process


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
    scripts = scripts_in(folder)
    with migrating(url, patience) as connection:
        stand = stand_of(connection)
        if _code(scripts) <= stand.schema:
            _refuse_unserved(service, stand, _code(scripts))
            return False
        safety = Safety(connection, _rows_change_in(scripts, stand.schema))
        with _ONE_AT_A_TIME, upgrading(connection, scripts, metadata) as environment:
            environment.run_migrations()
        _state(connection, scripts)
        safety.put_back_triggers()
        put_guards(connection, metadata)
        safety.check()
        return True


def check_schema(service: str, folder: Path, url: str) -> None:
    """Raises SchemaTooNew or SchemaTooOld when the code of `folder` may not run on the database at `url`."""
    with migrating(url, patience=10, only_look=True) as connection:
        stand, code = stand_of(connection), _newest_in(folder)
    if stand.schema < code:
        raise SchemaTooOld(service, stand.schema, code)
    _refuse_unserved(service, stand, code)


def scripts_in(folder: Path) -> ScriptDirectory:
    """The migrations of one service."""
    config = Config(attributes={"service": folder.parent.name})
    config.set_main_option("script_location", str(_TEMPLATE))
    config.set_main_option("path_separator", "newline")
    config.set_main_option("version_locations", str(folder / "versions"))
    return ScriptDirectory.from_config(config)


@contextmanager
def upgrading(connection: Connection, scripts: ScriptDirectory, metadata: MetaData) -> Iterator[EnvironmentContext]:
    """Alembic's context for going to the newest migration on this connection, inside its open transaction."""

    def to_the_newest(revision: tuple[str, ...], _context: object) -> object:
        return scripts._upgrade_revs("head", revision)  # type: ignore[arg-type]

    with EnvironmentContext(Config(), scripts, fn=to_the_newest) as environment:
        environment.configure(
            connection=connection, target_metadata=metadata, transactional_ddl=True, render_as_batch=True
        )
        yield environment


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


def _state(connection: Connection, scripts: ScriptDirectory) -> None:
    newest = scripts.get_revision("head")
    values = {"one": 1, "schema": int(newest.revision), "oldest_code": int(newest.module.OLDEST_CODE)}
    connection.execute(delete(schema_serves))
    connection.execute(insert(schema_serves).values(values))


def _code(scripts: ScriptDirectory) -> int:
    head = scripts.get_current_head()
    return 0 if head is None else int(head)


def _newest_in(folder: Path) -> int:
    """The same by the files' names: Alembic would load every migration into each process that only looks."""
    return max((int(file.name.partition("_")[0]) for file in (folder / "versions").glob("[0-9]*_*.py")), default=0)


def _refuse_unserved(service: str, stand: Stand, code: int) -> None:
    if stand.oldest_code > code:
        raise SchemaTooNew(service, stand.schema, code)


def _rows_change_in(scripts: ScriptDirectory, schema: int) -> frozenset[str]:
    to_run = [script.module for script in scripts.walk_revisions() if int(script.revision) > schema]
    return frozenset[str]().union(*(module.ROWS_CHANGE_IN for module in to_run))
