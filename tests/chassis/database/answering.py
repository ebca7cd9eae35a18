"""Whether a database answers, for who waits until it does."""

from sqlalchemy.exc import OperationalError

from chassis.database import Database


def answers(database: Database) -> bool:
    """A third of a second of patience is soon over where much else runs: then it did not, this time."""
    try:
        return database.answers()
    except OperationalError:
        return False
