"""Reveals over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads
from services.customers.reveals import actions, views
from services.customers.reveals.schemas import RevealedSchema, RevealPageSchema, RevealSchema

blueprint = Blueprint("reveals", __name__)


@blueprint.post("/api/v1/customers/<customer_id>/reveal")
@blueprint.arguments(RevealSchema)
@acts("customers.reveal")
@blueprint.response(200, RevealedSchema)
def reveal_phone(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Read a customer's whole phone, with a reason; who did is written down."""
    return actions.reveal_phone(tx, who, customer_id, said["reason"])


@blueprint.get("/api/v1/customers/reveals")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.manage")
@blueprint.response(200, RevealPageSchema)
def list_reveals(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """Who has read whose whole phone, when and what for, the newest first."""
    return views.reveals_page(tx, who, page)
