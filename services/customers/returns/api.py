"""Customers that go back to the pool, over HTTP."""

from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, reads
from services.customers.returns import views
from services.customers.returns.schemas import GoingBackAskedSchema, GoingBackPageSchema

blueprint = Blueprint("returns", __name__)


@blueprint.get("/api/v1/customers/going-back")
@blueprint.arguments(GoingBackAskedSchema, location="query")
@reads("customers.see")
@blueprint.response(200, GoingBackPageSchema)
def list_going_back(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """The customers in reach that go back to the pool unless somebody is in contact; the first to go first."""
    return views.going_back(tx, who, asked)
