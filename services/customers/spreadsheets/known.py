"""What is known of those whom some rows may mean: a few questions for all of them together."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, Select, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.customers.files.rules import File
from services.customers.files.tables import customers
from services.customers.files.views import files_of, relatives_of
from services.customers.register.rules_of_persons import spells_of
from services.customers.register.views import registrations_near
from services.customers.spreadsheets.fates import Customer, Known, said_in
from services.customers.spreadsheets.rules import Row


def known_around(tx: Transaction, who: Who, branch_id: str, rows: Sequence[Row]) -> Known:
    """What decides the fates of these rows, as far as it stands in the branch's files and register."""
    known = Known()
    _learn_codes(tx, who, branch_id, rows, known)
    _learn_names(tx, who, branch_id, rows, known)
    _learn_marks(tx, who, branch_id, rows, known)
    return known


def _learn_codes(tx: Transaction, who: Who, branch_id: str, rows: Sequence[Row], known: Known) -> None:
    """The active file has a code before those that were merged and keep theirs."""
    if wanted := {row.code for row in rows if row.code}:
        files = [File(**row) for row in tx.execute(*_with_codes(who, branch=branch_id, wanted=list(wanted))).mappings()]
        meant = _meant(tx, who, files)
        for file in files:
            customer = meant[file.customer_id]
            known.codes.setdefault(file.code, replace(customer, name=file.name or customer.name))


def _learn_names(tx: Transaction, who: Who, branch_id: str, rows: Sequence[Row], known: Known) -> None:
    """Two of one name prove as much as more."""
    if wanted := {row.name for row in rows if row.name and not row.code and not row.phone}:
        for row in tx.execute(*_with_names(who, branch=branch_id, wanted=list(wanted))).mappings():
            known.names.setdefault(row["name"], []).append(_customer(File(**row)))


def _learn_marks(tx: Transaction, who: Who, branch_id: str, rows: Sequence[Row], known: Known) -> None:
    entries = registrations_near(tx, who, branch_id, {(row.phone, row.name) for row in rows if row.phone})
    if not entries:
        return
    files = files_of(tx, who, {entry.customer_id for entry in entries})
    meant = _meant(tx, who, files.values())
    known.said = said_in(entries)
    for spell in spells_of(entries):
        if not spell.over and (customer := meant.get(min(spell.ids))):
            known.marks[spell.mark] = customer


def _meant(tx: Transaction, who: Who, files: Collection[File]) -> dict[str, Customer]:
    """By the id of each of these files the customer who is meant by it."""
    here = {file.customer_id: file for file in files}
    elsewhere = {file.merged_into for file in files if file.merged_into}
    standing = here | files_of(tx, who, elsewhere - here.keys()) if elsewhere else here
    relatives = relatives_of(tx, who, elsewhere)
    return {
        one: _customer(standing[file.merged_into or one], one if one in relatives else None)
        for one, file in here.items()
    }


def _customer(file: File, relative_id: str | None = None) -> Customer:
    deleted = file.deleted_at is not None or file.erased_at is not None
    return Customer(
        file.customer_id, relative_id or file.customer_id, file.code, file.name, file.phone, deleted=deleted
    )


_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)
_HERE = customers.c.branch_id == bindparam("branch")


@prepared
def _with_codes(who: Who) -> Select[Any]:
    found = scoped(customers, who).select().where(_HERE, customers.c.code.in_(_WANTED))
    return found.order_by(customers.c.active.desc(), customers.c.customer_id)


@prepared
def _with_names(who: Who) -> Select[Any]:
    return scoped(customers, who).select().where(_HERE, customers.c.active, customers.c.name.in_(_WANTED))
