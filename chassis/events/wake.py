"""Wakes the relay when another process has committed: LISTEN on a dedicated PostgreSQL connection."""

from collections.abc import Callable
from threading import Event

import psycopg
from sqlalchemy import make_url

from chassis.events.outbox import CHANNEL

_LOOK_UP = 1.0  # seconds until it notices that it shall stop


def listen(url: str, wake: Callable[[], None], stopping: Event) -> None:
    """Call `wake` at each notification until `stopping`; raises psycopg.OperationalError when the connection is lost.

    It wakes once at the beginning, for what was committed while nobody listened.
    """
    with psycopg.connect(_conninfo(url), autocommit=True) as connection:
        connection.execute(f"LISTEN {CHANNEL}")
        wake()
        while not stopping.is_set():
            for _notification in connection.notifies(timeout=_LOOK_UP, stop_after=1):
                wake()


def _conninfo(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
