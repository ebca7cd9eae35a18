"""The parts of what is known of a customer, and what the reply to a question about one of them means."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class UnknownCustomer(Exception):
    """There is no such customer, or not within the asker's reach."""


class Code(StrEnum):
    """What became of a part: it is here, or why it is not."""

    HERE = "here"
    NOTHING = "nothing"
    ERASED = "erased"
    NOT_PERMITTED = "not_permitted"
    NOT_INSTALLED = "not_installed"
    IN_RECYCLE_BIN = "in_recycle_bin"
    DOWN = "service_down"
    SLOW = "service_slow"
    TROUBLE = "service_trouble"


@dataclass(frozen=True)
class Part:
    """A part of the whole: the permission to read it and where it is asked for, `{id}` being the customer's.

    `path` None: no service of this installation knows of such things yet.
    """

    name: str
    permission: str
    path: str | None
    query: str = ""


@dataclass(frozen=True)
class Told:
    """A part as it was told; `body` is what its service said, None where it is not here."""

    code: Code
    body: Mapping[str, Any] | None = None


_FILE = "/api/v1/customers/{id}"
PARTS = (
    Part("basics", "customers.see", _FILE),
    Part("contacts", "customers.see", f"{_FILE}/contacts"),
    Part("tags", "customers.see", f"{_FILE}/tags"),
    Part("family", "customers.see", f"{_FILE}/relations"),
    Part("register", "customers.see", f"{_FILE}/register"),
    Part("group", "customers.see", f"{_FILE}/group"),
    Part("receptions", "reception.see", "/api/v1/reception/customers/{id}/receptions"),
    Part("followups", "followups.see", "/api/v1/followups/records", "customer_id={id}"),
    Part("plan", "followups.see", "/api/v1/followups/plans/{id}"),
    Part("visits", "followups.see", None),
    Part("reviews", "followups.see", None),
    Part("opportunities", "followups.see", None),
    Part("quotes", "customers.see", None),
    Part("purchases", "customers.see", None),
    Part("receivables", "customers.see", None),
    Part("shipments", "customers.see", None),
    Part("after_sales", "customers.see", None),
    Part("expenses", "customers.see", None),
    Part("budget", "followups.see", None),
)
POINTS = Part("points", "customers.see", f"{_FILE}/points")
"""Only where the company keeps points: elsewhere nobody is told of such a part."""
_REFUSED = {403: Code.NOT_PERMITTED, 410: Code.ERASED, 503: Code.DOWN, 504: Code.SLOW}


def told_by(status: int, body: Mapping[str, Any]) -> Told:
    """What a service's reply means for a part. A 404 of the business says that it has nothing of this customer, one of
    a path that nobody answers that this part is not installed.
    """
    if status == 200:
        return Told(Code.HERE, body)
    if status == 404:
        return Told(Code.NOT_INSTALLED if body.get("code") == "not_found" else Code.NOTHING)
    if body.get("code") == "in_recycle_bin":
        return Told(Code.IN_RECYCLE_BIN)
    return Told(_REFUSED.get(status, Code.TROUBLE))
