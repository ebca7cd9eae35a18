"""The hall at this moment, as it may hang on a wall."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, bindparam, func

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.attendance.views import draw_of
from services.reception.board.rules import reasons_of, waits_about
from services.reception.people.views import names_of, zone_of
from services.reception.policy.views import policy_of
from services.reception.receptions.rules import Closed
from services.reception.receptions.tables import receptions
from services.reception.receptions.views import line_of, open_in
from services.reception.receptions.words import spoken_of
from services.reception.rotation.rules import Place, Standing, a_and_b
from services.reception.rotation.views import hall_of
from services.reception.stepping_out.views import open_in as out_in
from services.reception.stepping_out.views import shown

_OUT = ("staff_id", "reason", "state", "asked_id", "stand_in_id", "since", "until")
_SHOWN = (
    *("kind", "state", "role", "party_size", "arrived_at", "assigned_at", "greeted_at", "server_id", "original_id"),
    *("delegate_id", "relation", "trade", "witness_id", "witnessed_at", "explanation"),
)


def board_of(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    """What hangs on the wall of the hall: no phone, and of visitors no name.

    Receptions have their `explanation` as it is kept, and `names` says by id who is spoken of.
    """
    hall = hall_of(tx, who, hall_id)
    zone = zone_of(tx, who, hall["branch_id"])
    day = tx.now().astimezone(ZoneInfo(zone)).date()
    line = line_of(tx, who, hall_id)
    rows = open_in(tx, who, hall_id)
    now_open = [{"id": row["id"]} | {name: row[name] for name in _SHOWN} for row in rows]
    served_by = {row["server_id"]: row for row in now_open if row["server_id"]}
    names = names_of(tx, who, _spoken_of(line, rows))
    waits = waits_about(line, _lasted(tx, who, hall_id, day))
    a, b = a_and_b(line)
    policy = policy_of(tx, who, hall["branch_id"])
    return {
        "hall_id": hall_id,
        "name": hall["name"],
        "local_day": day,
        "time_zone": zone,
        "line_version": hall["line_version"],
        "a": a,
        "b": b,
        "line": [_person(place, names, served_by.get(place.staff_id), waits) for place in line],
        "waiting": [row for row in now_open if row["state"] == "waiting"],
        "out": _out(tx, who, hall_id, line),
        "today": _totals(tx, who, hall_id, day),
        "draw": draw_of(tx, who, hall_id, day),
        "non_buyers": list(policy.non_buyers),
        "out_reasons": reasons_of(policy),
        "names": names,
    }


def version_of(board: Mapping[str, Any]) -> str:
    """What a board's ETag is: the same for the same content."""
    return hashlib.sha256(json.dumps(board, sort_keys=True, default=str).encode()).hexdigest()[:20]


def _spoken_of(line: Sequence[Place], rows: Sequence[Mapping[Any, Any]]) -> list[str]:
    return [*(place.staff_id for place in line), *(one for row in rows for one in spoken_of(row))]


def _person(
    place: Place, names: Mapping[str, str], reception: Mapping[str, Any] | None, waits: Mapping[str, int]
) -> dict[str, Any]:
    standing = Standing.OFF_DUTY if place.suspended else place.standing  # a wall tells of no penalty
    return {
        "staff_id": place.staff_id,
        "name": names[place.staff_id],
        "on_duty": place.on_duty and not place.suspended,
        "state": standing.value,
        "is_ready": place.is_ready,
        "reception": reception,
        "waits_about": waits.get(place.staff_id),
    }


def _out(tx: Transaction, who: Who, hall_id: str, line: Sequence[Place]) -> list[dict[str, Any]]:
    """Who has stepped out, or asks to."""
    rows = [shown(row, line) for row in out_in(tx, who, hall_id)]
    return [{"step_out_id": row["id"]} | {name: row[name] for name in _OUT} for row in rows]


def _totals(tx: Transaction, who: Who, hall_id: str, day: Any) -> dict[str, int]:
    by_state: dict[str, int] = {row[0]: row[1] for row in tx.execute(*_counted(who, hall=hall_id, day=day))}
    return {"arrivals": sum(by_state.values()), "completed": by_state.get("completed", 0)}


def _lasted(tx: Transaction, who: Who, hall_id: str, day: Any) -> list[timedelta]:
    """How long the day's finished receptions took, each from the greeting."""
    rows = tx.execute(*_finished(who, hall=hall_id, day=day))
    return [row.completed_at - (row.greeted_at or row.assigned_at) for row in rows]


@prepared
def _counted(who: Who) -> Select[Any]:
    today = (receptions.c.hall_id == bindparam("hall")) & (receptions.c.local_day == bindparam("day"))
    came = receptions.c.closed_because.is_distinct_from(Closed.UNDONE.value)
    counted = scoped(receptions, who).select(receptions.c.state, func.count()).where(today, came)
    return counted.group_by(receptions.c.state)


@prepared
def _finished(who: Who) -> Select[Any]:
    today = (receptions.c.hall_id == bindparam("hall")) & (receptions.c.local_day == bindparam("day"))
    times = receptions.c.assigned_at, receptions.c.greeted_at, receptions.c.completed_at
    return scoped(receptions, who).select(*times).where(today, receptions.c.state == "completed")
