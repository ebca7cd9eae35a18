"""Some rows of an import at a time: their fates, what they bring, and word of how far it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Update, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.database.estimates import look_up
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events_of_sheets import ImportProgressed, RowWords, SheetRowImported
from services.customers.files import codes
from services.customers.files.registering import Opening, register, register_known, register_strangers
from services.customers.files.rules import Registered, code_of
from services.customers.files.tables import customers
from services.customers.people.views import local_day, staff_by_name
from services.customers.register.tables import register as the_register
from services.customers.spreadsheets.fates import Known, Place, Step, decided
from services.customers.spreadsheets.known import known_around
from services.customers.spreadsheets.rules import Fate, Row, own_words
from services.customers.spreadsheets.tables import import_rows, imports, sheet_rows
from services.customers.spreadsheets.values import text_in
from services.customers.spreadsheets.views import decided_before, seen_before
from services.customers.tags.actions import put_on

GROWN = (customers, the_register, sheet_rows, import_rows)
"""The tables in which each row is looked for, and to which it adds."""


@dataclass(frozen=True)
class Became:
    """What became of a row, or would: the customer it belongs to, and the earlier row that brought them."""

    fate: Fate
    customer_id: str | None = None
    code: str | None = None
    like_row: int | None = None


@dataclass(frozen=True)
class Importing:
    """What all rows of one import have in common. `greatest_code` is the greatest number among the sheet's codes."""

    import_id: str
    branch_id: str
    sha256: str
    total: int
    greatest_code: int = 0

    def key_of(self, row: Row) -> str:
        return f"{self.sha256}:{row.number}"


def import_some(tx: Transaction, who: Who, importing: Importing, rows: Sequence[Row], so_far: int) -> None:
    """Take these rows in, `so_far` of them with those before.

    Those whose fate was decided before the job was cut off are left alone.
    """
    look_up(tx)
    codes.lock_branch(tx, who, importing.branch_id)
    before = decided_before(tx, who, importing.import_id, [row.number for row in rows])
    left = [row for row in rows if row.number not in before]
    while left:
        left = left[_take_in(tx, who, importing, left) :]
    _announce_progress(tx, who, importing, "running", so_far)


def _take_in(tx: Transaction, who: Who, importing: Importing, rows: Sequence[Row]) -> int:
    """As many of these rows as can be decided together."""
    steps = steps_of(tx, who, importing, rows, Known())
    done = _register(tx, who, importing, steps)
    for step in steps:
        became = _became(step, done)
        if became.fate not in (Fate.REFUSED, Fate.SEEN_BEFORE):
            _write_row(tx, who, importing, step, became)
            if became.customer_id:
                put_on(tx, who, importing.branch_id, became.customer_id, step.row.tags)
        _write_fate(tx, who, importing, step, became)
    return len(steps)


def try_some(tx: Transaction, who: Who, importing: Importing, steps: Sequence[Step], so_far: int) -> None:
    """Write down what would become of rows, `so_far` of them with those before."""
    for step in steps:
        _write_fate(tx, who, importing, step, _would_become(step))
    _announce_progress(tx, who, importing, "trying", so_far)


def steps_of(
    tx: Transaction, who: Who, importing: Importing, rows: Sequence[Row], known: Known, *, to_the_end: bool = False
) -> list[Step]:
    """What is to become of the rows, as `decided`; `known`, from rows before them, learns what they bring."""
    seen = seen_before(tx, who, importing.branch_id, [importing.key_of(row) for row in rows])
    fresh = [row for row in rows if importing.key_of(row) not in seen]
    known.learn(known_around(tx, who, importing.branch_id, fresh))
    day, staff = local_day(tx, who, importing.branch_id), staff_by_name(tx, who, importing.branch_id)
    at = Place(importing.branch_id, day, tx.now(), staff, importing.sha256)
    steps = decided(fresh, at, known, tx.new_id, to_the_end=to_the_end)
    old = [Step(row, Fate.SEEN_BEFORE, seen_as=seen[key]) for row in rows if (key := importing.key_of(row)) in seen]
    end = steps[-1].row.number if len(steps) < len(fresh) else rows[-1].number
    return sorted((step for step in (*steps, *old) if step.row.number <= end), key=lambda step: step.row.number)


