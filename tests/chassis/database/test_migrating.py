"""Migrations: all or nothing, one at a time, and nothing lost on the way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from textwrap import indent

import pytest
from sqlalchemy import Engine, MetaData, create_engine, event, inspect, text
from sqlalchemy.exc import DatabaseError

from chassis.database import DatabaseBusy
from chassis.database.append_only import trigger_sources
from chassis.database.migration_connection import migrating
from chassis.database.migration_safety import MigrationRefused
from chassis.database.migrations import SchemaTooNew, SchemaTooOld, check_schema, migrate

_FIRST = """
op.create_table("schema_serves", sa.Column("one", sa.Integer, primary_key=True),
    sa.Column("schema", sa.Integer), sa.Column("oldest_code", sa.Integer))
op.create_table("folders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("title", sa.String(20)))
op.create_table("pages", sa.Column("id", sa.Integer, primary_key=True), sa.Column("folder_id", sa.Integer,
    sa.ForeignKey("folders.id", ondelete="CASCADE"), nullable=False))
"""
_WIDEN = """
with op.batch_alter_table("folders") as batch:
    batch.alter_column("title", type_=sa.String(80), existing_type=sa.String(20))
"""


class Tree:
    """A service's folder of migrations that grows during a test."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder = folder / "probe" / "migrations"
        (self.folder / "versions").mkdir(parents=True)
        self.url = url

    def add(self, steps: str, *, oldest_code: int = 1, rows_change_in: str = "frozenset()") -> None:
        number = len(list((self.folder / "versions").glob("*.py"))) + 1
        before = f'"{number - 1:04}"' if number > 1 else "None"
        head = f'revision = "{number:04}"\ndown_revision = {before}\n'
        head += f"OLDEST_CODE = {oldest_code}\nROWS_CHANGE_IN = {rows_change_in}\n"
        text = f"import sqlalchemy as sa\nfrom alembic import op\n{head}\ndef upgrade():\n{indent(steps, '    ')}\n"
        (self.folder / "versions" / f"{number:04}_step.py").write_text(text)

    def drop_last(self) -> None:
        max((self.folder / "versions").glob("*.py")).unlink()

    def migrate(self, patience: float = 30) -> bool:
        return migrate("probe", self.folder, MetaData(), self.url, patience)

    def check(self) -> None:
        check_schema("probe", self.folder, self.url)

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        engine = create_engine(self.url)
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", lambda raw, _record: raw.execute("PRAGMA foreign_keys=ON"))
        yield engine
        engine.dispose()

    def run(self, *statements: str) -> None:
        with self.engine() as engine, engine.begin() as connection:
            for statement in statements:
                connection.execute(text(statement))

    def count(self, table: str) -> int:
        with self.engine() as engine, engine.connect() as connection:
            return int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())


@pytest.fixture
def tree(tmp_path: Path, database_url: str) -> Tree:
    tree = Tree(tmp_path, database_url)
    tree.add(_FIRST)
    tree.migrate()
    tree.run("INSERT INTO folders VALUES (1, 'a'), (2, 'b')", "INSERT INTO pages VALUES (1, 1), (2, 1), (3, 2)")
    return tree


@pytest.fixture
def sqlite_tree(tmp_path: Path, sqlite_url: str) -> Tree:
    tree = Tree(tmp_path, sqlite_url)
    tree.add(_FIRST)
    tree.migrate()
    tree.run("INSERT INTO folders VALUES (1, 'a'), (2, 'b')", "INSERT INTO pages VALUES (1, 1), (2, 1), (3, 2)")
    return tree


def test_changing_a_parent_keeps_its_children(tree: Tree) -> None:
    """A table that others refer to with ON DELETE CASCADE is changed, and every child is still there."""
    tree.add(_WIDEN)
    assert tree.migrate()
    assert (tree.count("folders"), tree.count("pages")) == (2, 3)


