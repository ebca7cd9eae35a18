"""Giving a customer an owner, in one way whatever the reason, and handing over all that a person holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chassis import audit
from chassis.database import Transaction
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events import HandoverMade, HandoverShare
from services.customers.files import codes
from services.customers.files.registering import save
from services.customers.files.rules import Because, File, Registered, Why
from services.customers.files.views import customer_row
from services.customers.ownership.rules import Held, NothingToHandOver, OwnerNotInReach, owner_by_visit, split
from services.customers.ownership.views import changes_of, files_owned, held
from services.customers.people.views import branch_meant, works_in_reach


@dataclass(frozen=True)
class HandedOver:
    """What one hand-over did: how many customers each colleague got."""

    handover_id: str
    branch_id: str
    from_id: str
    shares: Sequence[HandoverShare]


def give(tx: Transaction, who: Who, file: File, owner_id: str | None, because: Because) -> File:
    """Make somebody the customer's owner, or nobody (None: the pool); the line of the history says why.

    The caller holds the branch's lock. Raises OwnerNotInReach: nobody who has left gets a customer.
    """
    if owner_id is not None and not works_in_reach(tx, who, file.branch_id, owner_id):
        raise OwnerNotInReach
    return save(tx, who, file, replace(file, owner_id=owner_id, owner_by_hand=True), because)


def assign(tx: Transaction, who: Who, customer_id: str, owner_id: str | None, reason: str | None) -> str:
    """A manager gives a customer to somebody, or takes it back to the pool (None); answers the customer's id.

    Raises UnknownCustomer, OwnerNotInReach.
    """
    file = locked_file(tx, who, customer_id)
    why = Why.TAKEN_BACK if owner_id is None else Why.ASSIGNED
    give(tx, who, file, owner_id, Because(why, who.actor_id, reason))
    audit.note(tx, who, f"customer.{why.value}", f"customer/{file.customer_id}", file.branch_id, owner_id=owner_id)
    return file.customer_id


def hand_over(
    tx: Transaction, who: Who, from_id: str, to_ids: Sequence[str], reason: str, branch_id: str | None
) -> HandedOver:
    """Hand all customers of one person to colleagues, split fairly, in one act.

    Raises BranchNeeded, UnknownBranch, NothingToHandOver, OwnerNotInReach.
    """
    branch = branch_meant(tx, who, branch_id).branch_id
    codes.lock_branch(tx, who, branch)
    files = {file.customer_id: file for file in files_owned(tx, who, branch, from_id)}
    if not files:
        raise NothingToHandOver
    all_held = [Held(one.customer_id, one.code, one.grade, one.key_account) for one in files.values()]
    shares = split(all_held, held(tx, who, branch, to_ids))
    because = Because(Why.HANDED_OVER, who.actor_id, reason)
    for staff_id, customer_ids in shares.items():
        for customer_id in customer_ids:
            give(tx, who, files[customer_id], staff_id, because)
    counts = [HandoverShare(staff_id, len(shares[staff_id])) for staff_id in sorted(shares)]
    return _announced(tx, who, HandedOver(tx.new_id(), branch, from_id, counts))


def take_up(tx: Transaction, who: Who, done: Registered, entry_id: str) -> None:
    """Whose the visit was that this entry came of owns a customer of the pool: it counts as a first one (一.6).

    Unless the customer came to the pool only after the visit, or that person has left meanwhile. Told again whose the
    visit was, the customer is that person's, if nothing but visits changed the owner since. Of a customer whom nobody
    put into the pool the register says it.
    """
    file, entries = done.file, done.ruling.entries
    if not file.owner_by_hand or not file.active:
        return
    visit = next(one for one in entries if one.entry_id == entry_id)
    changes = changes_of(tx, who, [file.customer_id]).get(file.customer_id, [])
    owner_id = owner_by_visit(visit, entries, file.owner_id, changes)
    if owner_id is not None and works_in_reach(tx, who, file.branch_id, owner_id):
        with tx.as_of(visit.at):
            give(tx, who, file, owner_id, Because(Why.VISITED))


def locked_file(tx: Transaction, who: Who, customer_id: str) -> File:
    """A file in reach under the locks that everybody takes who changes its owner; raises UnknownCustomer."""
    codes.lock_branch(tx, who, customer_row(tx, who, customer_id)["branch_id"])
    return File(**customer_row(tx, who, customer_id, locked=True))


def _announced(tx: Transaction, who: Who, done: HandedOver) -> HandedOver:
    audit.note(tx, who, "customers.handed_over", f"handover/{done.handover_id}", done.branch_id, from_id=done.from_id)
    fact = HandoverMade(done.handover_id, done.branch_id, done.from_id, list(done.shares), who.actor_id, tx.now())
    record(tx, fact, about("handover", done.handover_id, 1, done.branch_id))
    return done
