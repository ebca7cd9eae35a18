"""Applications over HTTP."""

from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, acts, reads
from services.customers.applications import actions, views
from services.customers.applications.schemas import (
    ApplicationDecisionSchema,
    ApplicationPageSchema,
    ApplicationsAskedSchema,
    ApplicationSchema,
    NewApplicationSchema,
)

blueprint = Blueprint("applications", __name__)


@blueprint.get("/api/v1/customers/applications")
@blueprint.arguments(ApplicationsAskedSchema, location="query")
@reads("customers.see")
@blueprint.response(200, ApplicationPageSchema)
def list_applications(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """One's own applications, for a manager the branch's; the last made first."""
    return views.applications_page(tx, who, asked)


@blueprint.post("/api/v1/customers/applications")
@blueprint.arguments(NewApplicationSchema)
@acts("customers.claim")
@blueprint.response(201, ApplicationSchema)
def apply_for_customer(tx: Transaction, who: Who, said: dict[str, Any]) -> RowMapping:
    """Apply for a customer of the pool or of a colleague."""
    return views.application_of(tx, who, actions.apply(tx, who, said["customer_id"], said["reason"]))


@blueprint.get("/api/v1/customers/applications/<application_id>")
@reads("customers.see")
@blueprint.response(200, ApplicationSchema)
def read_application(tx: Transaction, who: Who, application_id: str) -> RowMapping:
    """One application in reach."""
    return views.application_of(tx, who, application_id)


@blueprint.post("/api/v1/customers/applications/<application_id>/decision")
@blueprint.arguments(ApplicationDecisionSchema)
@acts("customers.manage")
@blueprint.response(200, ApplicationSchema)
def decide_application(tx: Transaction, who: Who, said: dict[str, Any], application_id: str) -> RowMapping:
    """Approve it: the customer is the applicant's from now on; or refuse it with a reason."""
    actions.decide(tx, who, application_id, said["approved"], said["reason"])
    return views.application_of(tx, who, application_id)
