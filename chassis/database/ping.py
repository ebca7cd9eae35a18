"""A pooled PostgreSQL connection is tried before it is used, and given up when it does not answer in time.

SQLAlchemy's own ping waits for ever on a server that is up and silent; a request must be refused within five seconds.
"""

import time
from selectors import EVENT_READ, DefaultSelector
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import DisconnectionError

ANSWERS_WITHIN = 1.0
"""Seconds; with the three that a new connection may take, a silent database is known within five."""


def ping_before_use(engine: Engine) -> None:
    """Replace a connection that does not answer by a new one; the others of the pool are then not trusted either."""

    def try_it(connection: Any, _record: Any, _proxy: Any) -> None:
        if not _answers(connection.pgconn):
            connection.pgconn.finish()  # no goodbye to a server that does not listen
            silent = DisconnectionError("the database does not answer")
            silent.invalidate_pool = True
            raise silent

    event.listen(engine, "checkout", try_it)


def _answers(pgconn: Any) -> bool:
    """Whether an empty query comes back in time."""
    try:
        pgconn.send_query(b"")
        pgconn.flush()
        return _comes_back(pgconn, time.monotonic() + ANSWERS_WITHIN)
    except Exception:  # whatever libpq objects to: the connection is of no use
        return False


def _comes_back(pgconn: Any, deadline: float) -> bool:
    with DefaultSelector() as selector:
        selector.register(pgconn.socket, EVENT_READ)
        while True:
            while not pgconn.is_busy():
                if pgconn.get_result() is None:
                    return True
            if not selector.select(max(0.0, deadline - time.monotonic())):
                return False
            pgconn.consume_input()
