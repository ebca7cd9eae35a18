"""Deciding whether two customers are one, and taking that back; the files follow."""

from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from services.customers.candidates.rules import SamePhone, UnknownCandidate
from services.customers.candidates.views import verdict_on
from services.customers.files import codes
from services.customers.files.registering import rule_again
from services.customers.files.views import customer_row
from services.customers.register.rules_of_persons import share_a_phone
from services.customers.register.views import spells_around
from services.customers.relations.actions import keep_verdict
from services.customers.relations.rules import AlreadyDecided, NotTwo, Pair, pair


def decide(tx: Transaction, who: Who, customer_id: str, other_id: str, *, same: bool, reason: str) -> Pair:
    """Decide that two customers in reach are the same person, or are not; answers the pair.

    Raises UnknownCustomer, NotTwo, AlreadyDecided, SamePhone.
    """
    branch_id = _branch_of_both(tx, who, customer_id, other_id)
    two = pair(customer_id, other_id)
    before = verdict_on(tx, who, two)
    if before is not None and before["active"]:
        raise AlreadyDecided
    if not same and share_a_phone(spells_around(tx, who, branch_id, two), *two):
        raise SamePhone
    _keep(tx, who, branch_id, two, {"same": same, "active": True, "reason": reason}, before)
    return two


def take_back(tx: Transaction, who: Who, customer_id: str, other_id: str, reason: str) -> Pair:
    """Take back what was decided about two customers: they are what their registrations make them; answers the pair.

    Raises UnknownCustomer, NotTwo, UnknownCandidate, AlreadyDecided.
    """
    branch_id = _branch_of_both(tx, who, customer_id, other_id)
    two = pair(customer_id, other_id)
    before = verdict_on(tx, who, two)
    if before is None:
        raise UnknownCandidate
    if not before["active"]:
        raise AlreadyDecided
    _keep(tx, who, branch_id, two, {"same": before["same"], "active": False, "reason": reason}, before)
    return two


def _branch_of_both(tx: Transaction, who: Who, customer_id: str, other_id: str) -> str:
    """The branch in which both are, locked: duplicates are ruled within a branch."""
    codes.lock_branch(tx, who, _branch_of(tx, who, customer_id, other_id))
    return _branch_of(tx, who, customer_id, other_id)  # one may have been erased before the lock was had


def _branch_of(tx: Transaction, who: Who, customer_id: str, other_id: str) -> str:
    one, other = customer_row(tx, who, customer_id), customer_row(tx, who, other_id)
    if customer_id == other_id or one["branch_id"] != other["branch_id"]:
        raise NotTwo
    return str(one["branch_id"])


def _keep(tx: Transaction, who: Who, branch_id: str, two: Pair, says: dict[str, Any], before: Any) -> None:
    row = {
        "first_id": two[0],
        "second_id": two[1],
        "branch_id": branch_id,
        **says,
        "decided_by": who.actor_id,
        "decided_at": tx.now(),
        "version": before["version"] + 1 if before else 1,
    }
    keep_verdict(tx, who, row)
    rule_again(tx, who, branch_id, two)
