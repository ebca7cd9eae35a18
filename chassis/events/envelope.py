"""The envelope around a fact: CloudEvents 1.0, structured JSON (https://github.com/cloudevents/spec, v1.0.2)."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

_COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_CANONICAL = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))
_REQUIRED = ("id", "source", "type", "subject", "sequence", "time", "data")
_LONGEST = {"id": 36, "source": 40, "type": 80, "subject": 120, "branch": 36}


class BrokenEvent(Exception):
    """The bytes are no event this system can read. The message says what is wrong, without the content."""


@dataclass(frozen=True)
class Envelope:
    """One announced fact. `sequence` is the version of `subject` in `source`; `branch` None: the whole company.

    `personal_digest` is the SHA-256 over the salted personal part: chains cover it, never the person.
    """

    id: str
    source: str
    type: str
    subject: str
    sequence: int
    time: datetime
    branch: str | None
    traceparent: str | None
    data: dict[str, Any]
    personal_digest: str | None = None

    def to_json(self) -> str:
        """The structured-mode JSON text; absent attributes are left out, as the specification demands."""
        attributes = {
            "specversion": "1.0",
            "id": self.id,
            "source": self.source,
            "type": self.type,
            "subject": self.subject,
            "sequence": self.sequence,
            "time": self.time.astimezone(UTC).isoformat().replace("+00:00", "Z"),
            "branch": self.branch,
            "traceparent": self.traceparent,
            "personaldigest": self.personal_digest,
            "datacontenttype": "application/json",
        }
        present = {name: value for name, value in attributes.items() if value is not None}
        return _COMPACT.encode(present | {"data": self.data})

    @classmethod
    def from_json(cls, text: str | bytes) -> "Envelope":
        """Read one event; raises BrokenEvent."""
        try:
            body = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise BrokenEvent("not JSON") from error
        if not isinstance(body, dict) or body.get("specversion") != "1.0":
            raise BrokenEvent("not a CloudEvent of version 1.0")
        missing = [name for name in _REQUIRED if name not in body]
        if missing:
            raise BrokenEvent(f"without {', '.join(missing)}")
        return cls._of(body)

    @classmethod
    def _of(cls, body: dict[str, Any]) -> "Envelope":
        if not isinstance(body["data"], dict) or type(body["sequence"]) is not int:
            raise BrokenEvent("data is no object, or sequence no whole number")
        for name, longest in _LONGEST.items():
            if not _is_text(body.get(name, ""), longest) and (name, body[name]) != ("branch", None):
                raise BrokenEvent(f"{name} is no text of at most {longest} characters")
        return cls(
            id=body["id"],
            source=body["source"],
            type=body["type"],
            subject=body["subject"],
            sequence=body["sequence"],
            time=_instant(body["time"]),
            branch=body.get("branch"),
            traceparent=body.get("traceparent"),
            data=body["data"],
            personal_digest=body.get("personaldigest"),
        )


def _is_text(value: Any, longest: int) -> bool:
    return isinstance(value, str) and len(value) <= longest and value.isprintable()


def _instant(value: Any) -> datetime:
    try:
        instant = datetime.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BrokenEvent("time is not RFC 3339") from error
    if instant.tzinfo is None:
        raise BrokenEvent("time is without its offset from UTC")
    return instant


def digest_of_personal(personal: dict[str, Any]) -> str:
    """The digest that stands for a personal part; the part carries its own `salt`."""
    text = _CANONICAL.encode(personal)
    return hashlib.sha256(text.encode()).hexdigest()
