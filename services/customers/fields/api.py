"""The company's own fields and lists over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, acts, etag, reads
from services.customers.fields import actions, views
from services.customers.fields.rules import Field
from services.customers.fields.schemas import (
    DefinedFieldSchema,
    FieldChangeSchema,
    FieldsArguments,
    FieldSchema,
    FieldsSchema,
    KeptTypesSchema,
    TypesSchema,
)

blueprint = Blueprint("customer_fields", __name__)


@blueprint.get("/api/v1/customers/fields")
@blueprint.arguments(FieldsArguments, location="query")
@reads("customers.see")
@blueprint.response(200, FieldsSchema)
def list_fields(tx: Transaction, who: Who, asked: dict[str, Any]) -> Mapping[str, Any]:
    """The fields of the company and of a branch, in their order."""
    return {"items": views.fields_of(tx, who, who.branch_id or asked["branch_id"])}


@blueprint.post("/api/v1/customers/fields")
@blueprint.arguments(FieldSchema)
@acts("customers.manage")
@blueprint.response(201, DefinedFieldSchema)
def add_field(tx: Transaction, who: Who, said: dict[str, Any]) -> Field:
    """Define a field."""
    return actions.add_field(tx, who, said)


@blueprint.get("/api/v1/customers/fields/<field_id>")
@reads("customers.see")
@blueprint.response(200, DefinedFieldSchema)
def read_field(tx: Transaction, who: Who, field_id: str) -> Field:
    """One field."""
    return _tagged(views.field_of(tx, who, field_id))


@blueprint.patch("/api/v1/customers/fields/<field_id>")
@blueprint.arguments(FieldChangeSchema)
@acts("customers.manage")
@blueprint.response(200, DefinedFieldSchema)
def change_field(tx: Transaction, who: Who, changes: dict[str, Any], field_id: str) -> Field:
    """Change a field, retire it or take it into use again."""
    return _tagged(actions.change_field(tx, who, field_id, changes))


@blueprint.get("/api/v1/customers/types")
@blueprint.arguments(FieldsArguments, location="query")
@reads("customers.see")
@blueprint.response(200, KeptTypesSchema)
def read_types(tx: Transaction, who: Who, asked: dict[str, Any]) -> Mapping[str, Any]:
    """The types that a customer of the branch may have."""
    types = views.types_of(tx, who, who.branch_id or asked["branch_id"])
    etag(types["version"])
    return types


@blueprint.put("/api/v1/customers/types")
@blueprint.arguments(TypesSchema)
@acts("customers.manage")
@blueprint.response(200, KeptTypesSchema)
def set_types(tx: Transaction, who: Who, said: dict[str, Any]) -> Mapping[str, Any]:
    """Edit the list of types; customers keep the type they have."""
    types = actions.set_types(tx, who, said)
    etag(types["version"])
    return types


def _tagged(field: Field) -> Field:
    etag(field.version)
    return field
