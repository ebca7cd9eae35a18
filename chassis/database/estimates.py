"""Having rows looked up that are few among all.

SQLite must be told how its rows are spread: it takes those of one branch for about ten, and rather reads the whole
branch than look up five phones. PostgreSQL learns that by itself (autovacuum), a minute too late for who writes many
thousands in that minute; and it believes that some thousands are found sooner by reading a whole table, which is so on
a disk that turns.
"""

from collections.abc import Collection

from sqlalchemy import Table, text

from chassis.database.transaction import Transaction

_BY_INDEX = text(
    "SELECT set_config('enable_seqscan', 'off', true), set_config('enable_mergejoin', 'off', true),"
    " set_config('enable_hashjoin', 'off', true)"
)
_ROWS = 10_000
"""So many of each index are looked at: some forty milliseconds, however long the tables are. Nothing is taken for more
common than that, and five hundred names of ten people each are to be rarer than a branch.
"""


def keep_estimates(tx: Transaction, grown: Collection[Table] = ()) -> None:
    """Look at how the rows are spread now: after many have come at once, and now and then.

    `grown`: the tables to which many have come; of others PostgreSQL is told nothing.
    """
    if tx.connection.dialect.name == "sqlite":
        tx.execute(text(f"PRAGMA analysis_limit={_ROWS}"))
        tx.execute(text("ANALYZE"))
    elif grown:
        tx.execute(text(f"ANALYZE {', '.join(table.name for table in grown)}"))


def look_up(tx: Transaction) -> None:
    """Until the transaction ends, go to rows by indexes, to some thousands too."""
    if tx.connection.dialect.name == "postgresql":
        tx.execute(_BY_INDEX)
