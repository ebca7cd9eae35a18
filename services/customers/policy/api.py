"""Policies about owners over HTTP."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads
from services.customers.policy import actions, views
from services.customers.policy.rules import Decision
from services.customers.policy.schemas import (
    CurrentPolicyAskedSchema,
    NewOwnershipPolicySchema,
    OwnershipPolicySchema,
    OwnershipPolicyVersionPageSchema,
    OwnershipPolicyVersionSchema,
)

blueprint = Blueprint("ownership_policy", __name__)


@blueprint.get("/api/v1/customers/policies")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.see")
@blueprint.response(200, OwnershipPolicyVersionPageSchema)
def list_ownership_policies(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """The versions in reach, the last made first."""
    return views.page_of_policies(tx, who, page)


@blueprint.post("/api/v1/customers/policies")
@blueprint.arguments(NewOwnershipPolicySchema)
@acts("customers.manage")
@blueprint.response(201, OwnershipPolicyVersionSchema)
def make_ownership_policy(tx: Transaction, who: Who, new: dict[str, Any]) -> RowMapping:
    """Decide what holds from a day on: a manager for the branch, headquarters for the company."""
    made = actions.make_policy(tx, who, Decision(**new))
    return views.policy_made(tx, who, *made)


@blueprint.get("/api/v1/customers/policies/current")
@blueprint.arguments(CurrentPolicyAskedSchema, location="query")
@reads("customers.see")
@blueprint.response(200, OwnershipPolicySchema)
def show_ownership_policy(tx: Transaction, who: Who, asked: dict[str, Any]) -> Mapping[str, Any]:
    """Every setting about owners as it holds in a branch on a day."""
    return views.shown_policy(tx, who, asked["branch_id"], asked["day"])
