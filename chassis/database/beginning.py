"""A PostgreSQL transaction begins with being tried: its BEGIN is the question whether the connection still answers.

A connection of the pool that does not is given up for a new one, and the others of the pool are then not trusted
either. SQLAlchemy's own ping waits for ever on a server that is up and silent, costs a trip of its own, and the BEGIN
after it costs another; a request must be refused within five seconds.
"""

import time
from select import POLLIN, poll
from typing import Any

import psycopg
from psycopg.pq import ExecStatus
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import OperationalError

ANSWERS_WITHIN = 1.0
"""Seconds; with the three that a new connection may take, a silent database is known within five."""

TO_WRITE = b"BEGIN"
TO_READ = b"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"


def connected(engine: Engine, begin: bytes) -> Connection:
    """A connection on which a transaction has begun; raises OperationalError when the database does not answer."""
    connection = engine.connect()
    if _begun(connection, begin):
        return connection
    _give_up(connection)
    engine.dispose()
    connection = engine.connect()
    if _begun(connection, begin):
        return connection
    _give_up(connection)
    silent = psycopg.OperationalError("the database does not answer")
    raise OperationalError(None, None, silent) from silent


def _begun(connection: Connection, begin: bytes) -> bool:
    try:
        return _begins(connection.connection.dbapi_connection.pgconn, begin)  # type: ignore[union-attr]
    except Exception:  # whatever libpq objects to: the connection is of no use
        return False


def _begins(pgconn: Any, begin: bytes) -> bool:
    """Whether the transaction has begun in time."""
    pgconn.send_query(begin)
    pgconn.flush()
    deadline = time.monotonic() + ANSWERS_WITHIN
    readable = poll()
    readable.register(pgconn.socket, POLLIN)
    began = False
    while True:
        while not pgconn.is_busy():
            if (result := pgconn.get_result()) is None:
                return began
            began = result.status == ExecStatus.COMMAND_OK
        if not readable.poll(max(0.0, deadline - time.monotonic()) * 1000):
            return False
        pgconn.consume_input()


def _give_up(connection: Connection) -> None:
    """Without a goodbye to a server that does not listen."""
    connection.connection.dbapi_connection.pgconn.finish()  # type: ignore[union-attr]
    connection.invalidate()
    connection.close()