def test_a_failing_migration_leaves_nothing_behind(tree: Tree) -> None:
    """When the second of two steps fails, the first is undone as well and the schema is the old one."""
    tree.add('op.create_table("extra", sa.Column("id", sa.Integer, primary_key=True))\nop.execute("SELEC nonsense")')
    with pytest.raises(DatabaseError):
        tree.migrate()
    with tree.engine() as engine:
        assert "extra" not in inspect(engine).get_table_names()
    with pytest.raises(SchemaTooOld):
        tree.check()


def test_triggers_survive_a_rebuilt_table(sqlite_tree: Tree) -> None:
    """SQLite drops the triggers of a table that is rebuilt; they are put back before the commit."""
    sqlite_tree.run(
        "CREATE TRIGGER watch AFTER DELETE ON folders BEGIN INSERT INTO folders VALUES (OLD.id + 100, 'kept'); END"
    )
    sqlite_tree.add(_WIDEN)
    sqlite_tree.migrate()
    with sqlite_tree.engine() as engine, engine.connect() as connection:
        assert list(trigger_sources(connection)) == ["watch"]


def test_lost_rows_stop_a_migration(sqlite_tree: Tree) -> None:
    """A migration after which rows are missing is refused with the table's name, and nothing of it stays."""
    sqlite_tree.add("op.execute('DELETE FROM pages WHERE id = 3')")
    with pytest.raises(MigrationRefused, match="pages had 3 rows and would have 2"):
        sqlite_tree.migrate()
    assert (sqlite_tree.count("folders"), sqlite_tree.count("pages")) == (2, 3)


def test_rows_may_change_where_the_migration_says_so(sqlite_tree: Tree) -> None:
    """A migration that means to remove rows names the tables."""
    steps = "op.execute('DELETE FROM pages WHERE id = 3')"
    sqlite_tree.add(steps, rows_change_in='frozenset({"pages"})')
    assert sqlite_tree.migrate()
    assert sqlite_tree.count("pages") == 2


def test_orphans_stop_a_migration(sqlite_tree: Tree) -> None:
    """Foreign keys are off while tables are rebuilt, and looked at before the commit."""
    steps = "op.execute('DELETE FROM folders WHERE id = 2')"
    sqlite_tree.add(steps, rows_change_in='frozenset({"folders"})')
    with pytest.raises(MigrationRefused, match="pages"):
        sqlite_tree.migrate()
    assert sqlite_tree.count("folders") == 2


def test_migrators_at_once_do_it_once(tree: Tree) -> None:
    """Of eight that migrate at the same moment one does it, and all come back when it is done."""
    tree.add('op.create_table("extra", sa.Column("id", sa.Integer, primary_key=True))')
    with ThreadPoolExecutor(8) as pool:
        did = list(pool.map(lambda _n: tree.migrate(), range(8)))
    assert did.count(True) == 1
    tree.check()


def test_a_migrator_does_not_wait_for_ever(tree: Tree) -> None:
    """While another holds the lock, the wait ends after the patience that was asked for."""
    tree.add(_WIDEN)
    with migrating(tree.url, 5), pytest.raises(DatabaseBusy):
        tree.migrate(patience=0.2)


def test_code_that_is_still_served_may_run_on_a_newer_schema(tree: Tree) -> None:
    """An expanded schema serves the code before it: the old code checks in, and migrating with it changes nothing."""
    tree.add(_WIDEN, oldest_code=1)
    tree.migrate()
    tree.drop_last()
    tree.check()
    assert not tree.migrate()


def test_a_database_of_a_newer_version_is_refused_in_words(tree: Tree) -> None:
    """Data that a newer version made and that no longer serves this code: the message says what to do."""
    tree.add(_WIDEN, oldest_code=2)
    tree.migrate()
    tree.drop_last()
    for ask in (tree.check, tree.migrate):
        with pytest.raises(SchemaTooNew, match=r"newer version .*schema 0002.*knows 0001.*start the newer version"):
            ask()


def test_an_unmigrated_database_is_refused_in_words(tree: Tree) -> None:
    """Code does not run on a schema before its own."""
    tree.add(_WIDEN)
    with pytest.raises(SchemaTooOld, match="migrate it first"):
        tree.check()
