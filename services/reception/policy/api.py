"""Policies over HTTP."""

from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, acts, reads
from services.reception.policy import actions, views
from services.reception.policy.schemas import (
    CurrentAskedSchema,
    NewPolicySchema,
    PolicySchema,
    VersionPageSchema,
    VersionsAskedSchema,
    VersionSchema,
)

blueprint = Blueprint("policy", __name__)


@blueprint.get("/api/v1/reception/policies")
@blueprint.arguments(VersionsAskedSchema, location="query")
@reads("reception.see")
@blueprint.response(200, VersionPageSchema)
def list_policies(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """The versions in reach, the last made first."""
    return views.versions_of(tx, who, asked)


@blueprint.post("/api/v1/reception/policies")
@blueprint.arguments(NewPolicySchema)
@acts("reception.policy")
@blueprint.response(201, VersionSchema)
def make_policy(tx: Transaction, who: Who, new: dict[str, Any]) -> RowMapping:
    """Decide what holds from a day on: a manager for the branch, headquarters for the company."""
    name = actions.make_policy(tx, who, new["branch_id"], new["holds_from"], new["values"], new["reason"])
    return views.version_named(tx, who, name)


@blueprint.get("/api/v1/reception/policies/current")
@blueprint.arguments(CurrentAskedSchema, location="query")
@reads("reception.see")
@blueprint.response(200, PolicySchema)
def show_policy(tx: Transaction, who: Who, asked: dict[str, Any]) -> dict[str, Any]:
    """What holds in a branch (by default the asker's own), and where each value comes from."""
    return views.policy_on(tx, who, asked["branch_id"] or who.branch_id, asked["day"])
