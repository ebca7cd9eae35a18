"""The journal of a device that was cut off from nine on, and handing it in."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from tests.services.reception.office import FRONT_DESK, MANAGER, Office
from tests.services.synthetic import NOW, named

TABLET = replace(FRONT_DESK, permissions=FRONT_DESK.permissions | {"reception.hand_in"})
VISITOR = {"name": "王小明", "phone": "138 0013 8000"}


def entry(name: str, kind: str, minute: float, who: str | None = None, **more: Any) -> dict[str, Any]:
    """What the device kept: `minute` counts from nine; `of` names the arrival."""
    at = (NOW + timedelta(minutes=minute)).isoformat()
    said = {"entry_id": device_id(name), "kind": kind, "happened_at": at, "staff_id": who and named(who)}
    if "of" in more:
        said["arrival_id"] = device_id(more.pop("of"))
    return said | more


def device_id(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, f"device {name}"))


def arrival(name: str, minute: float, **more: Any) -> dict[str, Any]:
    return entry(name, "arrival", minute, arrival=more.pop("arrival", {}), **more)


MORNING = [
    entry("li comes", "clock_in", 1, "li"),
    entry("wu comes", "clock_in", 2, "wu"),
    arrival("first", 10, server_id=named("li")),
    entry("greeted", "greet", 10.5, "li", of="first"),
    arrival("second", 15, server_id=named("wu")),
    entry("registered", "complete", 30, "li", of="first", visitor=VISITOR),
    entry("gone", "leave", 31, "li", of="second"),
]


def hand_in(office: Office, *entries: dict[str, Any], who: Any = TABLET, **options: Any) -> list[dict[str, Any]]:
    found = office.did(who, "POST", office.path("journal"), {"entries": entries}, **options)
    assert found["conflicts"] == sum(one["outcome"] == "conflict" for one in found["entries"])
    return list(found["entries"])


def outcomes(became: list[dict[str, Any]]) -> list[str]:
    """`applied`, or why not."""
    return [one["conflict"]["code"] if one["conflict"] else one["outcome"] for one in became]


def conflicts(office: Office, query: str = "") -> list[dict[str, Any]]:
    return list(office.did(MANAGER, "GET", office.path("journal/conflicts") + query)["items"])


def at(minute: float) -> str:
    return (NOW + timedelta(minutes=minute)).isoformat()
