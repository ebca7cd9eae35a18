"""Points over HTTP."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads
from services.customers.points import actions, views
from services.customers.points.rules import Why
from services.customers.points.schemas import (
    ByHandSchema,
    NewPointsRulesSchema,
    PointsRulesSchema,
    PointsRulesVersionPageSchema,
    PointsRulesVersionSchema,
    PointsSchema,
    PostingPageSchema,
    PostingSchema,
    SpendingSchema,
)
from services.customers.policy.rules import Decision
from services.customers.policy.schemas import CurrentPolicyAskedSchema

blueprint = Blueprint("points", __name__)


@blueprint.get("/api/v1/customers/<customer_id>/points")
@reads("customers.see")
@blueprint.response(200, PointsSchema)
def show_points(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """What a customer has."""
    return views.points_of(tx, who, customer_id)


@blueprint.get("/api/v1/customers/<customer_id>/points/postings")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.see")
@blueprint.response(200, PostingPageSchema)
def list_postings(tx: Transaction, who: Who, page: dict[str, Any], customer_id: str) -> Page:
    """Every line of a customer's ledger, the last first."""
    return views.postings_page(tx, who, customer_id, page)


@blueprint.post("/api/v1/customers/<customer_id>/points/spendings")
@blueprint.arguments(SpendingSchema)
@acts("customers.sign")
@blueprint.response(201, PostingSchema)
def spend_points(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> RowMapping:
    """A customer spends points: never more than there are."""
    made = actions.spend(tx, who, customer_id, said["points"], Why(said["reason"], said["note"]))
    return views.posting_made(tx, who, made)


@blueprint.post("/api/v1/customers/<customer_id>/points/by-hand")
@blueprint.arguments(ByHandSchema)
@acts("customers.manage")
@blueprint.response(201, PostingSchema)
def change_points_by_hand(tx: Transaction, who: Who, said: dict[str, Any], customer_id: str) -> RowMapping:
    """A manager gives points or takes them, as far as the rules let anybody."""
    made = actions.change_by_hand(tx, who, customer_id, said["points"], Why(said["reason"], said["note"]))
    return views.posting_made(tx, who, made)


@blueprint.get("/api/v1/customers/points-rules")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.see")
@blueprint.response(200, PointsRulesVersionPageSchema)
def list_points_rules(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """The versions in reach, the last made first."""
    return views.page_of_rules(tx, who, page)


@blueprint.post("/api/v1/customers/points-rules")
@blueprint.arguments(NewPointsRulesSchema)
@acts("customers.manage")
@blueprint.response(201, PointsRulesVersionSchema)
def make_points_rules(tx: Transaction, who: Who, new: dict[str, Any]) -> RowMapping:
    """Decide what is earned from a day on: a manager for the branch, headquarters for the company."""
    return views.rules_made(tx, who, *actions.make_rules(tx, who, Decision(**new)))


@blueprint.get("/api/v1/customers/points-rules/current")
@blueprint.arguments(CurrentPolicyAskedSchema, location="query")
@reads("customers.see")
@blueprint.response(200, PointsRulesSchema)
def show_points_rules(tx: Transaction, who: Who, asked: dict[str, Any]) -> Mapping[str, Any]:
    """Every setting about points as it holds in a branch on a day."""
    return views.shown_rules(tx, who, asked["branch_id"], asked["day"])
