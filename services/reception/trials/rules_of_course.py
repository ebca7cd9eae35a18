"""What would have happened in a branch's halls under a policy, told from their registers.

Re-decided: who receives, whose turn is used, who was greeted in time, who was out for too long, what lateness costs
and where it puts somebody, the order of the day, which forfeits count, and whom they suspend. Taken as it happened: who
came and went and when, who stepped out and came back, how long a visitor waited to be greeted and stayed, who took
over, what the manager ordered, and every person's decision about a penalty. Who would have been given more time to
greet is counted as it happened, and so said.
"""

from bisect import insort
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from services.reception.attendance.rules import lateness_of
from services.reception.delegations.rules import delegate_of
from services.reception.forfeits.rules import ForfeitCause
from services.reception.history.rules import Entry, after
from services.reception.policy.rules import Cause, Policy
from services.reception.receptions.rules import Closed, State, Turn
from services.reception.rotation.rules import (
    RECEIVE_THEIR_OWN,
    Arrival,
    Assignment,
    Kind,
    Moved,
    Place,
    next_served,
)
from services.reception.trials.rules import Course, Decided, Overstayed, Passed, Spent, Suspended
from services.reception.trials.rules_of_facts import (
    Call,
    Facts,
    Out,
    PolicyOn,
    Seen,
    Surroundings,
    Told,
    day_of,
    is_limited_anew,
    is_passed_on,
)
from services.reception.trials.rules_of_hall import Coming, Hall, OpenHere
from services.reception.trials.rules_of_penalties import Penalties

_FREES = (
    "attendance.clocked_in",
    "reception.opened",
    "reception.passed_on",
    "reception.changed",
    "reception.completed",
    "reception.closed",
)
"""After entries of these kinds whoever is free receives who waits."""


def course(
    before: Iterable[Told], told: Iterable[Told], facts: Facts, held: PolicyOn, tried: PolicyOn, around: Surroundings
) -> Course:
    """What would have happened under `tried` where `held` did: from the halls as `before` leaves them, entry by entry.

    `told` is in the order of time, of all halls of the branch; `facts` are what was read from it.
    """
    run = _Run(facts, held, tried, around)
    for one in before:
        run.stands(one)
    for one in told:
        run.goes_on(one)
    run.ends()
    return run.course


