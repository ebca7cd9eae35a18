"""Families over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, acts, reads
from services.customers.families import actions, views
from services.customers.families.schemas import (
    NewRelationSchema,
    RelationPageSchema,
    RelationQuerySchema,
    RelationReasonSchema,
    RelationSchema,
    RelationsSchema,
)

blueprint = Blueprint("families", __name__)


@blueprint.get("/api/v1/customers/relations")
@blueprint.arguments(RelationQuerySchema, location="query")
@reads("customers.see")
@blueprint.response(200, RelationPageSchema)
def list_relations(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """Relations in reach, the latest first; `state=asked`: those that wait for a manager."""
    return views.relations_page(tx, who, asked)


@blueprint.get("/api/v1/customers/<customer_id>/relations")
@reads("customers.see")
@blueprint.response(200, RelationsSchema)
def read_relations(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """Who is family of this customer, and what was asked for, refused and ended."""
    return {"items": views.relations_of(tx, who, customer_id)}


@blueprint.post("/api/v1/customers/<customer_id>/relations")
@blueprint.arguments(NewRelationSchema)
@acts("customers.edit")
@blueprint.response(201, RelationSchema)
def ask_relation(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> Mapping[str, Any]:
    """Ask that a customer of the branch be known as family of this one (一.5); a manager confirms it."""
    return views.relation_of(tx, who, actions.ask(tx, who, customer_id, said))


@blueprint.post("/api/v1/customers/relations/<relation_id>/confirm")
@acts("customers.manage")
@blueprint.response(200, RelationSchema)
def confirm_relation(tx: Transaction, who: Who, relation_id: str) -> Mapping[str, Any]:
    """Confirm what somebody else asked for: the family is one customer from now (一.5)."""
    actions.confirm(tx, who, relation_id)
    return views.relation_of(tx, who, relation_id)


@blueprint.post("/api/v1/customers/relations/<relation_id>/refuse")
@blueprint.arguments(RelationReasonSchema)
@acts("customers.manage")
@blueprint.response(200, RelationSchema)
def refuse_relation(tx: Transaction, who: Who, said: dict[str, Any], relation_id: str) -> Mapping[str, Any]:
    """Refuse what somebody else asked for, with a reason."""
    actions.refuse(tx, who, relation_id, said["reason"])
    return views.relation_of(tx, who, relation_id)


@blueprint.post("/api/v1/customers/relations/<relation_id>/end")
@blueprint.arguments(RelationReasonSchema)
@acts("customers.manage")
@blueprint.response(200, RelationSchema)
def end_relation(tx: Transaction, who: Who, said: dict[str, Any], relation_id: str) -> Mapping[str, Any]:
    """End a relation that was confirmed: both files stand for themselves again."""
    actions.end(tx, who, relation_id, said["reason"])
    return views.relation_of(tx, who, relation_id)
