"""A hash-chained, append-only record of what may never be argued about afterwards, with its verifier."""

from chassis.ledger.chain import Entry, append, entries, erase_personal, head
from chassis.ledger.verify import Broken, verify, verify_entry

__all__ = ["Broken", "Entry", "append", "entries", "erase_personal", "head", "verify", "verify_entry"]
