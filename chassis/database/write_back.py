"""What SQLite keeps of the past beside the file."""

from chassis.database.engine import Database


def write_back(database: Database) -> bool:
    """Write what stands in SQLite's log of writes into the file and empty the log, which holds what rows were before.

    False while somebody reads what the log alone holds: it is emptied by itself some time later. Of another database
    True: what it keeps it clears away itself.
    """
    if not database.is_sqlite:
        return True
    with database.engine.connect() as connection:
        cursor = connection.connection.cursor()  # beside SQLAlchemy, which would begin a transaction
        blocked: int = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
    return not blocked
