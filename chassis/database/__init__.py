"""A service's own database: SQLite or PostgreSQL behind one set of promises."""

from chassis.database.engine import Database, DatabaseBusy
from chassis.database.scope import Scoped, scoped
from chassis.database.statements import insert_if_new, upsert, upsert_later
from chassis.database.transaction import Transaction
from chassis.database.types import Instant, Json

__all__ = [
    "Database",
    "DatabaseBusy",
    "Instant",
    "Json",
    "Scoped",
    "Transaction",
    "insert_if_new",
    "scoped",
    "upsert",
    "upsert_later",
]
