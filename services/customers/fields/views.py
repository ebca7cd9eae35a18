"""Which fields and types hold in a branch, and whether values fit them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web.refusals import Invalid
from services.customers.fields.rules import (
    SHIPPED_TYPES,
    Field,
    Kind,
    UnknownCustomerField,
    UnknownCustomerType,
    flaws_in,
    with_values,
)
from services.customers.fields.tables import COMPANY, customer_types, fields

_SHIPPED: Mapping[str, Any] = {"scope": COMPANY, "branch_id": None, "names": list(SHIPPED_TYPES), "version": 0}


def fields_of(tx: Transaction, who: Who, branch_id: str | None) -> list[Field]:
    """The company's fields and those of this branch, in their order, the retired ones too."""
    return [field_in(row) for row in tx.execute(*_fields(who, branch=branch_id)).mappings()]


def fields_in_reach(tx: Transaction, who: Who) -> list[Field]:
    """The company's fields and those of every branch that `who` sees, the retired ones too."""
    return [field_in(row) for row in tx.execute(*_in_reach(who)).mappings()]


def field_of(tx: Transaction, who: Who, field_id: str) -> Field:
    """One field that `who` may read; raises UnknownCustomerField."""
    row = tx.execute(*_field(who, field=field_id)).mappings().first()
    if row is None:
        raise UnknownCustomerField
    return field_in(row)


def values_set(
    tx: Transaction, who: Who, branch_id: str, before: Mapping[str, Any], given: Mapping[str, Any]
) -> dict[str, Any]:
    """The values of a customer of the branch after `given` are set; raises Invalid, naming each field that is wrong."""
    if not given:
        return dict(before)
    flaws = flaws_in(fields_of(tx, who, branch_id), before, given)
    if flaws:
        raise Invalid({"json": {"details": flaws}})
    return with_values(before, given)


def types_of(tx: Transaction, who: Who, branch_id: str | None) -> Mapping[str, Any]:
    """The types of customers in a branch: its own list, else the company's, else the shipped one; a row of the table.

    Version 0 is the shipped one.
    """
    edited = {row["scope"]: {**row} for row in tx.execute(*_types(who, branch=branch_id)).mappings()}
    return edited.get(branch_id or COMPANY) or edited.get(COMPANY) or _SHIPPED


def check_type(tx: Transaction, who: Who, branch_id: str | None, customer_type: str | None) -> None:
    """Raises UnknownCustomerType unless the branch has such a type; none at all is no mistake."""
    if customer_type is None:
        return
    known = types_of(tx, who, branch_id)["names"]
    if customer_type not in known:
        raise UnknownCustomerType(known)


def field_in(row: Mapping[Any, Any]) -> Field:
    """The field that stands in a row."""
    return Field(**{**row, "kind": Kind(row["kind"]), "choices": tuple(row["choices"])})


def _readable(who: Who) -> Select[Any]:
    """The fields of the asker's branches, and the company's, which hold in all of them."""
    mine = scoped(fields, who)
    return select(mine.table).where(or_(mine.visible, fields.c.branch_id.is_(None)))


@prepared
def _fields(who: Who) -> Select[Any]:
    here = or_(fields.c.branch_id == bindparam("branch"), fields.c.branch_id.is_(None))
    return _readable(who).where(here).order_by(fields.c.place, fields.c.field_id)


@prepared
def _in_reach(who: Who) -> Select[Any]:
    return _readable(who)


@prepared
def _field(who: Who) -> Select[Any]:
    return _readable(who).where(fields.c.field_id == bindparam("field"))


@prepared
def _types(who: Who) -> Select[Any]:
    mine = scoped(customer_types, who)
    here = or_(customer_types.c.branch_id == bindparam("branch"), customer_types.c.branch_id.is_(None))
    readable = or_(mine.visible, customer_types.c.branch_id.is_(None))
    return select(mine.table).where(readable, here, customer_types.c.names.is_not(None))
