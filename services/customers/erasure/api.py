"""Erasing over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads
from services.customers.erasure import actions, views
from services.customers.erasure.schemas import ErasurePageSchema, ErasureSchema, ErasureWishSchema

blueprint = Blueprint("erasure", __name__)


@blueprint.post("/api/v1/customers/<customer_id>/erasure")
@blueprint.arguments(ErasureWishSchema)
@acts("customers.manage")
@blueprint.response(201, ErasureSchema)
def erase_customer(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Erase for good, in all services, who this customer is (个人信息保护法 第四十七条); that there was one stays."""
    return actions.erase(tx, who, customer_id, said)


@blueprint.get("/api/v1/customers/erasures")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.manage")
@blueprint.response(200, ErasurePageSchema)
def list_erasures(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """Who erased a customer when, and who had asked for it; the last first."""
    return views.erasures_page(tx, who, page)
