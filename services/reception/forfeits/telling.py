"""Storing what became of a forfeit or a suspension: the row, the register's entry and the event, always together."""

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from sqlalchemy import Update, bindparam

from chassis import ledger
from chassis.database import Transaction, prepared, scoped
from chassis.events import Fact, about, record
from chassis.identity import Who
from services.reception.forfeits import events
from services.reception.forfeits.tables import forfeits, suspensions
from services.reception.forfeits.views import spent_on

_OF_FORFEIT = [field.name for field in fields(events._Forfeit) if field.name != "forfeit_id"]
_OF_SUSPENSION = [field.name for field in fields(events._Suspension) if field.name not in ("suspension_id", "forfeits")]


def recorded(tx: Transaction, who: Who, row: Mapping[str, Any]) -> None:
    """Store a new forfeit and say so."""
    tx.execute(*scoped(forfeits, who).new(row))
    _say_forfeit(tx, who, row, events.ForfeitRecorded)


def excused(tx: Transaction, who: Who, forfeit: Mapping[Any, Any], changes: Mapping[str, Any]) -> None:
    """Store that a forfeit was excused and say so."""
    values = {"version": forfeit["version"] + 1, **changes}
    tx.execute(*_one_forfeit(who, changed=forfeit["id"], **values))
    _say_forfeit(tx, who, {**forfeit, **values}, events.ForfeitExcused)


def ordered(tx: Transaction, who: Who, row: Mapping[str, Any], spent: list[str]) -> None:
    """Store a new suspension with the forfeits that it spends, and say so."""
    tx.execute(*scoped(suspensions, who).new(row))
    for forfeit_id in spent:
        tx.execute(*_one_forfeit(who, changed=forfeit_id, suspension_id=row["id"]))
    _say_suspension(tx, who, row, events.SuspensionOrdered)


def changed(
    tx: Transaction,
    who: Who,
    suspension: Mapping[Any, Any],
    changes: Mapping[str, Any],
    fact: type[events._Suspension],
) -> None:
    """Store that a suspension began or ended and say so."""
    values = {"version": suspension["version"] + 1, **changes}
    tx.execute(*_one_suspension(who, changed=suspension["id"], **values))
    _say_suspension(tx, who, {**suspension, **values}, fact)


def _say_forfeit(tx: Transaction, who: Who, row: Mapping[str, Any], fact: type[events._Forfeit]) -> None:
    said = fact(forfeit_id=row["id"], **{name: row[name] for name in _OF_FORFEIT})
    _say(tx, who, "forfeit", row, said)


def _say_suspension(tx: Transaction, who: Who, row: Mapping[str, Any], fact: type[events._Suspension]) -> None:
    spent = list(spent_on(tx, who, row["id"]))
    said = fact(suspension_id=row["id"], forfeits=spent, **{name: row[name] for name in _OF_SUSPENSION})
    _say(tx, who, "suspension", row, said)


def _say(tx: Transaction, who: Who, kind: str, row: Mapping[str, Any], fact: Fact) -> None:
    subject = about(kind, row["id"], row["version"], row["branch_id"])
    announced = record(tx, fact, subject)
    body = announced.data | {"by": who.actor_id}
    ledger.append(tx, f"hall/{row['hall_id']}", fact.TYPE.removesuffix(".v1"), subject.subject, body)


@prepared
def _one_forfeit(who: Who) -> Update:
    return scoped(forfeits, who).update().where(forfeits.c.id == bindparam("changed"))


@prepared
def _one_suspension(who: Who) -> Update:
    return scoped(suspensions, who).update().where(suspensions.c.id == bindparam("changed"))
