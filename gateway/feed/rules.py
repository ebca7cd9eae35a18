"""Cursors nobody can read or make, and what of an event is shown to whom."""

import json
from dataclasses import dataclass
from typing import Any


class UnknownCursor(Exception):
    """Not a cursor that this feed has given out."""


class TooManyStreams(Exception):
    """As many streams are open as this process serves."""

    retry_after = 10


@dataclass(frozen=True)
class Entry:
    """That something happened: enough to know whether to look, and nothing of what happened.

    `names` are the ids that it names. They decide who is told, and are told to nobody.
    """

    position: int
    type: str
    subject: str
    branch_id: str | None
    names: frozenset[str] = frozenset()

    def is_about(self, thing: str | None) -> bool:
        """Whether it names this thing; None: whatever it names."""
        return thing is None or thing in self.names


def ids_in(body: str) -> frozenset[str]:
    """The ids that an event names: those in its data's fields called …_id, outside the personal part."""
    data = json.loads(body)["data"]
    return frozenset(value for name, value in data.items() if name.endswith("_id") and isinstance(value, str))


def shown(body: str, personal: bool) -> dict[str, Any]:
    """An event as it goes out; without `personal`, the part that identifies a person is null."""
    event: dict[str, Any] = json.loads(body)
    if not personal and "personal" in event["data"]:
        event["data"]["personal"] = None
    return event


def announcement(entry: Entry) -> str:
    """One line of JSON about an entry."""
    return json.dumps({"type": entry.type, "subject": entry.subject, "branch": entry.branch_id})
