"""Tags over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, acts, reads
from services.customers.people.views import branch_meant
from services.customers.tags import actions, views
from services.customers.tags.schemas import (
    BranchArguments,
    RenamingSchema,
    TagChangeSchema,
    TagsInUseSchema,
    TagsSchema,
)

blueprint = Blueprint("customer_tags", __name__)


@blueprint.get("/api/v1/customers/<customer_id>/tags")
@reads("customers.see")
@blueprint.response(200, TagsSchema)
def read_tags(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """The tags of a customer."""
    return {"tags": views.tags_of(tx, who, customer_id)}


@blueprint.patch("/api/v1/customers/<customer_id>/tags")
@blueprint.arguments(TagChangeSchema)
@acts("customers.edit")
@blueprint.response(200, TagsSchema)
def set_tags(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Put tags on a customer and take others off."""
    actions.set_tags(tx, who, customer_id, said["add"], said["remove"])
    return {"tags": views.tags_of(tx, who, customer_id)}


@blueprint.get("/api/v1/customers/tags")
@blueprint.arguments(BranchArguments, location="query")
@reads("customers.see")
@blueprint.response(200, TagsInUseSchema)
def list_tags(tx: Transaction, who: Who, asked: dict[str, Any]) -> Mapping[str, Any]:
    """The tags of a branch and how many customers in reach have each."""
    return {"items": views.tags_in_use(tx, who, branch_meant(tx, who, asked["branch_id"]).branch_id)}


@blueprint.post("/api/v1/customers/tags/rename")
@blueprint.arguments(RenamingSchema)
@acts("customers.manage")
@blueprint.response(200, TagsInUseSchema)
def rename_tag(tx: Transaction, who: Who, said: dict[str, Any]) -> Mapping[str, Any]:
    """Give a tag another name, at all customers of the branch that have it."""
    actions.rename_tag(tx, who, said)
    return {"items": views.tags_in_use(tx, who, branch_meant(tx, who, said["branch_id"]).branch_id)}
