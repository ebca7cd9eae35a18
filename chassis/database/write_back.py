"""What SQLite keeps of the past beside the file."""

from chassis.database.engine import Database


class LogInUse(Exception):
    """Somebody reads what the log of writes alone holds, or writes into it: try again a little later."""


def write_back(database: Database) -> None:
    """Write what stands in SQLite's log of writes into the file and empty the log, which holds what rows were before.

    Nobody is kept waiting: raises LogInUse. Another database clears away by itself what it keeps.
    """
    if not database.is_sqlite:
        return
    with database.engine.connect() as connection:
        cursor = connection.connection.cursor()  # beside SQLAlchemy, which would begin a transaction
        patience: int = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute("PRAGMA busy_timeout=0")
        blocked: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout={patience}")
    if blocked:
        raise LogInUse
