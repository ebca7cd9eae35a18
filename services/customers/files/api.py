"""Customers over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, etag, reads
from services.customers.files import actions, views
from services.customers.files.schemas import (
    AgainSchema,
    ChangeSchema,
    CustomerPageSchema,
    FoundPageSchema,
    RegisteredSchema,
    RegistrationSchema,
    SearchSchema,
    WholeFileSchema,
)
from services.customers.register.schemas import RegisterSchema

blueprint = Blueprint("customers", __name__)


@blueprint.get("/api/v1/customers")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.see")
@blueprint.response(200, CustomerPageSchema)
def list_customers(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """Customers in reach, the last registered first."""
    return views.customers_page(tx, who, page)


@blueprint.post("/api/v1/customers")
@blueprint.arguments(RegistrationSchema)
@acts("customers.register")
@blueprint.response(201, RegisteredSchema)
def register_customer(tx: Transaction, who: Who, said: dict[str, Any]) -> Mapping[str, Any]:
    """Register a customer; a phone that the branch knows is answered with whose customer it is, and the ruling."""
    return views.registered(tx, who, actions.register_by_hand(tx, who, said), said)


@blueprint.get("/api/v1/customers/<customer_id>")
@reads("customers.see")
@blueprint.response(200, WholeFileSchema)
def read_customer(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """One customer, also under the id of one that was merged into it."""
    return _tagged(views.customer_of(tx, who, customer_id))


@blueprint.patch("/api/v1/customers/<customer_id>")
@blueprint.arguments(ChangeSchema)
@acts("customers.edit")
@blueprint.response(200, WholeFileSchema)
def change_customer(tx: Transaction, who: Who, changes: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Change a customer's file; a registered name or phone only by a signed amendment (一.3)."""
    return _tagged(views.changed(tx, who, actions.change_customer(tx, who, customer_id, changes)))


@blueprint.get("/api/v1/customers/<customer_id>/register")
@reads("customers.see")
@blueprint.response(200, RegisterSchema)
def read_register(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """Every registration of the customer, and which one holds, with the reasons."""
    return views.register_of(tx, who, customer_id)


@blueprint.post("/api/v1/customers/<customer_id>/register")
@blueprint.arguments(AgainSchema)
@acts("customers.register")
@blueprint.response(201, RegisteredSchema)
def register_again(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Register a known customer once more: the full name that was asked for (一.4), or a phone that was missing.

    Another name or phone than the registered one is a change, which somebody else signs (一.3).
    """
    return views.registered(tx, who, actions.register_again(tx, who, customer_id, said), said)


@blueprint.post("/api/v1/customers/search")
@blueprint.arguments(SearchSchema)
@reads("customers.see")
@blueprint.response(200, FoundPageSchema)
def search_customers(tx: Transaction, who: Who, asked: dict[str, Any]) -> Mapping[str, Any]:
    """Find customers in reach by what is typed into one box; by phone; by code."""
    return views.found_page(tx, who, asked)


def _tagged(customer: Mapping[str, Any]) -> Mapping[str, Any]:
    etag(customer["version"])
    return customer
