"""Statements whose results nobody waits for, sent to PostgreSQL in one trip."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError


@contextmanager
def at_once(connection: Connection) -> Iterator[None]:
    """What the block runs has happened when the block ends, in its order, or raises what failed first.

    Nothing in the block may ask for rows or counts. In a file a statement is no trip: there it runs at once.
    """
    if connection.dialect.name != "postgresql":
        yield
        return
    try:
        with connection.connection.dbapi_connection.pipeline():  # type: ignore[union-attr]
            yield
    except psycopg.Error as error:
        raise DBAPIError.instance(None, None, error, psycopg.Error, hide_parameters=True) from error
