"""The board as a page shows it: what each person sees and may do, from what reception and reporting said."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import takewhile
from typing import Any
from zoneinfo import ZoneInfo

from chassis.identity import Who
from chassis.texts import Locale
from gateway.identity.rules import SHARED

COUNTED = ("arrivals", "receptions_completed", "turns_used", "new_customers", "followups", "deals")


@dataclass(frozen=True)
class Board:
    """One hall at one moment for one reader. `numbers` None: reporting is away, or not theirs to see (`counts`).

    At a shared tablet anybody of the hall may stand: it offers whatever one of them may do.
    """

    hall: Mapping[str, Any]
    numbers: Mapping[str, int] | None
    counts: bool
    who: Who
    language: Locale

    @property
    def hall_id(self) -> str:
        return str(self.hall["hall_id"])

    @property
    def day(self) -> date:
        return date.fromisoformat(self.hall["local_day"])

    @property
    def shared(self) -> bool:
        """Whether the reader is a tablet that several people use."""
        return self.who.role in SHARED

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

    def may_act(self) -> bool:
        return self.who.may("reception.admit")

    @property
    def leads(self) -> bool:
        """Whether the reader may act for others."""
        return self.shared or self.who.role == "supervisor" or self.who.may("reception.manage")

    def may_finish(self, server_id: str) -> bool:
        """Only who serves, or who leads."""
        return self.may_act() and (server_id == self.who.actor_id or self.leads)

    def may_say_left(self, server_id: str, visit: Mapping[str, Any]) -> bool:
        """Before the greeting anybody but who was called, afterwards who serves."""
        if visit["greeted_at"]:
            return self.may_finish(server_id)
        return self.may_act() and self._is_another(server_id)

    def may_take_over(self, visit: Mapping[str, Any]) -> bool:
        """The customer's own salesperson, or who stands in their shoes, from the stand-in."""
        shoes = {"stand_in": ("original_id", "delegate_id"), "delegate": ("original_id",)}.get(visit["role"], ())
        return self.may_act() and self._is_one_of([visit[one] for one in shoes])

    def may_witness(self, server_id: str, visit: Mapping[str, Any]) -> bool:
        """A colleague, or the one who was named, may say to have heard that the visitor does not buy."""
        named = visit["witness_id"]
        open_to_me = (named is None or self._is_one_of([named])) and self._is_another(server_id)
        return self.may_act() and visit["kind"] == "not_buying" and not visit["witnessed_at"] and open_to_me

    def out_of(self, staff_id: str) -> Mapping[str, Any] | None:
        """The step-out of somebody who is away, or asks to leave."""
        return next((one for one in self.hall["out"] if one["staff_id"] == staff_id), None)

    def reasons(self) -> dict[str, str]:
        """Why one may step out by the branch's policy: each code with its name in the reader's language."""
        return {one["reason"]: one[self.language] for one in self.hall["out_reasons"]}

    def why(self, reason: str | None) -> str:
        """The name of a reason; its code where the policy knows it no longer, nothing without one."""
        return self.reasons().get(reason, reason) if reason else ""

    def any_is(self, state: str) -> bool:
        """Whether somebody in the line is in this state."""
        return any(one["state"] == state for one in self.hall["line"])

    def name_of(self, staff_id: str | None) -> str:
        """The name of somebody in the line; nothing for anybody else."""
        one = self._person(staff_id)
        return one["name"] if one else ""

    def may_step_out(self) -> bool:
        """Who is free, and has not asked already."""
        line = [one["staff_id"] for one in self.hall["line"] if self._is_one_of([one["staff_id"]])]
        return self._attends(any(self._is_free(one) and not self.out_of(one) for one in line))

    def asked_of_me(self) -> Mapping[str, Any] | None:
        """The step-out that the reader may make possible by taking the place."""
        asked = (one for one in self.hall["out"] if one["asked_id"] == self.who.actor_id)
        return next((one for one in asked if self._attends(self.me) and self._is_free(one["staff_id"])), None)

    def may_grant(self, out: Mapping[str, Any]) -> bool:
        """Who leads, when nobody is free to take the place; never in an own case."""
        waits = out["state"] == "asked" and out["asked_id"] is None and self._is_free(out["staff_id"])
        return self._attends(self.leads) and waits and self._is_another(out["staff_id"])

    def may_confirm_ready(self) -> bool:
        """A, until it is said."""
        return self._attends(self.a) and self._is_one_of([self.hall["a"]]) and not (self.a or {})["is_ready"]

    def may_dispute(self, staff_id: str) -> bool:
        """Anybody of the branch but the one who serves."""
        return self.who.may("discipline.answer") and self.who.branch_id is not None and staff_id != self.who.actor_id

    def may_report(self, one: Mapping[str, Any]) -> bool:
        """A colleague of the line, or who leads, says that A, B or who was called as A walked off."""
        visit = one["reception"]
        called = visit and visit["state"] == "assigned" and visit["role"] not in ("original", "delegate")
        bound = bool(called or self.place(one["staff_id"]))
        return self._attends(self.me or self.leads) and bound and self._is_another(one["staff_id"])

    def ahead(self) -> int:
        """How many free people stand ahead of the reader, who is free."""
        before = takewhile(lambda one: one["staff_id"] != self.who.actor_id, self.hall["line"])
        return sum(one["state"] == "free" for one in before)

    def mark(self) -> str:
        """The ETag: the same for the same content, for the same person, in the same language."""
        seen = [self.hall, self.numbers, self.language, self.who.actor_id, sorted(self.who.permissions)]
        return hashlib.sha256(json.dumps(seen, sort_keys=True, default=str).encode()).hexdigest()[:20]

    def _attends(self, needed: object) -> bool:
        return bool(needed) and (self.shared or self.who.may("reception.attend"))

    def _is_one_of(self, people: Sequence[str | None]) -> bool:
        return any(one is not None and (self.shared or one == self.who.actor_id) for one in people)

    def _is_another(self, staff_id: str) -> bool:
        return self.shared or staff_id != self.who.actor_id

    def _is_free(self, staff_id: str) -> bool:
        one = self._person(staff_id)
        return one is not None and one["state"] == "free"

    def _person(self, staff_id: str | None) -> Mapping[str, Any] | None:
        return next((one for one in self.hall["line"] if one["staff_id"] == staff_id), None)
