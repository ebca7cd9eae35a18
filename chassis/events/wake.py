"""Wakes the relay when another process has committed: LISTEN on a dedicated PostgreSQL connection."""

from collections.abc import Callable
from threading import Event
from time import monotonic

from sqlalchemy import make_url

from chassis.database.patient import PatientConnection
from chassis.events.outbox import CHANNEL

_LOOK_UP = 1.0  # seconds until it notices that it shall stop
_ANSWERS_WITHIN = 5.0


def listen(url: str, wake: Callable[[], None], stopping: Event, trusted_for: float = 10.0) -> None:
    """Call `wake` at each notification until `stopping`; raises psycopg.OperationalError when the connection is lost.

    It wakes once at the beginning, for what was committed while nobody listened. A connection that brings nothing for
    `trusted_for` seconds is asked whether it is one still: a server that is gone without a word brings nothing either.
    """
    with PatientConnection.open(_conninfo(url), answers_within=_ANSWERS_WITHIN, autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        wake()
        trusted_until = monotonic() + trusted_for
        while not stopping.is_set():
            for _notification in connection.notifies(timeout=min(_LOOK_UP, trusted_for), stop_after=1):
                trusted_until = monotonic() + trusted_for
                wake()
            if monotonic() > trusted_until:
                connection.execute("SELECT 1")
                trusted_until = monotonic() + trusted_for


def _conninfo(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
