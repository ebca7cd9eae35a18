"""The pool over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads
from services.customers.pool import actions, views
from services.customers.pool.schemas import (
    DrawDonePageSchema,
    DrawSchema,
    NewDrawSchema,
    NextDrawSchema,
    PoolAskedSchema,
    PoolCustomerPageSchema,
)

blueprint = Blueprint("pool", __name__)


@blueprint.get("/api/v1/customers/pool")
@blueprint.arguments(PoolAskedSchema, location="query")
@reads("customers.see")
@blueprint.response(200, PoolCustomerPageSchema)
def list_pool(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """The customers without an owner, the longest registered first."""
    return views.pool_page(tx, who, asked)


@blueprint.get("/api/v1/customers/draws")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.see")
@blueprint.response(200, DrawDonePageSchema)
def list_draws(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """What was drawn at the branch, the last draw first."""
    return views.draws_page(tx, who, page)


@blueprint.post("/api/v1/customers/draws")
@blueprint.arguments(NewDrawSchema)
@acts("customers.claim")
@blueprint.response(201, DrawSchema)
def draw_customers(tx: Transaction, who: Who, said: dict[str, Any]) -> Mapping[str, Any]:
    """Draw customers from the pool by lot; they are the asker's from now on."""
    return views.draw_of(tx, who, actions.draw(tx, who, said["wanted"]))


@blueprint.get("/api/v1/customers/draws/next")
@reads("customers.claim")
@blueprint.response(200, NextDrawSchema)
def read_next_draw(tx: Transaction, who: Who) -> Mapping[str, Any]:
    """What was promised of the branch's next draw, and how many the asker may draw."""
    return views.next_draw(tx, who)


@blueprint.get("/api/v1/customers/draws/<draw_id>")
@reads("customers.see")
@blueprint.response(200, DrawSchema)
def read_draw(tx: Transaction, who: Who, draw_id: str) -> Mapping[str, Any]:
    """A draw with its seed and its candidates, so that anybody can check that it was fair."""
    return views.draw_of(tx, who, draw_id)
