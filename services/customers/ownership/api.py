"""Owners over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, acts, reads
from services.customers.files.schemas import CustomerSchema
from services.customers.files.views import changed
from services.customers.ownership import actions, views
from services.customers.ownership.actions import HandedOver
from services.customers.ownership.schemas import (
    AssignmentSchema,
    HandoverSchema,
    LeaversSchema,
    NewHandoverSchema,
    OwnersSchema,
)

blueprint = Blueprint("ownership", __name__)


@blueprint.get("/api/v1/customers/<customer_id>/owners")
@reads("customers.see")
@blueprint.response(200, OwnersSchema)
def list_owners(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """Whose the customer was from when on, why, and by whose decision."""
    return views.owners_of(tx, who, customer_id)


@blueprint.post("/api/v1/customers/<customer_id>/owner")
@blueprint.arguments(AssignmentSchema)
@acts("customers.manage")
@blueprint.response(200, CustomerSchema)
def assign_customer(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Give the customer to somebody of the branch, or take it back to the pool."""
    return changed(tx, who, actions.assign(tx, who, customer_id, said["owner_id"], said["reason"]))


@blueprint.get("/api/v1/customers/leavers")
@reads("customers.manage")
@blueprint.response(200, LeaversSchema)
def list_leavers(tx: Transaction, who: Who) -> Mapping[str, Any]:
    """Whose customers wait to be handed over, because they work at the branch no more."""
    return {"items": views.owned_by_leavers(tx, who)}


@blueprint.post("/api/v1/customers/handovers")
@blueprint.arguments(NewHandoverSchema)
@acts("customers.manage")
@blueprint.response(201, HandoverSchema)
def hand_over(tx: Transaction, who: Who, said: dict[str, Any]) -> HandedOver:
    """Hand all customers of one person to one or several colleagues, in one act."""
    return actions.hand_over(tx, who, said["from_id"], said["to_ids"], said["reason"], said["branch_id"])