def _register(tx: Transaction, who: Who, importing: Importing, steps: Sequence[Step]) -> dict[int, Registered]:
    """What became of the rows that register somebody, by their numbers.

    Strangers come first: nobody is like them but rows after them.
    """
    strangers = [(step.row.number, step.entry, _opening(step)) for step in steps if step.entry and step.is_stranger]
    if any(not step.row.code for step in steps if step.is_stranger):  # a code that a later row brings is not for them
        codes.take_code(tx, who, importing.branch_id, code_of(importing.greatest_code))
    opened = register_strangers(tx, who, importing.branch_id, [(entry, opening) for _, entry, opening in strangers])
    done = {number: file for (number, _, _), file in zip(strangers, opened, strict=True)}
    known = {step.row.number: step.entry for step in steps if step.entry and step.held_by}
    found = register_known(tx, who, importing.branch_id, list(known.values()))
    done |= {number: found[entry.entry_id] for number, entry in known.items()}
    for step in steps:
        if step.entry and not step.is_stranger and not step.held_by:  # like somebody, who has another phone
            done[step.row.number] = register(tx, who, step.entry, _opening(step))
    return done


def _became(step: Step, done: Mapping[int, Registered]) -> Became:
    customer = step.customer
    if customer is None:
        return Became(step.fate, step.seen_as)
    registered = done.get(step.row.number) or done.get(customer.row or 0)
    if registered is None:
        return Became(step.fate, customer.customer_id, customer.code)
    is_new = registered.is_new and step.row.number in done
    like = customer.row if customer.row != step.row.number else None
    fate = Fate.NEW_CUSTOMER if is_new else step.fate
    return Became(fate, registered.file.customer_id, registered.file.code, like)


def _would_become(step: Step) -> Became:
    """Who would be brought by this sheet has no id yet, and no code but one that the sheet gives."""
    customer = step.customer
    if customer is None or customer.row is None:
        return _became(step, {})
    return Became(step.fate, None, customer.code, customer.row if customer.row != step.row.number else None)


def _opening(step: Step) -> Opening:
    return Opening(step.row.code, step.row.customer_type, step.row.file)


def _write_row(tx: Transaction, who: Who, importing: Importing, step: Step, became: Became) -> None:
    key, branch_id, row = importing.key_of(step.row), importing.branch_id, step.row
    values = {"branch_id": branch_id, "row_key": key, "customer_id": became.customer_id, "imported_at": tx.now()}
    tx.execute_later(*scoped(sheet_rows, who).new(values))
    if row.follows_up:
        # The same file in two branches is two things that happened: the branch is part of what the fact is about.
        fact = _fact(key, branch_id, step, became)
        record(tx, fact, about("sheet_row", f"{key}@{branch_id}", 1, branch_id))


def _fact(key: str, branch_id: str, step: Step, became: Became) -> SheetRowImported:
    row, name = step.row, None if step.salesperson.staff_id else step.row.salesperson
    said = {"method": row.method, "intent": row.intent, "result": row.result, "salesperson_name": name}
    own = own_words(said)
    return SheetRowImported(
        row_key=key,
        row_number=row.number,
        branch_id=branch_id,
        customer_id=became.customer_id,
        followup_date=row.followup_date,
        progress=row.progress,
        deal_date=row.deal_date,
        salesperson_id=step.salesperson.staff_id,
        warnings=list(step.warnings),
        personal=RowWords(**{name: own.get(name) for name in said}) if own else None,
        **{name: None if name in own else word for name, word in said.items()},
    )


def _write_fate(tx: Transaction, who: Who, importing: Importing, step: Step, became: Became) -> None:
    refusal = step.refusal
    values = {
        "import_id": importing.import_id,
        "row_number": step.row.number,
        "branch_id": importing.branch_id,
        "fate": became.fate.value,
        "reason": refusal.code if refusal else None,
        "reason_column": refusal.column if refusal else None,
        "warnings": list(step.warnings),
        "customer_id": became.customer_id,
        "code": became.code,
        "like_row": became.like_row,
        "cells": [text_in(cell) for cell in step.row.cells] if refusal else None,
    }
    tx.execute_later(*scoped(import_rows, who).new(values))


def _announce_progress(tx: Transaction, who: Who, importing: Importing, state: str, so_far: int) -> None:
    version = tx.execute(*_counted(who, of=importing.import_id)).scalar_one()
    fact = ImportProgressed(importing.import_id, importing.branch_id, state, so_far, importing.total)
    record(tx, fact, about("import", importing.import_id, version, importing.branch_id))


@prepared
def _counted(who: Who) -> Any:
    mine: Update = scoped(imports, who).update().where(imports.c.import_id == bindparam("of"))
    return mine.values(version=imports.c.version + 1).returning(imports.c.version)
