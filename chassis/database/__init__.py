"""A service's own database: SQLite or PostgreSQL behind one set of promises."""

from chassis.database.engine import Database, DatabaseBusy
from chassis.database.scope import Prepared, Ready, Scoped, prepared, scoped
from chassis.database.statements import insert_if_new, upsert, upsert_later
from chassis.database.transaction import Transaction
from chassis.database.types import Instant, Json

__all__ = [
    "Database",
    "DatabaseBusy",
    "Instant",
    "Json",
    "Prepared",
    "Ready",
    "Scoped",
    "Transaction",
    "insert_if_new",
    "prepared",
    "scoped",
    "upsert",
    "upsert_later",
]
