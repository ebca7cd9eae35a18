"""Filling empty PostgreSQL databases, all of them or none."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager

from psycopg import sql

from deploy.backup import postgres_programs
from deploy.backup.postgres_moment import connected, server_of
from deploy.backup.refusals import Refused

_TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
_FUNCTIONS = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


@contextmanager
def filling(databases: Mapping[str, str]) -> Iterator[None]:
    """The databases are empty before, and again when the block fails. Raises Refused when one is not."""
    for name, url in databases.items():
        with closing(connected(name, url)) as connection:
            if connection.execute(_TABLES).fetchone() is not None:
                raise Refused("database_not_empty", service=name)
    try:
        yield
    except BaseException:
        for name, url in databases.items():
            _empty(name, url)
        raise


def fill(service: str, url: str, dump: Iterable[bytes]) -> None:
    """Fill one of them from a dump, all of it or nothing; raises Refused."""
    with closing(connected(service, url)) as connection:
        postgres_programs.load(url, server_of(connection), dump)
        connection.execute("ANALYZE")  # a dump carries no statistics, and the next step asks a lot
        connection.commit()


def _empty(service: str, url: str) -> None:
    with closing(connected(service, url)) as connection:
        for kind, names in (("TABLE", _TABLES), ("FUNCTION", _FUNCTIONS)):
            for (name,) in connection.execute(names).fetchall():
                drop = sql.SQL("DROP {} {} CASCADE").format(sql.SQL(kind), sql.Identifier(name))
                connection.execute(drop)
        connection.commit()
