"""What a migration may not do by accident: lose rows, triggers or the other end of a foreign key.

On SQLite a change of a column rebuilds its table; what goes wrong there goes wrong silently, so it is compared before
the commit. PostgreSQL changes tables in place and refuses by itself.
"""

from sqlalchemy import Connection, inspect, text

from chassis.database.append_only import trigger_sources


class MigrationRefused(Exception):
    """The migration was rolled back; the message says what it would have lost."""


class Safety:
    """Remembers how a database was before a migration."""

    def __init__(self, connection: Connection, rows_change_in: frozenset[str]) -> None:
        self._connection = connection
        self._rows_change_in = rows_change_in
        self._needed = connection.dialect.name == "sqlite"
        self._counts = self._count() if self._needed else {}
        self._triggers = self._list_triggers() if self._needed else set()

    def put_back_triggers(self) -> None:
        """Make again the triggers that rebuilding a table dropped, of tables that are still there."""
        tables, present = self._tables(), trigger_sources(self._connection)
        for name, table, source in sorted(self._triggers):
            if table in tables and name not in present:
                self._connection.exec_driver_sql(source)

    def check(self) -> None:
        """Raises MigrationRefused."""
        if not self._needed:
            return
        orphans = self._connection.execute(text("PRAGMA foreign_key_check")).all()
        if orphans:
            raise MigrationRefused(f"rows of {sorted({row[0] for row in orphans})} would refer to nothing")
        self._check_counts()

    def _check_counts(self) -> None:
        after = self._count()
        for table, before in self._counts.items():
            if table in after and after[table] != before and table not in self._rows_change_in:
                raise MigrationRefused(f"{table} had {before} rows and would have {after[table]}")

    def _count(self) -> dict[str, int]:
        counted = {}
        for table in self._tables() - {"alembic_version", "schema_serves"}:
            query = text(f'SELECT count(*) FROM "{table}"')  # noqa: S608 - the name comes from the database itself
            counted[table] = int(self._connection.execute(query).scalar_one())
        return counted

    def _list_triggers(self) -> set[tuple[str, str, str]]:
        query = text("SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger'")
        return {(name, table, source) for name, table, source in self._connection.execute(query)}

    def _tables(self) -> set[str]:
        return set(inspect(self._connection).get_table_names())