class _Run:
    """One going-through of the days. It changes only what is its own."""

    def __init__(self, facts: Facts, held: PolicyOn, tried: PolicyOn, around: Surroundings) -> None:
        self.facts, self.held, self.tried, self.around = facts, held, tried, around
        self.course = Course()
        self.halls: dict[str, Hall] = {}
        self.penalties = Penalties(self.course, facts, tried, around)
        self.in_vain = {(one.reception_id, one.until): one for one in facts.calls if one.was_passed_on}
        self.limited_anew = {key: one for key, one in facts.outs.items() if self._is_limited_anew(one)}
        self.now = datetime.min.replace(tzinfo=around.zone)
        self.due = sorted(self._due(), key=_moment)

    @property
    def today(self) -> date:
        return day_of(self.now, self.around.zone)

    @property
    def policy(self) -> Policy:
        return self.tried(self.today)

    def stands(self, one: Told) -> None:
        """What stood when the days began: taken as it was."""
        hall, entry = self._hall(one.hall_id), one.entry
        hall.doing, self.now = after(hall.doing, entry), entry.at
        if entry.kind == "line":
            hall.append(entry.n, entry.body)
        elif entry.tells_of_a_reception and State(entry.body["state"]) not in (State.COMPLETED, State.CLOSED):
            hall.opens(entry.body)

    def goes_on(self, one: Told) -> None:
        """One more entry."""
        while self.due and self.due[0][0] <= one.entry.at:
            self._happens(*self.due.pop(0))
        hall, entry = self._hall(one.hall_id), one.entry
        if hall.unserved and not _is_of_passing_on(entry):
            self._serve(one.hall_id)
        self.now = entry.at
        self._take(one.hall_id, hall, entry)
        self._begin_suspensions()

    def ends(self) -> None:
        """What is due still happens, who waits is served, and what no reception tells of is priced: lateness, absence,
        quarrels.
        """
        while self.due and self.due[0][0] <= self.facts.ends:
            self._happens(*self.due.pop(0))
        self._serve_all()
        for came in self.facts.came.values():
            late = lateness_of(came.seconds, self.tried(came.day))
            if late.cause is not None and late.amount is not None:
                seen = Seen(came.staff_id, late.cause, f"attendance/{came.attendance_id}", came.day)
                self.penalties.charge(seen, late.amount)
        for seen in self.facts.seen:
            self.penalties.charge(seen, self.tried(seen.day).amounts[seen.cause])

    def _due(self) -> Iterable[tuple[datetime, Call | Out | Suspended]]:
        """What happens under the policy tried at moments of its own."""
        for call in self.facts.calls:
            if (at := self._passed_early(call)) is not None:
                yield at, call
        for out in self.limited_anew.values():
            if (at := out.over_at(self._policy_at(out.since))) is not None:
                yield at, out

    def _begin_suspensions(self) -> None:
        """When one is over, whoever was suspended receives who waits."""
        for one in self.penalties.begin_suspensions(self._serving, self.now):
            if one.ends_at is not None:
                insort(self.due, (one.ends_at, one), key=_moment)

    def _happens(self, at: datetime, due: Call | Out | Suspended) -> None:
        self._serve_all()
        self.now = at
        if isinstance(due, Call):
            self._pass_on(self._hall(due.hall_id), due)
        elif isinstance(due, Out):
            self._hall(due.hall_id).append(0, {"cause": Moved.OVERSTAYED.value, "staff_id": due.staff_id})
            self._overstayed(due)
        else:
            for hall in self.halls.values():
                hall.unserved = True
        self._begin_suspensions()

    def _take(self, hall_id: str, hall: Hall, entry: Entry) -> None:
        hall.doing = after(hall.doing, entry)
        match entry.kind.split("."):
            case ["line"] if entry.body.get("step_out_id") not in self.limited_anew:
                hall.line_moved(entry, orders_its_own_day=self._orders_its_own_day())
            case ["attendance", "clocked_in"]:
                self._came(hall_id, hall, entry)
            case ["step_out", "overstayed"] if entry.body["step_out_id"] not in self.limited_anew:
                if (out := self.facts.outs.get(entry.body["step_out_id"])) is not None:
                    self._overstayed(out)
            case ["forfeit", "recorded"] if entry.body["cause"] == ForfeitCause.WALKED_OFF:
                evidence = f"forfeit/{entry.body['forfeit_id']}"
                self.penalties.forfeit(entry.body["staff_id"], ForfeitCause.WALKED_OFF, evidence, self.now)
            case ["reception", what] if entry.tells_of_a_reception:
                self._received(hall, what, entry)
        hall.unserved |= entry.kind in _FREES or entry.kind.startswith("step_out.")

    def _received(self, hall: Hall, what: str, entry: Entry) -> None:
        body, key = entry.body, entry.body["reception_id"]
        if what == "opened":
            hall.opens(body)
        elif what == "passed_on" and key in hall.open:
            if (call := self.in_vain.get((key, entry.at))) is not None:
                self._pass_on(hall, call)
            elif (hall.open[key].server_id, entry.at) in self.facts.walked_off:
                self._waits_again(hall, hall.open[key])
        elif what == "changed" and key in hall.open:
            hall.open[key].changed(body)
        elif what in ("completed", "closed") and key in hall.open:
            self._ended(hall, hall.open.pop(key), entry)

    def _pass_on(self, hall: Hall, call: Call) -> None:
        one = hall.open.get(call.reception_id)
        if one is None or one.server_id is None or one.calls != call.number:
            return
        passed = is_passed_on(call, self.held(call.day), self.tried(call.day))
        if passed is False:
            return
        sure = passed is not None
        self.course.passed.append(Passed(one.reception_id, one.calls, one.server_id, self.today, sure))
        if one.role not in RECEIVE_THEIR_OWN:
            self._lost_the_turn(hall, one.server_id, one.reception_id, sure)
        self._waits_again(hall, one)

    def _waits_again(self, hall: Hall, one: OpenHere) -> None:
        """Who was called does not come: the visitor waits for somebody else."""
        if one.server_id is not None:
            one.called |= {one.server_id}
        one.server_id = one.role = None
        hall.unserved = True

    def _lost_the_turn(self, hall: Hall, staff_id: str, reception_id: str, sure: bool) -> None:
        amount, evidence = self.policy.amounts[Cause.NOT_GREETED], f"reception/{reception_id}"
        self.penalties.charge(Seen(staff_id, Cause.NOT_GREETED, evidence, self.today), amount, sure=sure)
        hall.append(0, {"cause": Moved.NOT_GREETED.value, "staff_id": staff_id})
        if self.policy.not_greeted_counts_as_forfeit:
            self.penalties.forfeit(staff_id, ForfeitCause.NOT_GREETED, evidence, self.now)

    def _overstayed(self, out: Out) -> None:
        self.course.overstays.append(Overstayed(out.staff_id, out.step_out_id, self.today))
        if self.policy.overstaying_counts_as_forfeit:
            evidence = f"step_out/{out.step_out_id}"
            self.penalties.forfeit(out.staff_id, ForfeitCause.OVERSTAYED, evidence, self.now)

    def _ended(self, hall: Hall, one: OpenHere, entry: Entry) -> None:
        body = entry.body
        if body["closed_because"] == Closed.UNDONE:
            for call in range(1, one.calls + 1):
                self.course.decisions.pop((one.reception_id, call), None)
        turn = one.turn(body, self.held(self.today), self.policy)
        if turn is None or one.server_id is None:
            return
        self.course.turns[one.reception_id] = Spent(one.reception_id, self.today, one.server_id, turn)
        if turn is Turn.USED:
            hall.turn_used(entry.n, one.server_id)
        hall.used = None

    def _came(self, hall_id: str, hall: Hall, entry: Entry) -> None:
        """What coming does to the line, where the two policies do not agree about it."""
        came = Coming(entry.body["staff_id"], date.fromisoformat(entry.body["local_day"]))
        seen = self.facts.came.get(entry.body["attendance_id"])
        is_late = seen is not None and lateness_of(seen.seconds, self.policy).cause is not None
        hall.came(came, is_late=is_late, policy=self.policy if self._orders_its_own_day() else None, name=hall_id)

    def _orders_its_own_day(self) -> bool:
        held, tried = self.held(self.today), self.policy
        mine, theirs = ((one.order, one.late_to_the_tail, one.grace) for one in (tried, held))
        return mine != theirs

    def _serve_all(self) -> None:
        for hall_id, hall in self.halls.items():
            if hall.unserved:
                self._serve(hall_id)

    def _serve(self, hall_id: str) -> None:
        hall = self.halls[hall_id]
        hall.unserved = False
        waiting = sorted((one.arrived_at, key) for key, one in hall.open.items() if one.server_id is None)
        while waiting:
            line = self._line(hall)
            asked = [(key, self._arrival(hall_id, hall.open[key])) for _at, key in waiting]
            served = next_served(line, asked, self.policy.version)
            if served is None:
                return
            waiting = [one for one in waiting if one[1] != served[0]]
            self._assign(hall_id, hall.open[served[0]], served[1])

    def _assign(self, hall_id: str, one: OpenHere, decision: Assignment) -> None:
        one.server_id, one.role, one.calls = decision.server_id, decision.role, one.calls + 1
        key = (one.reception_id, one.calls)
        self.course.decisions[key] = Decided(*key, hall_id, self.today, decision.server_id, decision.role)

    @property
    def _serving(self) -> set[str | None]:
        return {one.server_id for hall in self.halls.values() for one in hall.open.values()}

    def _line(self, hall: Hall) -> list[Place]:
        serving, suspended = self._serving, self.penalties.suspended(self.now)
        on_duty, away = hall.doing.on_duty, hall.doing.away
        return [Place(one, one in on_duty, one in serving, one in away, one in suspended) for one in hall.order]

    def _arrival(self, hall_id: str, one: OpenHere) -> Arrival:
        kind, original_id, policy = one.kind, one.original_id, self.policy
        if one.reception_id in self.around.by_phone_alone and not policy.registered_by_phone_is_returning:
            kind, original_id = Kind.FIRST_VISIT, None
        others = [hall.doing.on_duty for key, hall in self.halls.items() if key != hall_id]
        elsewhere = frozenset(staff_id for on_duty in others for staff_id in on_duty if policy.halls_joined)
        return Arrival(kind, original_id, self._delegate(one, original_id), one.called, elsewhere)

    def _delegate(self, one: OpenHere, original_id: str | None) -> str | None:
        mine = [given for given in self.around.delegations if given.staff_id == original_id]
        return delegate_of(mine, self.around.customers.get(one.reception_id), self.now)

    def _passed_early(self, call: Call) -> datetime | None:
        """When a visitor would have been passed on who was greeted, or left, before that happened."""
        limit = self.tried(call.day).greet_within
        if call.was_passed_on or not is_passed_on(call, self.held(call.day), self.tried(call.day)):
            return None
        return call.at + timedelta(seconds=limit + 1)

    def _is_limited_anew(self, out: Out) -> bool:
        day = day_of(out.since, self.around.zone)
        return is_limited_anew(out, self.held(day), self.tried(day))

    def _policy_at(self, moment: datetime) -> Policy:
        return self.tried(day_of(moment, self.around.zone))

    def _hall(self, hall_id: str) -> Hall:
        return self.halls.setdefault(hall_id, Hall())


def _moment(due: tuple[datetime, Any]) -> datetime:
    return due[0]


def _is_of_passing_on(entry: Entry) -> bool:
    """What is written of several visitors passed on at once comes before any of them is served."""
    if entry.kind == "line":
        return bool(entry.body["cause"] == Moved.NOT_GREETED)
    return entry.kind == "reception.passed_on" or entry.kind.startswith(("forfeit.", "suspension."))
