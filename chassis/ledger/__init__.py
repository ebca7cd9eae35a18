"""A hash-chained, append-only record of what may never be argued about afterwards, with its verifier."""

from chassis.ledger.chain import Entry, append, entries, erase_personal
from chassis.ledger.moments import entries_between, latest, number_at
from chassis.ledger.verify import Broken, verify

__all__ = [
    "Broken",
    "Entry",
    "append",
    "entries",
    "entries_between",
    "erase_personal",
    "latest",
    "number_at",
    "verify",
]
