"""The migrations of every service against its declared tables."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, MetaData, create_engine, inspect, make_url, text

from chassis.database.append_only import guards_of, put_guards, trigger_sources
from chassis.database.migrations import check_schema, declared_only, migrate
from chassis.database.upgrade import scripts_in
from deploy.catalogue import NAMES, folder_of, metadata_of


@pytest.fixture(params=NAMES)
def service(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def folder(service: str) -> Path:
    return folder_of(service) / "migrations"


@pytest.fixture(scope="module")
def migrated_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """A SQLite file of a service with every migration, to copy: running them takes longer than looking at them."""
    made = tmp_path_factory.mktemp("migrated")

    @cache
    def of(service: str) -> Path:
        file = made / f"{service}.db"
        migrate(service, folder_of(service) / "migrations", metadata_of(service), f"sqlite:///{file}")
        return file

    return of


@pytest.fixture
def migrated_url(service: str, folder: Path, database_url: str, migrated_files: Callable[[str], Path]) -> str:
    """A database of each kind of its own with every migration."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        shutil.copy(migrated_files(service), str(url.database))
    else:
        migrate(service, folder, metadata_of(service), database_url)
    return database_url


def test_migrated_schema_is_the_declared_one(service: str, migrated_url: str) -> None:
    """After every migration the tables, columns, types, indexes and keys are those that tables.py declares."""
    assert _differences(migrated_url, metadata_of(service)) == []


def test_migrated_indexes_are_kept_as_declared(service: str, folder: Path, postgres_url: str) -> None:
    """How PostgreSQL keeps an index, which a comparison of schemas leaves out, is what tables.py declares."""
    metadata = metadata_of(service)
    migrate(service, folder, metadata, postgres_url)
    migrated = _kept(postgres_url)
    with create_engine(postgres_url).begin() as connection:
        for index in (index for table in metadata.sorted_tables for index in table.indexes):
            index.drop(connection)
            index.create(connection)
    assert _kept(postgres_url) == migrated


def test_append_only_tables_are_guarded(service: str, migrated_url: str) -> None:
    """Every trigger that a table declares stands in the migrated database."""
    declared = {guard.name for guards in guards_of(metadata_of(service)).values() for guard in guards}
    with create_engine(migrated_url).connect() as connection:
        assert set(trigger_sources(connection)) == declared
    assert declared


def test_a_guard_lets_through_what_it_does_today(service: str, folder: Path, database_url: str, tmp_path: Path) -> None:
    """A table whose guard let nothing through when it was made has today's guard after the newest migration."""
    metadata = metadata_of(service)
    migrate(service, _first_of(folder, tmp_path), MetaData(), database_url)
    guards = [guard for guards in guards_of(metadata).values() for guard in guards]
    engine = create_engine(database_url)
    with engine.begin() as connection:
        tables = set(inspect(connection).get_table_names())
        for guard in guards:
            if guard.table in tables:
                for statement in replace(guard, condition=None).statements(engine.dialect.name):
                    connection.exec_driver_sql(statement)
    migrate(service, folder, metadata, database_url)
    with engine.connect() as connection:
        conditional = {name for name, source in trigger_sources(connection).items() if "WHEN" in source}
    engine.dispose()
    assert conditional == {guard.name for guard in guards if guard.condition}


def test_a_guard_that_stands_is_left_alone(service: str, migrated_url: str) -> None:
    """What stands as it is declared is not made again: on PostgreSQL that would keep everybody from the table."""
    engine = create_engine(migrated_url)
    with engine.begin() as connection:
        before = _triggers(connection)
        put_guards(connection, metadata_of(service))
        assert _triggers(connection) == before
    engine.dispose()
    assert before


def test_migrating_twice_does_nothing(service: str, folder: Path, sqlite_url: str) -> None:
    """A second migration finds nothing to do, and the code may run."""
    metadata = metadata_of(service)
    assert migrate(service, folder, metadata, sqlite_url)
    assert not migrate(service, folder, metadata, sqlite_url)
    check_schema(service, folder, sqlite_url)


def test_a_dead_letter_of_the_first_schema_stays(service: str, folder: Path, database_url: str, tmp_path: Path) -> None:
    """A letter parked before branches were noted belongs to none afterwards, and the code of then goes on parking."""
    first = _first_of(folder, tmp_path)
    migrate(service, first, MetaData(), database_url)  # the guards of then knew the columns of then
    _park_as_then(database_url, "before")
    assert migrate(service, folder, metadata_of(service), database_url)
    check_schema(service, first, database_url)
    _park_as_then(database_url, "after")
    with create_engine(database_url).connect() as connection:
        rows = connection.execute(text("SELECT id, branch_id FROM dead_letters ORDER BY id DESC")).all()
    assert [tuple(row) for row in rows] == [("before", None), ("after", None)]


def test_migrations_are_numbered_without_gaps(folder: Path) -> None:
    """0001, 0002, 0003: the number is what a schema states about the code it serves."""
    numbers = [int(script.revision) for script in scripts_in(folder).walk_revisions()]
    assert sorted(numbers) == list(range(1, len(numbers) + 1)) != []


def _first_of(folder: Path, tmp_path: Path) -> Path:
    """The migrations as they were at the beginning."""
    first = tmp_path / folder.parent.name / "migrations"
    (first / "versions").mkdir(parents=True)
    shutil.copy(next((folder / "versions").glob("0001_*.py")), first / "versions")
    return first


def _triggers(connection: Connection) -> dict[str, int]:
    """Each trigger by name, with the number that it has as long as it is not made again."""
    if connection.dialect.name == "postgresql":
        query = "SELECT tgname AS name, oid AS number FROM pg_trigger WHERE NOT tgisinternal"
    else:
        query = "SELECT name, rowid AS number FROM sqlite_master WHERE type = 'trigger'"
    return {row.name: row.number for row in connection.execute(text(query))}


def _park_as_then(url: str, letter: str) -> None:
    columns = "id, type, subject, body, error, attempts, parked_at, state"
    values = f"'{letter}', 'unknown', 'unknown', '', 'Refused', 4, '2026-03-02T01:00:00.000000Z', 'parked'"
    with create_engine(url).begin() as connection:
        connection.execute(text(f"INSERT INTO dead_letters ({columns}) VALUES ({values})"))


def _kept(url: str) -> dict[str, str]:
    """How each index is kept: its options, which stand in no order of ours."""
    with create_engine(url).connect() as connection:
        query = (
            "SELECT relname AS name, reloptions AS options FROM pg_class WHERE relkind = 'i' AND reloptions IS NOT NULL"
        )
        return {row.name: str(sorted(row.options)) for row in connection.execute(text(query))}


def _differences(url: str, metadata: MetaData) -> list[Any]:
    engine = create_engine(url)
    with engine.connect() as connection:
        compared = {"compare_type": True, "compare_server_default": True, "include_name": declared_only(connection)}
        context = MigrationContext.configure(connection, opts=compared)
        found = compare_metadata(context, metadata)
    engine.dispose()
    return list(found)
