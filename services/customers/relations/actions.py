"""Keeping relations and verdicts, each step chained."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, Table, or_

from chassis.database import Transaction, scoped, upsert
from chassis.events import about, record
from chassis.identity import Who
from chassis.ledger import append, entries, erase_personal_of
from services.customers.events import CandidateDecided, RelationChanged
from services.customers.relations.rules import RelationKnown, State, pair_id
from services.customers.relations.tables import relations, verdicts

_RELATION = ("relation_id", "branch_id", "first_id", "second_id", "kind", "state", "asked_by", "asked_at")
_DECIDED = ("decided_by", "decided_at")
_OVER = {State.ASKED: State.REFUSED, State.CONFIRMED: State.ENDED}
_VERDICT = ("branch_id", "first_id", "second_id", "same", "active", "decided_by", "decided_at")


def keep_relation(tx: Transaction, who: Who, row: Mapping[str, Any]) -> None:
    """Keep a relation that was not there; raises RelationKnown. The caller holds the branch's lock."""
    stands = relations.c.first_id == row["first_id"], relations.c.second_id == row["second_id"]
    open_ones = scoped(relations, who).select(relations.c.relation_id).where(*stands)
    if tx.execute(open_ones.where(relations.c.state.in_(["asked", "confirmed"]))).first():
        raise RelationKnown
    tx.execute(*scoped(relations, who).new(row))
    _tell_relation(tx, row)


def change_relation(tx: Transaction, who: Who, row: RowMapping, changes: Mapping[str, Any]) -> None:
    """Write a relation's next step."""
    after = {**row, **changes, "version": row["version"] + 1}
    mine = relations.c.relation_id == row["relation_id"]
    tx.execute(scoped(relations, who).update().where(mine).values(**changes, version=after["version"]))
    _tell_relation(tx, after)


def keep_verdict(tx: Transaction, who: Who, row: Mapping[str, Any]) -> None:
    """Write what was decided about a pair, over what was decided before."""
    upsert(tx, scoped(verdicts, who).table, row, ["first_id", "second_id"])
    candidate_id = pair_id((row["first_id"], row["second_id"]))
    state = {name: row[name] for name in _VERDICT}
    record(
        tx, CandidateDecided(candidate_id, **state), about("candidate", candidate_id, row["version"], row["branch_id"])
    )
    _chain(tx, row, "verdict", {**state, "decided_at": row["decided_at"].isoformat()})


def forget(tx: Transaction, who: Who, ids: Collection[str]) -> None:
    """End all that holds between these ids and others, and forget the words that were given for it.

    The files of the others are left as they are: whoever was one customer with somebody here is among the ids.
    """
    _end_relations(tx, who, ids)
    _end_verdicts(tx, who, ids)
    _forget_reasons(tx, who, relations, ids, None)
    _forget_reasons(tx, who, verdicts, ids, "")


def _end_relations(tx: Transaction, who: Who, ids: Collection[str]) -> None:
    for row in tx.execute(scoped(relations, who).select().where(_either(relations, ids))).mappings().all():
        if over := _OVER.get(State(row["state"])):
            decided = {"decided_by": who.actor_id, "decided_at": tx.now(), "reason": None}
            change_relation(tx, who, row, decided | {"state": over.value})


def _end_verdicts(tx: Transaction, who: Who, ids: Collection[str]) -> None:
    active = scoped(verdicts, who).select().where(verdicts.c.active, _either(verdicts, ids))
    for row in tx.execute(active).mappings().all():
        decided = {"decided_by": who.actor_id, "decided_at": tx.now(), "reason": ""}
        keep_verdict(tx, who, {**row, **decided, "active": False, "version": row["version"] + 1})


def _either(table: Table, ids: Collection[str]) -> ColumnElement[bool]:
    return or_(table.c.first_id.in_(list(ids)), table.c.second_id.in_(list(ids)))


def _forget_reasons(tx: Transaction, who: Who, table: Table, ids: Collection[str], nothing: str | None) -> None:
    for row in tx.execute(scoped(table, who).select().where(_either(table, ids))).mappings().all():
        _forget_words(tx, row)
    tx.execute(scoped(table, who).update().where(_either(table, ids)).values(reason=nothing))


def _forget_words(tx: Transaction, row: Mapping[Any, Any]) -> None:
    """Those about a pair stand under its first: not all of what stands there is about this pair."""
    chain = _chain_of(row["branch_id"])
    of_first = entries(tx, chain, f"customer/{row['first_id']}")
    erase_personal_of(tx, chain, [entry.n for entry in of_first if entry.body["second_id"] == row["second_id"]])


def _chain_of(branch_id: str) -> str:
    return f"relations/{branch_id}"


def _tell_relation(tx: Transaction, row: Mapping[str, Any]) -> None:
    state = {name: row[name] for name in (*_RELATION, *_DECIDED)}
    record(tx, RelationChanged(**state), about("relation", row["relation_id"], row["version"], row["branch_id"]))
    body = {
        name: row[name] for name in ("relation_id", "first_id", "second_id", "kind", "state", "asked_by", "decided_by")
    }
    _chain(tx, row, "relation", body | {"version": row["version"]})


def _chain(tx: Transaction, row: Mapping[str, Any], kind: str, body: Mapping[str, Any]) -> None:
    """The words that people gave are personal: they speak of two customers, and are chained under the first."""
    personal = {"reason": row["reason"]} if row["reason"] else None
    append(tx, _chain_of(row["branch_id"]), kind, f"customer/{row['first_id']}", body, personal)
