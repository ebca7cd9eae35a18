"""A hash-chained, append-only record of what may never be argued about afterwards, with its verifier."""

from chassis.ledger.chain import (
    Entry,
    Line,
    append,
    append_many,
    chains_about,
    entries,
    erase_personal,
    erase_personal_of,
    head,
)
from chassis.ledger.moments import entries_after, entries_between, latest, number_at
from chassis.ledger.verify import Broken, verify, verify_entry

__all__ = [
    "Broken",
    "Entry",
    "Line",
    "append",
    "append_many",
    "chains_about",
    "entries",
    "entries_after",
    "entries_between",
    "erase_personal",
    "erase_personal_of",
    "head",
    "latest",
    "number_at",
    "verify",
    "verify_entry",
]
