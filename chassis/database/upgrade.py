"""Running a service's migrations with Alembic, which is imported only where there is one to run."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, delete, insert

from chassis.database.append_only import put_guards
from chassis.database.migration_safety import Safety
from chassis.database.tables import schema_serves

_TEMPLATE = Path(__file__).with_name("migration_template")
_ONE_AT_A_TIME = Lock()  # Alembic's context is one per process


def upgrade(connection: Connection, folder: Path, metadata: MetaData, schema: int) -> None:
    """Run every migration of `folder`/versions after `schema`; raises MigrationRefused."""
    scripts = scripts_in(folder)
    safety = Safety(connection, _rows_change_in(scripts, schema))
    with _ONE_AT_A_TIME, upgrading(connection, scripts, metadata) as environment:
        environment.run_migrations()
    _state(connection, scripts)
    safety.put_back_triggers()
    put_guards(connection, metadata)
    safety.check()


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


def _state(connection: Connection, scripts: ScriptDirectory) -> None:
    newest = scripts.get_revision("head")
    values = {"one": 1, "schema": int(newest.revision), "oldest_code": int(newest.module.OLDEST_CODE)}
    connection.execute(delete(schema_serves))
    connection.execute(insert(schema_serves).values(values))


def _rows_change_in(scripts: ScriptDirectory, schema: int) -> frozenset[str]:
    to_run = [script.module for script in scripts.walk_revisions() if int(script.revision) > schema]
    return frozenset[str]().union(*(module.ROWS_CHANGE_IN for module in to_run))
