"""What people do about visitors: each locks the hall, decides, stores, appends to the register and announces."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import RowMapping

from chassis import jobs, ledger
from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.reception import events
from services.reception.discipline.actions import propose
from services.reception.discipline.rules import Proposal
from services.reception.forfeits.actions import forfeit
from services.reception.forfeits.rules import ForfeitCause, GivenUp
from services.reception.people.views import leads, local_time
from services.reception.policy.rules import Cause, Policy
from services.reception.policy.views import policy_of
from services.reception.receptions import rules, views
from services.reception.receptions.rules import Closed, State, Turn
from services.reception.receptions.tables import party, receptions
from services.reception.receptions.telling import BLANK, change, tell
from services.reception.rotation.actions import move, stand
from services.reception.rotation.rules import (
    RECEIVE_THEIR_OWN,
    Assignment,
    Kind,
    Moved,
    Place,
    Role,
    explanation_of,
    next_served,
    who_receives,
)
from services.reception.rotation.views import chain_of, hall_of
from services.reception.visitors.actions import customer_of_phone
from services.reception.visitors.phones import e164
from services.reception.visitors.views import Known, known_by_id, known_by_phone

LIMITS = "reception.limits"
"""The job that looks at a hall when a time is over."""


class WhoseCustomer(Exception):
    """A returning visitor, or one who was brought, must be somebody's: the customer, the phone or the salesperson."""

    article = "一.6"


