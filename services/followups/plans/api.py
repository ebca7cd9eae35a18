"""Plans over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, reads, say
from services.followups.plans import views
from services.followups.plans.rules import grade_that_counts
from services.followups.plans.schemas import PlanPageSchema, PlansArguments, PlanSchema

blueprint = Blueprint("plans", __name__)


@blueprint.get("/api/v1/followups/plans")
@blueprint.arguments(PlansArguments, location="query")
@reads("followups.see")
@blueprint.response(200, PlanPageSchema)
def list_plans(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """Plans with something due, the earliest first."""
    page = views.plans_due(tx, who, asked["due_before"], asked)
    return Page([_explained(plan) for plan in page.items], page.next_after)


@blueprint.get("/api/v1/followups/plans/<customer_id>")
@reads("followups.see")
@blueprint.response(200, PlanSchema)
def show_plan(tx: Transaction, who: Who, customer_id: str) -> dict[str, Any]:
    """The plan of one customer, found under any of its ids."""
    return _explained(views.plan_of(tx, who, customer_id))


def _explained(plan: Mapping[Any, Any]) -> dict[str, Any]:
    grade = grade_that_counts(plan["grade"])
    facts = {"grade": grade, "rhythm": say(f"rhythms.{grade}"), "last_contact": plan["last_contact"]}
    return {**plan, "why": {"code": plan["reason"], "text": say(f"reasons.{plan['reason']}", **facts)}}
