"""The board as a page shows it: what each person sees and may do, from what reception and reporting said."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from chassis.identity import Who

COUNTED = ("arrivals", "receptions_completed", "turns_used", "new_customers", "followups", "deals")


@dataclass(frozen=True)
class Board:
    """One hall at one moment for one person. `numbers` None: reporting is away, or not theirs to see (`counts`)."""

    hall: Mapping[str, Any]
    numbers: Mapping[str, int] | None
    counts: bool
    who: Who

    @property
    def hall_id(self) -> str:
        return str(self.hall["hall_id"])

    @property
    def day(self) -> date:
        return date.fromisoformat(self.hall["local_day"])

    @property
    def me(self) -> Mapping[str, Any] | None:
        """The reader's own place in the line."""
        return next((one for one in self.hall["line"] if one["staff_id"] == self.who.actor_id), None)

    @property
    def a(self) -> Mapping[str, Any] | None:
        return self._person(self.hall["a"])

    @property
    def b(self) -> Mapping[str, Any] | None:
        return self._person(self.hall["b"])

    @property
    def off_duty(self) -> bool:
        """Whether nobody is on duty."""
        return not any(one["on_duty"] for one in self.hall["line"])

    def local(self, instant: str) -> str:
        """The hour and minute of an instant where the hall is."""
        return datetime.fromisoformat(instant).astimezone(ZoneInfo(self.hall["time_zone"])).strftime("%H:%M")

    def place(self, staff_id: str) -> str:
        """`A`, `B` or nothing."""
        return "A" if staff_id == self.hall["a"] else "B" if staff_id == self.hall["b"] else ""

    def may_receive(self) -> bool:
        return self.who.may("reception.receive")

    def may_finish(self, server_id: str) -> bool:
        """Only who serves, or who leads."""
        leads = self.who.role == "supervisor" or self.who.may("reception.manage")
        return self.may_receive() and (server_id == self.who.actor_id or leads)

    def may_say_left(self, server_id: str, visit: Mapping[str, Any]) -> bool:
        """Before the greeting anybody but who was called, afterwards who serves."""
        if visit["greeted_at"]:
            return self.may_finish(server_id)
        return self.may_receive() and server_id != self.who.actor_id

    def may_take_over(self, visit: Mapping[str, Any]) -> bool:
        """The customer's own salesperson, or who stands in their shoes, from the stand-in."""
        shoes = {"stand_in": ("original_id", "delegate_id"), "delegate": ("original_id",)}.get(visit["role"], ())
        return self.may_receive() and self.who.actor_id in [visit[one] for one in shoes]

    def may_witness(self, server_id: str, visit: Mapping[str, Any]) -> bool:
        """A colleague, or the one who was named, may say to have heard that the visitor does not buy."""
        open_to_me = visit["witness_id"] in (None, self.who.actor_id) and server_id != self.who.actor_id
        return self.may_receive() and visit["kind"] == "not_buying" and not visit["witnessed_at"] and open_to_me

    def ahead(self) -> int:
        """How many free people stand ahead of the reader, who is free."""
        before = takewhile(lambda one: one["staff_id"] != self.who.actor_id, self.hall["line"])
        return sum(one["state"] == "free" for one in before)

    def mark(self, language: str) -> str:
        """The ETag: the same for the same content, for the same person, in the same language."""
        seen = [self.hall, self.numbers, language, self.who.actor_id, sorted(self.who.permissions)]
        return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()[:20]

    def _person(self, staff_id: str | None) -> Mapping[str, Any] | None:
        return next((one for one in self.hall["line"] if one["staff_id"] == staff_id), None)
