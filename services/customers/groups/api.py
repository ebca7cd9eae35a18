"""Groups over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, acts, etag, reads
from services.customers.files.schemas import WholeFileSchema
from services.customers.files.views import changed
from services.customers.groups import actions, views
from services.customers.groups.schemas import GroupSchema, ParentSchema

blueprint = Blueprint("customer_groups", __name__)


@blueprint.get("/api/v1/customers/<customer_id>/group")
@reads("customers.see")
@blueprint.response(200, GroupSchema)
def read_group(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """The group that a customer belongs to, with what each part comes to."""
    return views.group_of(tx, who, customer_id)


@blueprint.put("/api/v1/customers/<customer_id>/parent")
@blueprint.arguments(ParentSchema)
@acts("customers.edit")
@blueprint.response(200, WholeFileSchema)
def put_under(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Put a customer under another of its branch, or under none."""
    customer = changed(tx, who, actions.put_under(tx, who, customer_id, said["parent_id"]))
    etag(customer["version"])
    return customer
