"""A connection to PostgreSQL on which neither side waits for the other for ever.

A server that is stopped, or gone without a word, never ends a connection: only its client can. A client that is gone
without a word leaves its locks behind until the server ends its session: TCP alone takes two hours to notice.
"""

from typing import Any, Self, TypeVar

import psycopg
from psycopg.abc import PQGen

_CONNECTS_WITHIN = 3  # seconds
_KEEPALIVES: dict[str, Any] = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}

T = TypeVar("T")


class PatientConnection(psycopg.Connection[Any]):
    """Raises OperationalError, and is closed, when a statement is not answered within `answers_within` seconds."""

    answers_within: float

    @classmethod
    def open(cls, conninfo: str = "", *, answers_within: float, **options: Any) -> Self:
        """Connect within three seconds."""
        connection = cls.connect(conninfo, connect_timeout=_CONNECTS_WITHIN, **_KEEPALIVES, **options)
        connection.answers_within = answers_within
        return connection

    def wait(self, gen: PQGen[T], interval: float = 0.1, timeout: float | None = None) -> T:
        """Who gives a `timeout` waits for something else than an answer."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.answers_within)
        except psycopg.errors._WaitTimeout as error:
            self.pgconn.finish()
            raise psycopg.OperationalError("the database does not answer") from error


def session_settings(waits_for_lock: float, abandoned_after: float) -> str:
    """What a session of ours asks of the server, as libpq's `options`."""
    settings = {
        "lock_timeout": int(waits_for_lock * 1000),
        "idle_in_transaction_session_timeout": int(abandoned_after * 1000),
        "TimeZone": "UTC",  # whatever the server's is: instants are of one zone as they come
    } | {f"tcp_{name}": value for name, value in _KEEPALIVES.items()}
    return " ".join(f"-c {name}={value}" for name, value in settings.items())
