"""Receptions over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, acts, reads
from services.reception.people.views import names_of
from services.reception.receptions import actions, views
from services.reception.receptions.schemas import (
    ArrivalSchema,
    CompletionSchema,
    ExplanationSchema,
    NotBuyingSchema,
    ReceptionSchema,
    VisitsSchema,
)
from services.reception.receptions.words import explanation, spoken_of

blueprint = Blueprint("receptions", __name__)


@blueprint.post("/api/v1/reception/halls/<hall_id>/arrivals")
@blueprint.arguments(ArrivalSchema)
@acts("reception.admit")
@blueprint.response(201, ReceptionSchema)
def open_reception(tx: Transaction, who: Who, arrival: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """A visitor came. With nobody free the visitor waits, and the answer says why."""
    return _shown(tx, who, actions.open_reception(tx, who, hall_id, arrival))


@blueprint.get("/api/v1/reception/receptions/<reception_id>")
@reads("reception.see")
@blueprint.response(200, ReceptionSchema)
def show_reception(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """One reception."""
    return _shown(tx, who, reception_id)


@blueprint.get("/api/v1/reception/receptions/<reception_id>/explanation")
@reads("reception.see")
@blueprint.response(200, ExplanationSchema)
def explain(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """Why this person receives, or why nobody does yet, in the reader's language."""
    return _explained(tx, who, views.reception_of(tx, who, reception_id))


@blueprint.get("/api/v1/reception/customers/<customer_id>/receptions")
@reads("reception.see")
@blueprint.response(200, VisitsSchema)
def list_of_customer(tx: Transaction, who: Who, customer_id: str) -> dict[str, Any]:
    """The receptions of a customer, as the visitor or as who came along; under any id that was merged with theirs."""
    rows = views.receptions_with(tx, who, customer_id)
    names = names_of(tx, who, [one for row in rows for one in spoken_of(row)])
    return {"items": [{**row, "why": explanation(row, names)} for row in rows]}


@blueprint.post("/api/v1/reception/receptions/<reception_id>/greet")
@acts("reception.receive")
@blueprint.response(200, ReceptionSchema)
def greet(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """The visitor was greeted; a colleague may say so for the server."""
    actions.greet(tx, who, reception_id)
    return _shown(tx, who, reception_id)


@blueprint.post("/api/v1/reception/receptions/<reception_id>/complete")
@blueprint.arguments(CompletionSchema)
@acts("reception.receive")
@blueprint.response(200, ReceptionSchema)
def complete(tx: Transaction, who: Who, visitor: dict[str, Any], reception_id: str) -> dict[str, Any]:
    """The visitor is registered, and the server is free again."""
    actions.complete(tx, who, reception_id, visitor)
    return _shown(tx, who, reception_id)


@blueprint.post("/api/v1/reception/receptions/<reception_id>/leave")
@acts("reception.admit")
@blueprint.response(200, ReceptionSchema)
def leave(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """The visitor went without being registered."""
    actions.leave(tx, who, reception_id)
    return _shown(tx, who, reception_id)


@blueprint.post("/api/v1/reception/receptions/<reception_id>/take-over")
@acts("reception.receive")
@blueprint.response(200, ReceptionSchema)
def take_over(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """The customer's own salesperson takes the visitor over from the stand-in."""
    actions.take_over(tx, who, reception_id)
    return _shown(tx, who, reception_id)


@blueprint.post("/api/v1/reception/receptions/<reception_id>/not-buying")
@blueprint.arguments(NotBuyingSchema)
@acts("reception.receive")
@blueprint.response(200, ReceptionSchema)
def declare_not_buying(tx: Transaction, who: Who, said: dict[str, Any], reception_id: str) -> dict[str, Any]:
    """The visitor said openly that they are not buying; the place is kept once a colleague confirms having heard it."""
    actions.declare_not_buying(tx, who, reception_id, said["trade"], said["witness_id"])
    return _shown(tx, who, reception_id)


@blueprint.post("/api/v1/reception/receptions/<reception_id>/witness")
@acts("reception.receive")
@blueprint.response(200, ReceptionSchema)
def witness(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """A colleague confirms having heard that the visitor is not buying."""
    actions.witness(tx, who, reception_id)
    return _shown(tx, who, reception_id)


def _shown(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    row = views.reception_of(tx, who, reception_id)
    companions = views.companions_of(tx, who, reception_id)
    return {**row, "companions": companions, "why": _explained(tx, who, row)}


def _explained(tx: Transaction, who: Who, row: Mapping[Any, Any]) -> dict[str, Any]:
    return explanation(row, names_of(tx, who, spoken_of(row)))
