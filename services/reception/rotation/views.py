"""Reading halls, lines and receptions."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, func

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.reception.people.views import local_time, names_of, works_there
from services.reception.rotation.rules import Place, a_and_b
from services.reception.rotation.tables import IS_OPEN, IS_SERVED, halls, places, receptions


class UnknownHall(Exception):
    """There is no such hall within reach."""


class UnknownReception(Exception):
    """There is no such reception within reach."""


def halls_of(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """The halls in reach, by name."""
    return paginate(tx, scoped(halls, who).select(), [halls.c.name, halls.c.id], page)


def hall_of(tx: Transaction, who: Who, hall_id: str, *, lock: bool = False) -> RowMapping:
    """One hall, locked if it is to be changed; raises UnknownHall."""
    row = tx.execute(*(_locked_hall if lock else _one_hall)(who, hall=hall_id)).mappings().first()
    if row is None:
        raise UnknownHall
    return row


def locked_hall_of(tx: Transaction, who: Who, reception_id: str) -> RowMapping:
    """The hall of a reception, locked; raises UnknownReception."""
    row = tx.execute(*_locked_hall_of(who, reception=reception_id)).mappings().first()
    if row is None:
        raise UnknownReception
    return row


def line_of(tx: Transaction, who: Who, hall_id: str) -> list[Place]:
    """The hall's line from its head, with what everybody is doing; whoever left the branch is off duty."""
    rows = tx.execute(*_line(who, hall=hall_id))
    return [Place(row.staff_id, row.on_duty and row.works_there, row.serving) for row in rows]


def serves_elsewhere(tx: Transaction, who: Who, hall_id: str) -> bool:
    """Whether the asker has a visitor in another hall: those who wait here would not learn of their being free."""
    return tx.execute(*_served_elsewhere(who, hall=hall_id)).first() is not None


def waiting_in(tx: Transaction, who: Who, hall_id: str) -> Sequence[RowMapping]:
    """Receptions that wait for somebody, in order of arrival."""
    return tx.execute(*_waiting_in(who, hall=hall_id)).mappings().all()


def reception_of(tx: Transaction, who: Who, reception_id: str) -> RowMapping:
    """One reception; raises UnknownReception."""
    row = tx.execute(*_one_reception(who, reception=reception_id)).mappings().first()
    if row is None:
        raise UnknownReception
    return row


def board_of(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    """What hangs on the wall of the hall: no phone, and of visitors no name."""
    hall = hall_of(tx, who, hall_id)
    day = local_time(tx, who, hall["branch_id"]).date()
    line = line_of(tx, who, hall_id)
    now_open = _open_in(tx, who, hall_id)
    served_by = {row["server_id"]: row for row in now_open if row["server_id"]}
    names = names_of(tx, who, [place.staff_id for place in line])
    a, b = a_and_b(line)
    return {
        "hall_id": hall_id,
        "name": hall["name"],
        "local_day": day,
        "line_version": hall["line_version"],
        "a": a,
        "b": b,
        "line": [_person(place, names, served_by.get(place.staff_id)) for place in line],
        "waiting": [row for row in now_open if row["state"] == "waiting"],
        "today": _totals(tx, who, hall_id, day),
    }


def version_of(board: Mapping[str, Any]) -> str:
    """What a board's ETag is: the same for the same content."""
    return hashlib.sha256(json.dumps(board, sort_keys=True, default=str).encode()).hexdigest()[:20]


def _open_in(tx: Transaction, who: Who, hall_id: str) -> list[dict[str, Any]]:
    return [dict(row) for row in tx.execute(*_open_receptions(who, hall=hall_id)).mappings()]


def _person(place: Place, names: Mapping[str, str], reception: Mapping[str, Any] | None) -> dict[str, Any]:
    state = "serving" if place.serving else "free" if place.on_duty else "off_duty"
    return {
        "staff_id": place.staff_id,
        "name": names[place.staff_id],
        "on_duty": place.on_duty,
        "state": state,
        "reception": reception,
    }


def _totals(tx: Transaction, who: Who, hall_id: str, day: Any) -> dict[str, int]:
    by_state: dict[str, int] = {row[0]: row[1] for row in tx.execute(*_counted(who, hall=hall_id, day=day))}
    return {"arrivals": sum(by_state.values()), "completed": by_state.get("completed", 0)}


@prepared
def _one_hall(who: Who) -> Select[Any]:
    return scoped(halls, who).select().where(halls.c.id == bindparam("hall"))


@prepared
def _locked_hall(who: Who) -> Select[Any]:
    return scoped(halls, who).select().where(halls.c.id == bindparam("hall")).with_for_update()


@prepared
def _locked_hall_of(who: Who) -> Select[Any]:
    its_hall = scoped(receptions, who).select(receptions.c.hall_id).where(receptions.c.id == bindparam("reception"))
    return scoped(halls, who).select().where(halls.c.id.in_(its_hall)).with_for_update()


@prepared
def _line(who: Who) -> Select[Any]:
    served = (
        scoped(receptions, who).select(receptions.c.id).where(IS_SERVED, receptions.c.server_id == places.c.staff_id)
    )
    facts = (
        works_there(who, places.c.branch_id, places.c.staff_id).label("works_there"),
        served.correlate(scoped(places, who).table).exists().label("serving"),
    )
    here = scoped(places, who).select(places.c.staff_id, places.c.on_duty, *facts)
    return here.where(places.c.hall_id == bindparam("hall")).order_by(places.c.rank)


@prepared
def _served_elsewhere(who: Who) -> Select[Any]:
    mine = scoped(receptions, who).select(receptions.c.id).where(IS_SERVED, receptions.c.server_id == who.actor_id)
    return mine.where(receptions.c.hall_id != bindparam("hall"))


@prepared
def _waiting_in(who: Who) -> Select[Any]:
    here = scoped(receptions, who).select().where(receptions.c.hall_id == bindparam("hall"))
    return here.where(IS_OPEN, receptions.c.state == "waiting").order_by(receptions.c.arrived_at, receptions.c.id)


@prepared
def _one_reception(who: Who) -> Select[Any]:
    return scoped(receptions, who).select().where(receptions.c.id == bindparam("reception"))


@prepared
def _open_receptions(who: Who) -> Select[Any]:
    columns = ("state", "server_id", "kind", "party_size", "arrived_at", "assigned_at", "greeted_at")
    wanted = [receptions.c.id.label("reception_id"), *(receptions.c[name] for name in columns)]
    here = scoped(receptions, who).select(*wanted).where(receptions.c.hall_id == bindparam("hall"), IS_OPEN)
    return here.order_by(receptions.c.arrived_at, receptions.c.id)


@prepared
def _counted(who: Who) -> Select[Any]:
    today = (receptions.c.hall_id == bindparam("hall")) & (receptions.c.local_day == bindparam("day"))
    return scoped(receptions, who).select(receptions.c.state, func.count()).where(today).group_by(receptions.c.state)
