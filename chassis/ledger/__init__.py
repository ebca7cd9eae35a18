"""A hash-chained, append-only record of what may never be argued about afterwards, with its verifier."""

from chassis.ledger.chain import Entry, append, entries, erase_personal
from chassis.ledger.verify import Broken, verify

__all__ = ["Broken", "Entry", "append", "entries", "erase_personal", "verify"]
