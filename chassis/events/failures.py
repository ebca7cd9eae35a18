"""What a failure means for an event: whose fault it is, and how it may be written down."""

import sqlite3
import traceback
from pathlib import Path

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from chassis.database import DatabaseBusy
from chassis.events.envelope import BrokenEvent

_CHASSIS = Path(__file__).parents[1]
_ROOT = _CHASSIS.parent


def is_the_databases(error: Exception) -> bool:
    """Whether the database did not answer, was busy or gave up a deadlock: no event is to blame for that."""
    if isinstance(error, DatabaseBusy | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    cause = error.orig
    if isinstance(cause, sqlite3.OperationalError):  # code 1 is a wrong statement, which is the handler's fault
        return getattr(cause, "sqlite_errorcode", sqlite3.SQLITE_ERROR) != sqlite3.SQLITE_ERROR
    return error.connection_invalidated or isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)


def describe(error: Exception) -> str:
    """What went wrong and where, without the exception's own message: it may quote a name or a phone."""
    if isinstance(error, BrokenEvent):  # its message is promised to be without content
        return f"BrokenEvent: {error}"
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return " ".join(filter(None, [type(error).__name__, _of_database(cause), _place(error)]))


def _of_database(cause: BaseException) -> str:
    if isinstance(cause, psycopg.Error):
        named = cause.diag.constraint_name or cause.diag.column_name or ""
        return f"({cause.sqlstate} {named})".replace(" )", ")")
    if isinstance(cause, sqlite3.Error):
        return f"({getattr(cause, 'sqlite_errorname', '')})".replace("()", "")
    return ""


def _place(error: Exception) -> str:
    """The last line of our own code that the failure passed: the handler's rather than the chassis's."""
    frames = [(Path(frame.filename), frame.lineno) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [(path, line) for path, line in frames if path.is_relative_to(_ROOT) and "site-packages" not in path.parts]
    if not ours:
        return ""
    path, line = ([frame for frame in ours if not frame[0].is_relative_to(_CHASSIS)] or ours)[-1]
    return f"at {path.relative_to(_ROOT)}:{line}"
