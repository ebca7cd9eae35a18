"""The door over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, acts, say
from services.reception.door import actions
from services.reception.door.schemas import LookedUpSchema, LookUpSchema

blueprint = Blueprint("door", __name__)


@blueprint.post("/api/v1/reception/halls/<hall_id>/look-ups")
@blueprint.arguments(LookUpSchema)
@acts("reception.admit")
@blueprint.response(200, LookedUpSchema)
def look_up(tx: Transaction, who: Who, asked: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """来过吗？谁接待的？ A POST, so that no phone stands in an address; it writes down whom it reveals."""
    found = actions.look_up(tx, who, hall_id, asked)
    return found | {"candidates": [{**one, "text": _text(one)} for one in found["candidates"]]}


def _text(one: Mapping[str, Any]) -> str:
    """registered to P3, 3 March: what the door reads out."""
    day = one["registered_on"]
    if one["original"] is None:
        return say("door.in_the_pool")
    if day is None:
        return say("door.theirs", name=one["original"]["name"])
    when = say("door.day", year=day.year, month=say(f"months.{day.month}"), day=day.day)
    return say("door.registered_to", name=one["original"]["name"], day=when)
