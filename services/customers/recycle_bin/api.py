"""The recycle bin over HTTP: for managers alone."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, etag, reads
from services.customers.recycle_bin import actions, views
from services.customers.recycle_bin.schemas import (
    BinItemSchema,
    BinPageSchema,
    DeletionSchema,
    MovesSchema,
    PurgingSchema,
    RestoredSchema,
)

blueprint = Blueprint("recycle_bin", __name__)


@blueprint.get("/api/v1/customers/recycle-bin")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.manage")
@blueprint.response(200, BinPageSchema)
def list_bin(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """The customers in the recycle bin, the last deleted first."""
    return views.bin_page(tx, who, page)


@blueprint.post("/api/v1/customers/<customer_id>/recycle-bin")
@blueprint.arguments(DeletionSchema)
@acts("customers.manage")
@blueprint.response(200, BinItemSchema)
def delete_customer(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Move the customer into the recycle bin."""
    return views.bin_item(tx, who, actions.delete(tx, who, customer_id, said["reason"]))


@blueprint.get("/api/v1/customers/<customer_id>/recycle-bin")
@reads("customers.manage")
@blueprint.response(200, MovesSchema)
def read_moves(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """When the customer was moved into the recycle bin and out of it, by whom and why."""
    return {"items": views.moves_of(tx, who, customer_id)}


@blueprint.post("/api/v1/customers/recycle-bin/<customer_id>/restore")
@acts("customers.manage")
@blueprint.response(200, RestoredSchema)
def restore_customer(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """Bring the customer back as they were, and say what happened meanwhile."""
    back = views.restored(tx, who, actions.restore(tx, who, customer_id))
    etag(back["version"])
    return back


@blueprint.post("/api/v1/customers/recycle-bin/<customer_id>/purge")
@blueprint.arguments(PurgingSchema)
@acts("customers.manage")
@blueprint.response(204)
def purge_customer(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> None:
    """Forget the customer for good, in every service; receptions, deals and counts stay as facts."""
    actions.purge(tx, who, customer_id, **said)
