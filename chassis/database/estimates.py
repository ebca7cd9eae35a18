"""Telling SQLite how its rows are spread, so that it looks up what is rare and not what all rows have in common.

Without it SQLite takes the rows of one branch for about ten, and rather reads the whole branch than look up five
phones. PostgreSQL does this by itself (autovacuum).
"""

from sqlalchemy import text

from chassis.database.transaction import Transaction

_ROWS = 400  # of each index are looked at: some milliseconds, however long the table is


def keep_estimates(tx: Transaction) -> None:
    """Look at how the rows are spread now: after many have come at once, and now and then."""
    if tx.connection.dialect.name == "sqlite":
        tx.execute(text(f"PRAGMA analysis_limit={_ROWS}"))
        tx.execute(text("ANALYZE"))
