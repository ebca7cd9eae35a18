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
    """That something happened: enough to know whether to look, and nothing of what happened."""

    position: int
    type: str
    subject: str
    branch_id: str | None


def shown(body: str, personal: bool) -> dict[str, Any]:
    """An event as it goes out; without `personal`, the part that identifies a person is null."""
    event: dict[str, Any] = json.loads(body)
    if not personal and "personal" in event["data"]:
        event["data"]["personal"] = None
    return event


def announcement(entry: Entry) -> str:
    """One line of JSON about an entry."""
    return json.dumps({"type": entry.type, "subject": entry.subject, "branch": entry.branch_id})
