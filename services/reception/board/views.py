"""The hall at this moment, as it may hang on a wall."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.people.views import local_time, names_of
from services.reception.receptions.rules import Closed
from services.reception.receptions.tables import receptions
from services.reception.receptions.views import line_of, open_in
from services.reception.rotation.rules import Place, Standing, a_and_b
from services.reception.rotation.views import hall_of
from services.reception.stepping_out.views import open_in as out_in
from services.reception.stepping_out.views import shown

_SHOWN = ("kind", "state", "role", "party_size", "arrived_at", "assigned_at", "greeted_at", "server_id", "original_id")
_OUT = ("staff_id", "reason", "state", "asked_id", "stand_in_id", "since", "until")


def board_of(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    """What hangs on the wall of the hall: no phone, and of visitors no name."""
    hall = hall_of(tx, who, hall_id)
    day = local_time(tx, who, hall["branch_id"]).date()
    line = line_of(tx, who, hall_id)
    now_open = [{"reception_id": row["id"]} | {name: row[name] for name in _SHOWN} for row in open_in(tx, who, hall_id)]
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
        "out": _out(tx, who, hall_id, line),
        "today": _totals(tx, who, hall_id, day),
    }


def version_of(board: Mapping[str, Any]) -> str:
    """What a board's ETag is: the same for the same content."""
    return hashlib.sha256(json.dumps(board, sort_keys=True, default=str).encode()).hexdigest()[:20]


def _person(place: Place, names: Mapping[str, str], reception: Mapping[str, Any] | None) -> dict[str, Any]:
    standing = Standing.OFF_DUTY if place.suspended else place.standing  # a wall tells of no penalty
    return {
        "staff_id": place.staff_id,
        "name": names[place.staff_id],
        "on_duty": place.on_duty and not place.suspended,
        "state": standing.value,
        "is_ready": place.is_ready,
        "reception": reception,
    }


def _out(tx: Transaction, who: Who, hall_id: str, line: Sequence[Place]) -> list[dict[str, Any]]:
    """Who has stepped out, or asks to."""
    rows = [shown(row, line) for row in out_in(tx, who, hall_id)]
    return [{"step_out_id": row["id"]} | {name: row[name] for name in _OUT} for row in rows]


def _totals(tx: Transaction, who: Who, hall_id: str, day: Any) -> dict[str, int]:
    by_state: dict[str, int] = {row[0]: row[1] for row in tx.execute(*_counted(who, hall=hall_id, day=day))}
    return {"arrivals": sum(by_state.values()), "completed": by_state.get("completed", 0)}


@prepared
def _counted(who: Who) -> Select[Any]:
    today = (receptions.c.hall_id == bindparam("hall")) & (receptions.c.local_day == bindparam("day"))
    came = receptions.c.closed_because.is_distinct_from(Closed.UNDONE.value)
    counted = scoped(receptions, who).select(receptions.c.state, func.count()).where(today, came)
    return counted.group_by(receptions.c.state)
