"""Storing what became of a time on duty or an absence: row, register's entry and event, always together."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import RowMapping

from chassis import ledger
from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.reception.attendance import events
from services.reception.attendance.rules import AbsenceState
from services.reception.attendance.tables import absences, attendances
from services.reception.rotation.views import chain_of


def change_duty(
    tx: Transaction, who: Who, row: RowMapping, changes: Mapping[str, Any], fact: type[events._Attendance]
) -> Mapping[str, Any]:
    """Store the changes of a time on duty and say what stands now; answers the row as it is now."""
    values = dict(changes) | {"version": row["version"] + 1}
    tx.execute(scoped(attendances, who).update().where(attendances.c.id == row["id"]).values(values))
    changed = {**row, **values}
    tell(tx, changed, fact)
    return changed


def cancel_absence(tx: Transaction, who: Who, row: RowMapping) -> None:
    """Somebody does not count as absent any more."""
    values = {"state": AbsenceState.CANCELLED.value, "version": row["version"] + 1}
    tx.execute(scoped(absences, who).update().where(absences.c.id == row["id"]).values(values))
    tell(tx, {**row, **values}, events.AbsenceCancelled)


def tell(tx: Transaction, row: Mapping[str, Any], fact: type[events._Attendance] | type[events._Absence]) -> None:
    """Append what stands to the hall's register, and announce it. `row` is the row as it stands now."""
    kind = "absence" if issubclass(fact, events._Absence) else "attendance"
    names = {field.name for field in fields(fact)} - {f"{kind}_id"}
    subject = about(kind, row["id"], row["version"], row["branch_id"])
    said: Any = fact(**{f"{kind}_id": row["id"]}, **{name: row[name] for name in names})
    announced = record(tx, said, subject)
    ledger.append(tx, chain_of(row["hall_id"]), fact.TYPE.removesuffix(".v1"), subject.subject, announced.data)
