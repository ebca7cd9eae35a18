"""Contacts over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, acts, etag, reads
from services.customers.contacts import actions, views
from services.customers.contacts.schemas import (
    ContactChangeSchema,
    ContactSchema,
    ContactsSchema,
    KeptContactSchema,
)

blueprint = Blueprint("customer_contacts", __name__)


@blueprint.get("/api/v1/customers/<customer_id>/contacts")
@reads("customers.see")
@blueprint.response(200, ContactsSchema)
def list_contacts(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """The contacts of a customer, the primary first."""
    return {"items": views.contacts_of(tx, who, customer_id)}


@blueprint.post("/api/v1/customers/<customer_id>/contacts")
@blueprint.arguments(ContactSchema)
@acts("customers.edit")
@blueprint.response(201, KeptContactSchema)
def add_contact(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Write a contact down; the first is the primary."""
    return _tagged(actions.add_contact(tx, who, customer_id, said))


@blueprint.patch("/api/v1/customers/<customer_id>/contacts/<contact_id>")
@blueprint.arguments(ContactChangeSchema)
@acts("customers.edit")
@blueprint.response(200, KeptContactSchema)
def change_contact(
    tx: Transaction, who: Who, changes: dict[str, Any], customer_id: str, contact_id: str
) -> Mapping[str, Any]:
    """Change a contact."""
    return _tagged(actions.change_contact(tx, who, customer_id, contact_id, changes))


@blueprint.post("/api/v1/customers/<customer_id>/contacts/<contact_id>/make-primary")
@acts("customers.edit")
@blueprint.response(200, KeptContactSchema)
def make_primary(tx: Transaction, who: Who, customer_id: str, contact_id: str) -> Mapping[str, Any]:
    """Make this contact the primary; the one before no longer is."""
    return _tagged(actions.make_primary(tx, who, customer_id, contact_id))


@blueprint.delete("/api/v1/customers/<customer_id>/contacts/<contact_id>")
@acts("customers.edit")
@blueprint.response(204)
def delete_contact(tx: Transaction, who: Who, customer_id: str, contact_id: str) -> None:
    """Forget a contact; after the primary the oldest is it."""
    actions.delete_contact(tx, who, customer_id, contact_id)


def _tagged(contact: Mapping[str, Any]) -> Mapping[str, Any]:
    etag(contact["version"])
    return contact
