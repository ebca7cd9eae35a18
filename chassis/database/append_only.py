"""Tables whose rows are never changed and never deleted, guarded by the database itself.

The triggers are declared on the table, so that `create_all` makes them and a migration that rebuilt a table puts them
back (SQLite drops a rebuilt table's triggers without a word).
"""

import hashlib
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import DDL, Connection, MetaData, Table, event, inspect, text

Operation = Literal["UPDATE", "DELETE"]
_KEY = "append_only"


@dataclass(frozen=True)
class Guard:
    """One trigger: `operation` on `table` fails unless `condition` (SQL over OLD and NEW) holds."""

    table: str
    operation: Operation
    condition: str | None

    @property
    def name(self) -> str:
        return f"{self.table}_guards_{self.operation.lower()}"

    def statements(self, dialect: str) -> list[str]:
        """What makes the trigger on `sqlite` or `postgresql`."""
        return self._on_postgresql() if dialect == "postgresql" else [self._on_sqlite()]

    def removal(self, dialect: str) -> str:
        """What takes the trigger away, whether it is there or not."""
        return f"DROP TRIGGER IF EXISTS {self.name}" + (f" ON {self.table}" if dialect == "postgresql" else "")

    def _on_sqlite(self) -> str:
        when = f"WHEN ({self.condition}) IS NOT TRUE " if self.condition else ""
        body = f"SELECT RAISE(ABORT, '{self.table} is append-only');"
        return f"CREATE TRIGGER {self.name} BEFORE {self.operation} ON {self.table} {when}BEGIN {body} END"

    def _on_postgresql(self) -> list[str]:
        when = f"WHEN (({self.condition}) IS NOT TRUE) " if self.condition else ""
        refuse = f"BEGIN RAISE EXCEPTION '{self.table} is append-only' USING ERRCODE = 'restrict_violation'; END"
        made = [
            f"CREATE OR REPLACE FUNCTION {self.name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ {refuse} $guard$",
            f"CREATE TRIGGER {self.name} BEFORE {self.operation} ON {self.table} "
            f"FOR EACH ROW {when}EXECUTE FUNCTION {self.name}()",
        ]
        digest = hashlib.sha256("\n".join(made).encode()).hexdigest()  # PostgreSQL tells a trigger in words of its own
        return [*made, f"COMMENT ON TRIGGER {self.name} ON {self.table} IS '{digest}'"]


def append_only(table: Table, *, update: str | None = None, deletable: bool = False) -> Table:
    """Guard `table` and answer it: no row of it is changed or deleted.

    `update`: an SQL condition over OLD and NEW under which a change is let through; NULL, which a comparison with a
    column that may be empty gives, is a no (`untouched` says what must stay). `deletable`: rows may go (erasure).
    """
    guards = [Guard(table.name, "UPDATE", update)]
    if not deletable:
        guards.append(Guard(table.name, "DELETE", None))
    table.metadata.info.setdefault(_KEY, {})[table.name] = tuple(guards)
    for guard in guards:
        for dialect in ("sqlite", "postgresql"):
            for statement in guard.statements(dialect):
                ddl = DDL(statement.replace("%", "%%")).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
                event.listen(table, "after_create", ddl, propagate=True)  # also on the copies in services
    return table


def untouched(table: Table, *but: str) -> str:
    """The SQL condition, for a guard of `table`, that every column stays as it is except these."""
    same = (f"NEW.{one.name} IS NOT DISTINCT FROM OLD.{one.name}" for one in table.c if one.name not in but)
    return " AND ".join(same)


def guards_of(metadata: MetaData) -> dict[str, tuple[Guard, ...]]:
    """The guards that `append_only` declared, by table."""
    guards: dict[str, tuple[Guard, ...]] = metadata.info.setdefault(_KEY, {})
    return guards


def put_guards(connection: Connection, metadata: MetaData) -> None:
    """Make every declared guard of tables that exist, anew where it lets through something else than what stands there.

    A guard that stands is left alone: on PostgreSQL making it again would keep everybody from its table until the end.
    """
    existing, dialect = set(inspect(connection).get_table_names()), connection.dialect.name
    standing = _standing(connection)
    for guard in (guard for guards in guards_of(metadata).values() for guard in guards):
        statements = guard.statements(dialect)
        if guard.table in existing and standing.get(guard.name) != statements[-1]:
            for statement in (guard.removal(dialect), *statements):
                connection.exec_driver_sql(statement)


def _standing(connection: Connection) -> dict[str, str]:
    """The last statement by which each trigger that stands there was made."""
    if connection.dialect.name != "postgresql":
        return trigger_sources(connection)
    query = (
        "SELECT tgname AS name, format('COMMENT ON TRIGGER %s ON %s IS %L', tgname, relname,"
        " obj_description(pg_trigger.oid, 'pg_trigger')) AS source"
        " FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal"
    )
    return {row.name: row.source for row in connection.execute(text(query))}


def trigger_sources(connection: Connection) -> dict[str, str]:
    """Every trigger of this database by name, with the statement that makes it."""
    if connection.dialect.name == "postgresql":
        query = "SELECT tgname AS name, pg_get_triggerdef(oid) AS source FROM pg_trigger WHERE NOT tgisinternal"
    else:
        query = "SELECT name, sql AS source FROM sqlite_master WHERE type = 'trigger'"
    return {row.name: row.source for row in connection.execute(text(query))}
