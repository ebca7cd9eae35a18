"""Reading halls, lines and receptions."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, func

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.reception.people.views import local_time, names_of, working_at
from services.reception.rotation.rules import Place, a_and_b
from services.reception.rotation.tables import halls, places, receptions

_SERVED = ("assigned", "greeted")


class UnknownHall(Exception):
    """There is no such hall within reach."""


class UnknownReception(Exception):
    """There is no such reception within reach."""


def halls_of(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """The halls in reach, by name."""
    return paginate(tx, scoped(halls, who).select(), [halls.c.name, halls.c.id], page)


def hall_of(tx: Transaction, who: Who, hall_id: str, *, lock: bool = False) -> RowMapping:
    """One hall, locked if it is to be changed; raises UnknownHall."""
    statement = scoped(halls, who).select().where(halls.c.id == hall_id)
    row = tx.execute(statement.with_for_update() if lock else statement).mappings().first()
    if row is None:
        raise UnknownHall
    return row


def line_of(tx: Transaction, who: Who, hall_id: str) -> list[Place]:
    """The hall's line from its head, with what everybody is doing; whoever left the branch is off duty."""
    serving = set(
        tx.execute(
            scoped(receptions, who).select(receptions.c.server_id).where(receptions.c.state.in_(_SERVED))
        ).scalars()
    )
    here = scoped(places, who).select().where(places.c.hall_id == hall_id).order_by(places.c.rank)
    rows = tx.execute(here).all()
    working = working_at(tx, who, [(row.branch_id, row.staff_id) for row in rows])
    return [Place(row.staff_id, row.on_duty and row.staff_id in working, row.staff_id in serving) for row in rows]


def serves_elsewhere(tx: Transaction, who: Who, hall_id: str) -> bool:
    """Whether the asker has a visitor in another hall: those who wait here would not learn of their being free."""
    mine = (receptions.c.server_id == who.actor_id) & receptions.c.state.in_(_SERVED)
    there = scoped(receptions, who).select(receptions.c.id).where(mine, receptions.c.hall_id != hall_id)
    return tx.execute(there).first() is not None


def waiting_in(tx: Transaction, who: Who, hall_id: str) -> Sequence[RowMapping]:
    """Receptions that wait for somebody, in order of arrival."""
    here = scoped(receptions, who).select().where(receptions.c.hall_id == hall_id, receptions.c.state == "waiting")
    return tx.execute(here.order_by(receptions.c.arrived_at, receptions.c.id)).mappings().all()


def reception_of(tx: Transaction, who: Who, reception_id: str) -> RowMapping:
    """One reception; raises UnknownReception."""
    row = tx.execute(scoped(receptions, who).select().where(receptions.c.id == reception_id)).mappings().first()
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
    columns = ("state", "server_id", "kind", "party_size", "arrived_at", "assigned_at", "greeted_at")
    wanted = [receptions.c.id.label("reception_id"), *(receptions.c[name] for name in columns)]
    is_open = receptions.c.state.in_(("waiting", *_SERVED))
    here = scoped(receptions, who).select(*wanted).where(receptions.c.hall_id == hall_id, is_open)
    return [dict(row) for row in tx.execute(here.order_by(receptions.c.arrived_at, receptions.c.id)).mappings()]


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
    today = (receptions.c.hall_id == hall_id) & (receptions.c.local_day == day)
    counted = scoped(receptions, who).select(receptions.c.state, func.count()).where(today)
    by_state: dict[str, int] = {row[0]: row[1] for row in tx.execute(counted.group_by(receptions.c.state))}
    return {"arrivals": sum(by_state.values()), "completed": by_state.get("completed", 0)}
