"""Asking at the door, where a whole phone is not shown to others than its owner without a trace."""

from collections.abc import Mapping
from typing import Any

from chassis import audit
from chassis.database import Transaction
from chassis.identity import Who
from services.reception.door import rules, views
from services.reception.rotation.views import hall_of


def look_up(tx: Transaction, who: Who, hall_id: str, asked: Mapping[str, Any]) -> dict[str, Any]:
    """As views.look_up; each phone of another's customer that is shown whole is noted: to whom, and asked by what."""
    found = views.look_up(tx, who, hall_id, asked)
    branch_id = hall_of(tx, who, hall_id)["branch_id"]
    for one in found["candidates"]:
        if one["revealed"]:
            why = {"hall_id": hall_id, "asked_by": rules.question(asked)}
            audit.note(tx, who, "phone.revealed", f"customer/{one['customer_id']}", branch_id, **why)
    return found
