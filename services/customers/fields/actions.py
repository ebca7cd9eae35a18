"""Defining fields, and editing the list of types of customers."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Select, Update, bindparam, or_, select

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.identity import Who
from chassis.jobs import enqueue
from chassis.web import if_match
from services.customers.fields.rules import Field, Kind, UnknownCustomerField, check_field
from services.customers.fields.tables import COMPANY, customer_types, fields
from services.customers.fields.views import field_in, fields_of, types_of
from services.customers.people.views import branch_meant

INDEX_FIELD = "customers.index_field"
"""The job that brings the index to what a field has become; `field_id` and `branch_id` (None: of every branch)."""


def add_field(tx: Transaction, who: Who, said: Mapping[str, Any]) -> Field:
    """Define a field of the branch, or of the whole company for those who see all branches and name none.

    `said` holds what FieldSchema loads; without `place` it comes last. Raises UnknownBranch, ChoicesNeeded,
    FieldNameTaken.
    """
    branch_id = _scope(tx, who, said["branch_id"])
    _lock(tx, who, None)
    there = fields_of(tx, who, branch_id)
    place = said["place"] if said["place"] is not None else max((one.place for one in there), default=0) + 1
    kind, choices = Kind(said["kind"]), tuple(said["choices"])
    new = {**said, "place": place, "kind": kind, "choices": choices, "branch_id": branch_id}
    field = Field(**new, field_id=tx.new_id(), retired=False, version=1)
    check_field(field, _beside(tx, who, field))
    tx.execute(*scoped(fields, who).new(_row(field)))
    return field


def change_field(tx: Transaction, who: Who, field_id: str, changes: Mapping[str, Any]) -> Field:
    """Change a field, retire it or take it into use again; `changes` holds what FieldChangeSchema loads.

    Where customers begin or cease to be found by it, a job goes through those who have a value. Raises
    UnknownCustomerField, StaleVersion, VersionRequired, ChoicesNeeded, FieldNameTaken.
    """
    _lock(tx, who, None)
    row = tx.execute(*_mine(who, field=field_id)).mappings().first()
    if row is None:
        raise UnknownCustomerField
    before = field_in(row)
    if_match(before.version)
    field = replace(before, **{**changes, "choices": tuple(changes.get("choices", before.choices))})
    if field == before:
        return field
    field = replace(field, version=before.version + 1)
    check_field(field, _beside(tx, who, field))
    tx.execute(*_rewritten(who, mine=field_id, **_row(field)))
    if field.is_sought != before.is_sought:
        enqueue(tx, INDEX_FIELD, {"field_id": field_id, "branch_id": field.branch_id}, f"{field_id}/{field.version}")
    return field


def set_types(tx: Transaction, who: Who, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Edit the list of types, of the branch or (who sees all branches and names none) of the company.

    Customers keep the type they have. Answers a row of the table. Raises UnknownBranch, StaleVersion, VersionRequired.
    """
    branch_id = _scope(tx, who, said["branch_id"])
    own = _lock(tx, who, branch_id)
    held = types_of(tx, who, branch_id)
    if_match(held["version"])
    row = {"scope": branch_id or COMPANY, "branch_id": branch_id, "names": said["names"]}
    row["version"] = max(own, held["version"]) + 1
    tx.execute(*_types_rewritten(who, mine=row["scope"], **row))
    return row


def _scope(tx: Transaction, who: Who, named: str | None) -> str | None:
    if named is None and who.branch_id is None:
        return None
    return branch_meant(tx, who, named).branch_id


def _lock(tx: Transaction, who: Who, branch_id: str | None) -> int:
    """Until the end of the transaction nobody else defines anything of this scope; answers its version."""
    scope = branch_id or COMPANY
    blank = {"scope": scope, "branch_id": branch_id, "names": None, "version": 0}
    insert_if_new(tx, scoped(customer_types, who).table, blank, ["scope"])
    return int(tx.execute(*_locked(who, mine=scope)).mappings().one()["version"])


def _beside(tx: Transaction, who: Who, field: Field) -> list[Field]:
    """The fields that must have other names: for one of the company, also those of every branch."""
    if field.branch_id is None:
        there = [field_in(row) for row in tx.execute(*_every(who)).mappings()]
    else:
        there = fields_of(tx, who, field.branch_id)
    return [one for one in there if one.field_id != field.field_id]


def _row(field: Field) -> dict[str, Any]:
    return vars(field) | {"kind": field.kind.value, "choices": list(field.choices)}


@prepared
def _locked(who: Who) -> Select[Any]:
    """The company's row is a lock that people of every branch take."""
    own = scoped(customer_types, who)
    reached = or_(own.visible, customer_types.c.branch_id.is_(None))
    return select(own.table).where(reached, customer_types.c.scope == bindparam("mine")).with_for_update()


@prepared
def _mine(who: Who) -> Select[Any]:
    return scoped(fields, who).select().where(fields.c.field_id == bindparam("field"))


@prepared
def _every(who: Who) -> Select[Any]:
    return scoped(fields, who).select()


@prepared
def _rewritten(who: Who) -> Update:
    return scoped(fields, who).update().where(fields.c.field_id == bindparam("mine"))


@prepared
def _types_rewritten(who: Who) -> Update:
    return scoped(customer_types, who).update().where(customer_types.c.scope == bindparam("mine"))
