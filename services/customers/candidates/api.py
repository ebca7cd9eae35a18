"""Customers who may be one, over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads
from services.customers.candidates import actions, views
from services.customers.candidates.schemas import (
    CandidatePageSchema,
    CandidatesSchema,
    DecisionSchema,
    TakingBackSchema,
    VerdictSchema,
)

blueprint = Blueprint("candidates", __name__)


@blueprint.get("/api/v1/customers/candidates")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.see")
@blueprint.response(200, CandidatePageSchema)
def list_candidates(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """Customers in reach who may be one with an earlier one and about whom nobody has decided; a page may be empty."""
    return views.candidates_page(tx, who, asked)


@blueprint.get("/api/v1/customers/<customer_id>/candidates")
@reads("customers.see")
@blueprint.response(200, CandidatesSchema)
def read_candidates(tx: Transaction, who: Who, customer_id: str) -> Mapping[str, Any]:
    """With whom this customer may be one, and what was decided."""
    return views.candidates_of(tx, who, customer_id)


@blueprint.post("/api/v1/customers/<customer_id>/candidates/<other_id>/decide")
@blueprint.arguments(DecisionSchema)
@acts("customers.sign")
@blueprint.response(200, VerdictSchema)
def decide_candidate(
    tx: Transaction, who: Who, said: dict[str, Any], customer_id: str, other_id: str
) -> Mapping[Any, Any] | None:
    """Decide that the two are the same person, which makes them one customer, or that they are not."""
    return views.verdict_on(tx, who, actions.decide(tx, who, customer_id, other_id, **said))


@blueprint.post("/api/v1/customers/<customer_id>/candidates/<other_id>/take-back")
@blueprint.arguments(TakingBackSchema)
@acts("customers.sign")
@blueprint.response(200, VerdictSchema)
def take_back_decision(
    tx: Transaction, who: Who, said: dict[str, Any], customer_id: str, other_id: str
) -> Mapping[Any, Any] | None:
    """Take back what was decided about the two: both files stand for themselves again, unless they are one anyway."""
    return views.verdict_on(tx, who, actions.take_back(tx, who, customer_id, other_id, said["reason"]))
