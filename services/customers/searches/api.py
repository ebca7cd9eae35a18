"""Searches by conditions over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads
from services.customers.files.schemas import CountedPageSchema
from services.customers.searches import actions, views
from services.customers.searches.schemas import AskingSchema, SavedPageSchema, SavedSchema, SavingSchema

blueprint = Blueprint("searches", __name__)


@blueprint.post("/api/v1/customers/searches/run")
@blueprint.arguments(AskingSchema, required=False)
@reads("customers.see")
@blueprint.response(200, CountedPageSchema)
def run_question(tx: Transaction, who: Who, asked: dict[str, Any]) -> Mapping[str, Any]:
    """Customers in reach by any combination of conditions."""
    return views.asked_page(tx, who, asked, asked)


@blueprint.post("/api/v1/customers/searches")
@blueprint.arguments(SavingSchema)
@acts("customers.edit")
@blueprint.response(201, SavedSchema)
def save_search(tx: Transaction, who: Who, said: dict[str, Any]) -> Mapping[str, Any]:
    """Save a question under a name."""
    return views.search_of(tx, who, actions.save_search(tx, who, said))


@blueprint.get("/api/v1/customers/searches")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.see")
@blueprint.response(200, SavedPageSchema)
def list_searches(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """One's own saved searches and those shared with one, by name."""
    return views.searches_page(tx, who, page)


@blueprint.post("/api/v1/customers/searches/<search_id>/run")
@blueprint.arguments(PageArguments, required=False)
@reads("customers.see")
@blueprint.response(200, CountedPageSchema)
def run_search(tx: Transaction, who: Who, page: dict[str, Any], search_id: str) -> Mapping[str, Any]:
    """The customers whom a saved search finds today, of those whom the asker sees."""
    return views.asked_page(tx, who, views.search_of(tx, who, search_id)["question"], page)


@blueprint.delete("/api/v1/customers/searches/<search_id>")
@acts("customers.edit")
@blueprint.response(204)
def remove_search(tx: Transaction, who: Who, search_id: str) -> None:
    """Remove a saved search of one's own."""
    actions.remove_search(tx, who, search_id)