def open_reception(tx: Transaction, who: Who, hall_id: str, said: Mapping[str, Any]) -> str:
    """A visitor came: whose turn it is receives, or the visitor waits in order. Answers the reception's id.

    `said` holds what ArrivalSchema loads. Raises UnknownHall, UnknownCustomer, BadPhone or WhoseCustomer.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    policy = policy_of(tx, who, hall["branch_id"])
    row: dict[str, Any] = BLANK | {
        "id": tx.new_id(),
        "branch_id": hall["branch_id"],
        "hall_id": hall_id,
        "state": State.WAITING.value,
        "party_size": said["party_size"],
        "trade": said["trade"],
        "local_day": local_time(tx, who, hall["branch_id"]).date(),
        "arrived_at": tx.now(),
        "version": 1,
        **_whose(tx, who, hall["branch_id"], said, policy),
    }
    decision = who_receives(views.line_of(tx, who, hall_id), views.arrival_of(tx, who, row, policy), policy.version)
    row["explanation"] = explanation_of(decision)
    tx.execute(*scoped(receptions, who).new(row))
    tell(tx, who, row, events.ReceptionOpened)
    if isinstance(decision, Assignment):
        _serve(tx, who, hall, policy)
    return str(row["id"])


def serve_waiting(tx: Transaction, who: Who, hall: RowMapping) -> None:
    """Whoever is free receives who waits: their own customer first, then by arrival. The caller has locked the hall."""
    _serve(tx, who, hall, policy_of(tx, who, hall["branch_id"]))


def _serve(tx: Transaction, who: Who, hall: RowMapping, policy: Policy) -> None:
    waiting = {row["id"]: row for row in views.open_in(tx, who, hall["id"]) if row["state"] == State.WAITING}
    asked = {key: views.arrival_of(tx, who, row, policy) for key, row in waiting.items()}
    while asked:
        line = views.line_of(tx, who, hall["id"])
        served = next_served(line, list(asked.items()), policy.version)
        if served is None:
            return
        del asked[served[0]]
        _assign(tx, who, waiting[served[0]], served[1], policy)
        _use_materials(tx, who, hall["id"], line, served[1].server_id)


def greet(tx: Transaction, who: Who, reception_id: str) -> None:
    """The visitor was greeted; a colleague may say so for the server.

    A tap that comes too late stays in the register as evidence, and the visitor goes to the next. Raises
    UnknownReception, NotOfThisHall or WrongState.
    """
    hall = views.locked_hall_of(tx, who, reception_id)
    rules.check_may_greet(actor(who), [place.staff_id for place in views.line_of(tx, who, hall["id"])])
    called_id = views.reception_of(tx, who, reception_id)["server_id"]
    if reception_id in pass_on(tx, who, hall):
        late = {"by": who.actor_id, "server_id": called_id}
        ledger.append(tx, chain_of(hall["id"]), "reception.greeted_late", f"reception/{reception_id}", late)
        return
    reception = views.reception_of(tx, who, reception_id)
    rules.check_state(State(reception["state"]), State.ASSIGNED)
    change(tx, who, reception, {"state": State.GREETED.value, "greeted_at": tx.now()})


def pass_on(tx: Transaction, who: Who, hall: RowMapping) -> frozenset[str]:
    """Visitors whom nobody greeted in time go to the next free person; answers which. The hall is locked already."""
    policy = policy_of(tx, who, hall["branch_id"])
    late = [
        row
        for row in views.open_in(tx, who, hall["id"])
        if row["state"] == State.ASSIGNED and rules.is_overdue(row["called_at"], tx.now(), policy.greet_within)
    ]
    for row in late:
        if Role(row["role"]) not in RECEIVE_THEIR_OWN:  # who does not come to their own is not fined
            _not_greeted(tx, who, hall, row, policy)
        wait_for_another(tx, who, row)
    if late:
        _serve(tx, who, hall, policy)
    return frozenset(row["id"] for row in late)


def wait_for_another(tx: Transaction, who: Who, row: RowMapping) -> None:
    """Who was called does not come: the visitor waits for somebody else. The hall is locked already."""
    called = [*(row["called"] or ()), row["server_id"]]
    change(tx, who, row, {"state": State.WAITING.value, "called": called, "server_id": None, "assigned_at": None})


def complete(tx: Transaction, who: Who, reception_id: str, visitor: Mapping[str, Any]) -> None:
    """The visitor is registered: by name and phone, the rest as far as it is known. `visitor` is what CompletionSchema
    loads. Raises UnknownReception, WrongState, NotYourReception, NotBuyingNobody or BadPhone.
    """
    phone = e164(visitor["phone"])
    reception, hall = locked(tx, who, reception_id)
    rules.check_state(State(reception["state"]), State.ASSIGNED, State.GREETED)
    rules.check_may_complete(actor(who), reception["server_id"])
    served = views.served_of(reception)
    if served.kind is Kind.NOT_BUYING:
        raise rules.NotBuyingNobody
    outcome = rules.outcome(served)
    found = customer_of_phone(tx, who, reception["branch_id"], phone, visitor["name"], outcome.owner_id)
    said = {name: visitor[name] for name in ("intent", "progress", "note", "next_contact")}
    registered = {
        "state": State.COMPLETED.value,
        "completed_at": tx.now(),
        "turn": outcome.turn.value,
        "customer_id": found.customer_id,
        "customer_is_new": found.is_new,
        "visitor_name": visitor["name"],
        "visitor_phone": phone,
        "credit_rule": outcome.credit_rule.value,
        "credit_day": reception["local_day"],
        "owner_id": outcome.owner_id,
    }
    _register_party(tx, who, reception, visitor["companions"], outcome.owner_id)
    entry = _use_turn(tx, who, hall, reception["server_id"], outcome.turn)
    change(tx, who, reception, said | registered | {"line_entry": entry})
    serve_waiting(tx, who, hall)


def leave(tx: Transaction, who: Who, reception_id: str) -> None:
    """The visitor went without being registered.

    Raises UnknownReception, WrongState, ActInPerson, NotYourReception or SomebodyElseMustSay.
    """
    reception, hall = locked(tx, who, reception_id)
    state = State(reception["state"])
    turn = None if state is State.WAITING else rules.turn_when_left(state, views.served_of(reception))
    rules.check_may_close(actor(who), state, reception["server_id"])
    entry = _use_turn(tx, who, hall, reception["server_id"], turn)
    closed = {"state": State.CLOSED.value, "closed_because": Closed.LEFT.value, "line_entry": entry}
    change(tx, who, reception, closed | {"turn": turn and turn.value})
    serve_waiting(tx, who, hall)


def take_over(tx: Transaction, who: Who, reception_id: str) -> None:
    """The original, or who stands in their shoes, takes the visitor over from the stand-in, who keeps the place (一.6).

    Raises UnknownReception, WrongState, NotYoursToTakeOver or NotFree.
    """
    reception, hall = locked(tx, who, reception_id)
    rules.check_state(State(reception["state"]), State.ASSIGNED, State.GREETED)
    role = _role_of_taker(tx, who, reception)
    line = views.line_of(tx, who, hall["id"])
    if not any(place.is_free and place.staff_id == who.actor_id for place in line):
        raise rules.NotFree
    taken = {"server_id": who.actor_id, "role": role.value, "taken_over_at": tx.now(), "called_at": tx.now()}
    change(tx, who, reception, taken)
    _use_materials(tx, who, hall["id"], line, who.actor_id)
    serve_waiting(tx, who, hall)


def declare_not_buying(tx: Transaction, who: Who, reception_id: str, trade: str, witness_id: str | None) -> None:
    """The visitor says openly that they are not buying (一.7); the witness named still confirms it.

    Raises UnknownReception, WrongState, NotYourReception or SomebodyElseMustHear.
    """
    reception, _hall = locked(tx, who, reception_id)
    rules.check_state(State(reception["state"]), State.ASSIGNED, State.GREETED)
    rules.check_may_complete(actor(who), reception["server_id"])
    if witness_id == reception["server_id"]:
        raise rules.SomebodyElseMustHear
    said = {"kind": Kind.NOT_BUYING.value, "trade": trade, "witness_id": witness_id, "witnessed_at": None}
    change(tx, who, reception, said)


def witness(tx: Transaction, who: Who, reception_id: str) -> None:
    """A colleague confirms having heard that the visitor is not buying (一.7: 要让其他同事听到).

    Raises UnknownReception, WrongState, SomebodyElseMustHear or NotAskedToWitness.
    """
    reception, _hall = locked(tx, who, reception_id)
    rules.check_state(State(reception["state"]), State.ASSIGNED, State.GREETED)
    if who.actor_id == reception["server_id"]:
        raise rules.SomebodyElseMustHear
    if reception["kind"] != Kind.NOT_BUYING or reception["witness_id"] not in (None, who.actor_id):
        raise rules.NotAskedToWitness
    change(tx, who, reception, {"witness_id": who.actor_id, "witnessed_at": tx.now()})


def original_left(tx: Transaction, who: Who, hall_id: str, staff_id: str) -> None:
    """Somebody clocked off: whoever stands in for them serves the whole visit, as far as credit goes (一.6)."""
    for row in views.open_in(tx, who, hall_id):
        if row["role"] == Role.STAND_IN and _shoes(row) == staff_id:
            change(tx, who, row, {"original_left": True})


def watch(tx: Transaction, reception: RowMapping, within: int) -> None:
    """Have it looked at when the time to greet is over."""
    due = tx.now() + timedelta(seconds=within + 1)
    where = {"hall_id": reception["hall_id"], "branch_id": reception["branch_id"]}
    jobs.enqueue(tx, LIMITS, where, f"{reception['id']}/{due.isoformat()}", due)


def actor(who: Who) -> rules.Actor:
    """The asker as the rules see them."""
    return rules.Actor(who.actor_id, leads=leads(who), in_person=who.may("reception.receive"))


def locked(tx: Transaction, who: Who, reception_id: str) -> tuple[RowMapping, RowMapping]:
    """The reception as it is now, and its hall, locked; raises UnknownReception."""
    hall = views.locked_hall_of(tx, who, reception_id)
    return views.reception_of(tx, who, reception_id), hall


def _whose(tx: Transaction, who: Who, branch_id: str, said: Mapping[str, Any], policy: Policy) -> dict[str, Any]:
    """What kind of visit it is and whose: by the customer or phone named, else by the salesperson named."""
    kind, known = Kind(said["kind"]), _known(tx, who, branch_id, said)
    if known is None or known.owner_id is None or not _counts(tx, who, branch_id, known, policy):
        if kind in (Kind.RETURNING, Kind.REFERRAL) and said["original_id"] is None and known is None:
            raise WhoseCustomer
        original_id = said["original_id"] if known is None else None
        plain = kind if original_id or kind not in (Kind.RETURNING, Kind.REFERRAL) else Kind.FIRST_VISIT
        return {"kind": plain.value, "original_id": original_id, "known_customer_id": known and known.customer_id}
    relation = rules.Relation(said["relation"])
    return {
        "kind": rules.kind_of(relation).value,
        "relation": relation.value,
        "original_id": said["original_id"] or known.owner_id,
        "known_customer_id": known.customer_id,
    }


def _known(tx: Transaction, who: Who, branch_id: str, said: Mapping[str, Any]) -> Known | None:
    if said["customer_id"] is not None:
        return known_by_id(tx, who, branch_id, said["customer_id"])
    return known_by_phone(tx, who, branch_id, e164(said["phone"])) if said["phone"] is not None else None


def _counts(tx: Transaction, who: Who, branch_id: str, known: Known, policy: Policy) -> bool:
    """Whether who was registered is an old customer; by policy a registration by phone alone may not be enough."""
    return policy.registered_by_phone_is_returning or views.was_received(tx, who, branch_id, known.customer_id)


def _assign(tx: Transaction, who: Who, waiting: RowMapping, decision: Assignment, policy: Policy) -> None:
    at = max(tx.now(), waiting["arrived_at"])  # what a hall that was cut off hands in happened before now
    assigned = {
        "state": State.ASSIGNED.value,
        "server_id": decision.server_id,
        "role": decision.role.value,
        "delegate_id": decision.facts.delegate_id,
        "assigned_at": at,
        "called_at": at,
        "article": decision.article,
        "explanation": explanation_of(decision),
    }
    change(tx, who, waiting, assigned)
    watch(tx, waiting, policy.greet_within)


def _use_materials(tx: Transaction, who: Who, hall_id: str, line: Sequence[Place], server_id: str) -> None:
    """Whoever receives has used what they had ready (资料准备好), and confirms anew as A."""
    if any(place.is_ready and place.staff_id == server_id for place in line):
        stand(tx, who, hall_id, server_id, is_ready=False)


def _not_greeted(tx: Transaction, who: Who, hall: RowMapping, row: RowMapping, policy: Policy) -> None:
    """Who was called and did not come: a penalty is proposed, and the turn is lost (一.1; the lost turn is ours)."""
    server_id, evidence = row["server_id"], f"reception/{row['id']}"
    amount = policy.amounts[Cause.NOT_GREETED]
    propose(tx, who, Proposal(row["branch_id"], server_id, Cause.NOT_GREETED, amount, evidence, policy.version))
    entry = move(tx, who, hall, Moved.NOT_GREETED, {"staff_id": server_id, "reception_id": row["id"]})
    if policy.not_greeted_counts_as_forfeit:
        given_up = GivenUp(row["branch_id"], hall["id"], server_id, ForfeitCause.NOT_GREETED, evidence)
        forfeit(tx, who, given_up, policy, entry=entry, serving=True)


def _use_turn(tx: Transaction, who: Who, hall: RowMapping, server_id: str, turn: Turn | None) -> int | None:
    """The server goes to the tail if a turn was used; answers the register's entry that says so."""
    return move(tx, who, hall, Moved.TURN_USED, {"staff_id": server_id}) if turn is Turn.USED else None


