"""Asking for a relation between two customers, confirming or refusing it, and ending it; the files follow."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from services.customers.families.views import check_in_branch, relation_row
from services.customers.files import codes
from services.customers.files.registering import rule_again
from services.customers.files.views import customer_row
from services.customers.relations.actions import change_relation, keep_relation
from services.customers.relations.rules import AlreadyDecided, Kin, NotTwo, State, check_open, check_other, pair


def ask(tx: Transaction, who: Who, customer_id: str, said: Mapping[str, Any]) -> str:
    """Ask that somebody be known as family of a customer in reach (一.5): without effect until a manager confirms it.

    The relative may be anybody's customer of the same branch. `said` holds what NewRelationSchema loads. Answers the
    relation's id. Raises UnknownCustomer, NotTwo, RelationKnown.
    """
    codes.lock_branch(tx, who, customer_row(tx, who, customer_id)["branch_id"])
    branch_id = customer_row(tx, who, customer_id)["branch_id"]
    check_in_branch(tx, who, branch_id, said["relative_id"])
    if said["relative_id"] == customer_id:
        raise NotTwo
    first, second = pair(customer_id, said["relative_id"])
    kind = Kin(said["kind"]) if first == customer_id else Kin(said["kind"]).other_way
    row = {
        "relation_id": tx.new_id(),
        "branch_id": branch_id,
        "first_id": first,
        "second_id": second,
        "kind": kind.value,
        "state": State.ASKED.value,
        "asked_by": who.actor_id,
        "asked_at": tx.now(),
        **dict.fromkeys(("decided_by", "decided_at", "reason")),
        "version": 1,
    }
    keep_relation(tx, who, row)
    return str(row["relation_id"])


def confirm(tx: Transaction, who: Who, relation_id: str) -> None:
    """Confirm a relation that somebody else asked for: from now the family is one customer (一.5).

    Raises UnknownRelation, OwnRequest, AlreadyDecided.
    """
    _decide(tx, who, relation_id, State.CONFIRMED, None)


def refuse(tx: Transaction, who: Who, relation_id: str, reason: str) -> None:
    """Refuse a relation that somebody else asked for. Raises UnknownRelation, OwnRequest, AlreadyDecided."""
    _decide(tx, who, relation_id, State.REFUSED, reason)


def end(tx: Transaction, who: Who, relation_id: str, reason: str) -> None:
    """End a confirmed relation: each of the two is ruled for themselves, and their files stand again.

    Raises UnknownRelation, AlreadyDecided.
    """
    codes.lock_branch(tx, who, relation_row(tx, who, relation_id)["branch_id"])
    row = relation_row(tx, who, relation_id)
    if row["state"] != State.CONFIRMED:
        raise AlreadyDecided
    _write(tx, who, row, State.ENDED, reason)


def _decide(tx: Transaction, who: Who, relation_id: str, state: State, reason: str | None) -> None:
    codes.lock_branch(tx, who, relation_row(tx, who, relation_id)["branch_id"])
    row = relation_row(tx, who, relation_id)
    check_other(row["asked_by"], who.actor_id)
    check_open(row["state"])
    _write(tx, who, row, state, reason)


def _write(tx: Transaction, who: Who, row: Any, state: State, reason: str | None) -> None:
    decided = {"state": state.value, "decided_by": who.actor_id, "decided_at": tx.now(), "reason": reason}
    change_relation(tx, who, row, decided)
    rule_again(tx, who, row["branch_id"], {row["first_id"], row["second_id"]})
