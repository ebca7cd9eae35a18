"""Reading who has stepped out, or asks to."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, or_

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.forfeits.tables import forfeits
from services.reception.receptions.rules import State as Reception
from services.reception.receptions.views import open_in as open_receptions
from services.reception.rotation.rules import Place
from services.reception.rotation.tables import halls, places
from services.reception.stepping_out.rules import NotAway, State, next_stand_in
from services.reception.stepping_out.tables import IS_OPEN, step_outs


class UnknownStepOut(Exception):
    """There is no such step-out within reach."""


def step_out_of(tx: Transaction, who: Who, step_out_id: str) -> RowMapping:
    """One step-out; raises UnknownStepOut."""
    row = tx.execute(*_one(who, step_out=step_out_id)).mappings().first()
    if row is None:
        raise UnknownStepOut
    return row


def open_of(tx: Transaction, who: Who, staff_id: str) -> RowMapping | None:
    """A person's step-out that has not ended, in whatever hall."""
    return tx.execute(*_open_of_person(who, person=staff_id)).mappings().first()


def away_of(tx: Transaction, who: Who, hall_id: str, staff_id: str) -> RowMapping:
    """The step-out of somebody who is away from this hall; raises NotAway."""
    row = open_of(tx, who, staff_id)
    if row is None or row["hall_id"] != hall_id or row["state"] == State.ASKED:
        raise NotAway
    return row


def open_in(tx: Transaction, who: Who, hall_id: str) -> Sequence[RowMapping]:
    """Who has stepped out of a hall, or asks to, in the order of asking."""
    return tx.execute(*_open_in(who, hall=hall_id)).mappings().all()


def call_of(tx: Transaction, who: Who, hall_id: str, staff_id: str) -> RowMapping | None:
    """The visitor for whom somebody was called and whom they have not greeted."""
    of_them = (row for row in open_receptions(tx, who, hall_id) if row["server_id"] == staff_id)
    return next((row for row in of_them if row["state"] == Reception.ASSIGNED), None)


def serves_in(tx: Transaction, who: Who, hall_id: str, staff_id: str) -> bool:
    """Whether somebody has a visitor in this hall."""
    return any(row["server_id"] == staff_id for row in open_receptions(tx, who, hall_id))


def shown(row: Mapping[Any, Any], line: Sequence[Place]) -> dict[str, Any]:
    """A step-out with `asked_id`: who takes the place by accepting, as of now."""
    waits = row["state"] == State.ASKED and any(place.staff_id == row["staff_id"] for place in line)
    return {**row, "asked_id": next_stand_in(line, row["staff_id"]) if waits else None}


def locked_hall_of(tx: Transaction, who: Who, step_out_id: str) -> RowMapping:
    """The hall of a step-out, locked; raises UnknownStepOut."""
    row = tx.execute(*_locked_hall_of(who, step_out=step_out_id)).mappings().first()
    if row is None:
        raise UnknownStepOut
    return row


def locked_halls_of(tx: Transaction, who: Who, staff_id: str) -> Sequence[RowMapping]:
    """Every hall in which somebody stands in the line or forfeited a turn, locked in one order for all."""
    return tx.execute(*_locked_halls_of(who, person=staff_id)).mappings().all()


@prepared
def _one(who: Who) -> Select[Any]:
    return scoped(step_outs, who).select().where(step_outs.c.id == bindparam("step_out"))


@prepared
def _open_of_person(who: Who) -> Select[Any]:
    return scoped(step_outs, who).select().where(step_outs.c.staff_id == bindparam("person"), IS_OPEN)


@prepared
def _open_in(who: Who) -> Select[Any]:
    here = scoped(step_outs, who).select().where(step_outs.c.hall_id == bindparam("hall"), IS_OPEN)
    return here.order_by(step_outs.c.asked_at, step_outs.c.id)


@prepared
def _locked_hall_of(who: Who) -> Select[Any]:
    its_hall = scoped(step_outs, who).select(step_outs.c.hall_id).where(step_outs.c.id == bindparam("step_out"))
    return scoped(halls, who).select().where(halls.c.id.in_(its_hall)).with_for_update()


@prepared
def _locked_halls_of(who: Who) -> Select[Any]:
    stands = scoped(places, who).select(places.c.hall_id).where(places.c.staff_id == bindparam("person"))
    forfeited = scoped(forfeits, who).select(forfeits.c.hall_id).where(forfeits.c.staff_id == bindparam("person"))
    theirs = scoped(halls, who).select().where(or_(halls.c.id.in_(stands), halls.c.id.in_(forfeited)))
    return theirs.order_by(halls.c.id).with_for_update()