def _shoes(row: RowMapping) -> str | None:
    """For whom a stand-in stands in: the original when on duty at the assignment, else their delegate."""
    delegate_id: str | None = row["delegate_id"]
    original_id: str | None = row["original_id"]
    return delegate_id or original_id


def _role_of_taker(tx: Transaction, who: Who, reception: RowMapping) -> Role:
    """As what the asker takes the visitor over; raises NotYoursToTakeOver."""
    if Role(reception["role"]) in (Role.STAND_IN, Role.DELEGATE) and who.actor_id == reception["original_id"]:
        return Role.ORIGINAL
    if Role(reception["role"]) is Role.STAND_IN and who.actor_id == reception["delegate_id"]:
        return Role.DELEGATE
    raise rules.NotYoursToTakeOver


def _register_party(
    tx: Transaction, who: Who, reception: RowMapping, companions: list[Mapping[str, Any]], owner_id: str
) -> None:
    """Who came with the visitor is registered too: one turn, several customers."""
    for n, one in enumerate(companions, start=1):
        phone = e164(one["phone"])
        found = customer_of_phone(tx, who, reception["branch_id"], phone, one["name"], owner_id)
        row = {"reception_id": reception["id"], "n": n, "branch_id": reception["branch_id"]}
        row |= {"customer_id": found.customer_id, "customer_is_new": found.is_new, "name": one["name"], "phone": phone}
        tx.execute(*scoped(party, who).new(row))
