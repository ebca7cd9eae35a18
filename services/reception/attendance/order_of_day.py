"""What coming on duty does to the line, as the policy orders the day."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction, scoped
from chassis.identity import Who
from services.reception.attendance.tables import draws
from services.reception.attendance.views import attended, draw_of
from services.reception.policy.rules import Order, Policy
from services.reception.rotation.actions import move
from services.reception.rotation.rules import Moved, drawn
from services.reception.rotation.views import order_of


def take_place(tx: Transaction, who: Who, hall: RowMapping, came: Mapping[str, Any], policy: Policy) -> None:
    """Who comes late goes to the tail; else the first time of a day does, where the day is ordered by clock-in.

    Where it is drawn by lot, the first who comes draws for everybody, and the late stand behind. `came` is the row of
    the attendance, stored already; the caller has locked the hall. Raises NotOnTheLine.
    """
    if policy.order is Order.LOT and draw_of(tx, who, hall["id"], came["local_day"]) is None:
        _draw(tx, who, hall, came["local_day"])
    moved = {"staff_id": came["staff_id"], "attendance_id": came["id"]}
    if came["late_by"] and policy.late_to_the_tail:
        move(tx, who, hall, Moved.LATE, moved)
    elif policy.order is Order.CLOCK_IN and _first_of_day(tx, who, came):
        move(tx, who, hall, Moved.CLOCKED_IN, moved)


def _draw(tx: Transaction, who: Who, hall: RowMapping, day: date) -> None:
    seed = tx.new_id()
    order = drawn(order_of(tx, who, hall["id"]), seed)
    entry = move(tx, who, hall, Moved.DRAWN, {"order": order, "seed": seed})
    row = {"hall_id": hall["id"], "day": day, "branch_id": hall["branch_id"], "seed": seed, "people": order}
    tx.execute(*scoped(draws, who).new(row | {"line_entry": entry, "drawn_at": tx.now()}))


def _first_of_day(tx: Transaction, who: Who, came: Mapping[str, Any]) -> bool:
    today = attended(tx, who, came["hall_id"], came["local_day"])
    return all(row["id"] == came["id"] for row in today if row["staff_id"] == came["staff_id"])
