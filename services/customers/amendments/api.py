"""Changes of what is registered, over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, acts, reads
from services.customers.amendments import actions, views
from services.customers.amendments.schemas import (
    AmendmentPageSchema,
    AmendmentQuerySchema,
    AmendmentSchema,
    AmendmentsSchema,
    NewAmendmentSchema,
    RefusalSchema,
    WrongPhonesSchema,
)
from services.customers.files.views import register_of
from services.customers.register.schemas import RegisterSchema

blueprint = Blueprint("amendments", __name__)


@blueprint.get("/api/v1/customers/amendments")
@blueprint.arguments(AmendmentQuerySchema, location="query")
@reads("customers.see")
@blueprint.response(200, AmendmentPageSchema)
def list_amendments(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """Changes of names and phones that were asked for, the latest first; `state=asked`: those that wait."""
    return views.amendments_page(tx, who, asked)


@blueprint.get("/api/v1/customers/<customer_id>/amendments")
@reads("customers.see")
@blueprint.response(200, AmendmentsSchema)
def read_amendments(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """Every change that was asked for of this customer, signed, refused or waiting."""
    return {"items": views.amendments_of(tx, who, customer_id)}


@blueprint.post("/api/v1/customers/<customer_id>/amendments")
@blueprint.arguments(NewAmendmentSchema)
@acts("customers.edit")
@blueprint.response(201, AmendmentSchema)
def ask_amendment(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Ask for another name or phone (一.3): it has no effect until somebody else signs it."""
    return views.shown(who, actions.ask(tx, who, customer_id, said))


@blueprint.post("/api/v1/customers/amendments/<amendment_id>/sign")
@acts("customers.sign")
@blueprint.response(200, AmendmentSchema)
def sign_amendment(tx: Transaction, who: Who, amendment_id: str) -> Mapping[str, Any]:
    """Sign what somebody else asked for: the new name or phone counts from now (一.3)."""
    return views.shown(who, actions.sign(tx, who, amendment_id))


@blueprint.post("/api/v1/customers/amendments/<amendment_id>/refuse")
@blueprint.arguments(RefusalSchema)
@acts("customers.sign")
@blueprint.response(200, AmendmentSchema)
def refuse_amendment(tx: Transaction, who: Who, said: dict[str, Any], amendment_id: str) -> Mapping[str, Any]:
    """Refuse what somebody else asked for, with a reason."""
    return views.shown(who, actions.refuse(tx, who, amendment_id, said["reason"]))


@blueprint.post("/api/v1/customers/<customer_id>/wrong-phones")
@blueprint.arguments(WrongPhonesSchema)
@acts("customers.manage")
@blueprint.response(200, RegisterSchema)
def sign_phones_wrong(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Sign that the phones of some registrations are wrong: from now they are not correct ones (一.4)."""
    return register_of(tx, who, actions.sign_phones_wrong(tx, who, customer_id, said))
