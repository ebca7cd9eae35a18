"""How long who asks waits for the database, and what its error means: try again, somebody was faster, our mistake."""

from sqlalchemy.exc import DBAPIError

from chassis.database import Database

_BUSY = ("40", "55P03", "57014")
_UNIQUE = ("23505", "23P01")
_FULL = ("53100",)
_AWAY = ("08", "53", "57", "58")
_SQLITE_OWN_MISTAKE = (1, 19, 20, 21, 25)  # SQLITE_ERROR, CONSTRAINT, MISMATCH, MISUSE, RANGE
_SQLITE_BUSY = (5, 6)
_SQLITE_FULL = 13
_SQLITE_UNIQUE = (1555, 2067)  # SQLITE_CONSTRAINT_PRIMARYKEY, SQLITE_CONSTRAINT_UNIQUE


def open_database(url: str, service: str, pool_size: int) -> Database:
    """A web process's database: who asks hears within five seconds that it is silent, whatever it was doing."""
    return Database(url, service, pool_size=pool_size, patience=3.5, answers_within=4.0)


def trouble_of(error: DBAPIError) -> tuple[int, str]:
    """The status and the code of the problem."""
    sqlite_code = getattr(error.orig, "sqlite_errorcode", None)
    if sqlite_code is not None:
        return _of_sqlite(sqlite_code)
    state = getattr(error.orig, "sqlstate", None)
    if state is None:  # psycopg has no state for a connection that was never made or was lost
        away = type(error.orig).__name__ in ("OperationalError", "ConnectionTimeout", "InterfaceError")
        return (503, "database_away") if away else (500, "internal")
    return _of_postgresql(state)


def _of_sqlite(code: int) -> tuple[int, str]:
    if code in _SQLITE_UNIQUE:
        return 409, "somebody_was_faster"
    if code & 0xFF in _SQLITE_BUSY:
        return 503, "database_busy"
    if code & 0xFF == _SQLITE_FULL:
        return 503, "disk_full"
    return (500, "internal") if code & 0xFF in _SQLITE_OWN_MISTAKE else (503, "database_away")


def _of_postgresql(state: str) -> tuple[int, str]:
    if state in _UNIQUE:
        return 409, "somebody_was_faster"
    if state.startswith(_BUSY):
        return 503, "database_busy"
    if state.startswith(_FULL):
        return 503, "disk_full"
    return (503, "database_away") if state.startswith(_AWAY) else (500, "internal")
