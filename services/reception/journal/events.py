"""The facts announced of journals; part of the catalogue in `services/reception/events.py`."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class _JournalConflict(Fact):
    conflict_id: str
    branch_id: str
    hall_id: str
    entry_id: str
    kind: str
    code: str
    staff_id: str | None
    happened_at: dt.datetime
    counts_as_of: dt.datetime | None
    handed_in_at: dt.datetime
    handed_in_by: str
    reception_id: str | None
    server_id: str | None
    settled_at: dt.datetime | None
    settled_by: str | None


@dataclass(frozen=True)
class JournalConflictFound(_JournalConflict):
    """Something that a hall did while it was cut off does not fit, and waits for the manager; `code` says why not."""

    TYPE: ClassVar[str] = "journal_conflict.found.v1"


@dataclass(frozen=True)
class JournalConflictSettled(_JournalConflict):
    """The manager has seen to what did not fit."""

    TYPE: ClassVar[str] = "journal_conflict.settled.v1"


FACTS = (JournalConflictFound, JournalConflictSettled)
