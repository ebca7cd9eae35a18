"""Making and removing the services' databases on one PostgreSQL server. URLs are SQLAlchemy's; errors are psycopg's."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

import psycopg
from psycopg import sql

from deploy.distributed.plan import DATABASES


def urls_on(server: str, prefix: str) -> dict[str, str]:
    """The URL of each service's database on the server whose maintenance database is `server`."""
    base = server.rsplit("/", 1)[0]
    return {name: f"{base}/{prefix}_{name}" for name in DATABASES}


def existing(server: str, urls: Mapping[str, str]) -> list[str]:
    """Those services whose database is there; raises psycopg.OperationalError."""
    with _connected(server) as connection:
        names = {name for (name,) in connection.execute("SELECT datname FROM pg_database")}
    return [service for service, url in urls.items() if _name(url) in names]


def create(server: str, urls: Iterable[str]) -> None:
    """Make each that is not there, empty."""
    with _connected(server) as connection:
        for url in urls:
            try:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_name(url))))
            except psycopg.errors.DuplicateDatabase:
                continue


def drop(server: str, urls: Iterable[str]) -> None:
    """Remove each, whoever is still connected to it."""
    with _connected(server) as connection:
        for url in urls:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(_name(url))))


@contextmanager
def _connected(server: str) -> "Iterator[psycopg.Connection]":
    plain = server.replace("postgresql+psycopg://", "postgresql://")
    with psycopg.connect(plain, autocommit=True, connect_timeout=5) as connection:
        yield connection


def _name(url: str) -> str:
    return url.rsplit("/", 1)[1]
