"""Settlements and pay over HTTP."""

from typing import Any

from flask import Response, send_file

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, acts, reads
from services.reception.policy.views import policy_of
from services.reception.settlements import actions, views
from services.reception.settlements.rules import PayIsPrivate, check_month
from services.reception.settlements.schemas import (
    BranchArguments,
    NewPaySchema,
    PaysSchema,
    ReviewSchema,
    SettlementSchema,
)
from services.reception.settlements.workbook import write_settlement

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("settlements", __name__)


@blueprint.get("/api/v1/reception/discipline/settlements/<month>")
@blueprint.arguments(BranchArguments, location="query")
@reads("discipline.see")
@blueprint.response(200, SettlementSchema)
def show_settlement(tx: Transaction, who: Who, asked: dict[str, Any], month: str) -> dict[str, Any]:
    """Fines and points of a month (YYYY-MM): per person, per penalty, in all. Only what was confirmed or upheld."""
    return _settlement(tx, who, asked, month)


@blueprint.get("/api/v1/reception/discipline/settlements/<month>.xlsx")
@blueprint.arguments(BranchArguments, location="query")
@reads("discipline.see")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
def export_settlement(tx: Transaction, who: Who, asked: dict[str, Any], month: str) -> Response:
    """The same as .xlsx: one sheet of people, one of penalties."""
    settlement = _settlement(tx, who, asked, month)
    return send_file(write_settlement(settlement), XLSX, as_attachment=True, download_name=f"奖惩结算 {month}.xlsx")


@blueprint.post("/api/v1/reception/discipline/settlements/<month>/settle")
@blueprint.arguments(BranchArguments, location="query")
@acts("discipline.decide")
@blueprint.response(200, SettlementSchema)
def settle_month(tx: Transaction, who: Who, asked: dict[str, Any], month: str) -> dict[str, Any]:
    """Settle a month that is over: it stays as it is."""
    branch_id = views.branch_of(tx, who, asked["branch_id"])
    actions.settle(tx, who, branch_id, check_month(month), policy_of(tx, who, branch_id))
    return _settlement(tx, who, asked, month)


@blueprint.post("/api/v1/reception/discipline/settlements/<month>/reviews")
@blueprint.arguments(BranchArguments, location="query")
@blueprint.arguments(ReviewSchema)
@acts("discipline.decide")
@blueprint.response(200, SettlementSchema)
def review(tx: Transaction, who: Who, asked: dict[str, Any], said: dict[str, Any], month: str) -> dict[str, Any]:
    """Decide about a person's fines past the cap: take them for all that, or let them go."""
    branch_id = views.branch_of(tx, who, asked["branch_id"])
    actions.review(tx, who, branch_id, check_month(month), said, policy_of(tx, who, branch_id))
    return _settlement(tx, who, asked, month)


@blueprint.get("/api/v1/reception/discipline/pay/<staff_id>")
@blueprint.arguments(BranchArguments, location="query")
@reads("discipline.see")
@blueprint.response(200, PaysSchema)
def show_pay(tx: Transaction, who: Who, asked: dict[str, Any], staff_id: str) -> dict[str, Any]:
    """A person's monthly pay: for the person and for who manages them, nobody else."""
    if not (staff_id == who.actor_id or who.may("discipline.decide")):
        raise PayIsPrivate
    return _pays(tx, who, asked, staff_id)


@blueprint.put("/api/v1/reception/discipline/pay/<staff_id>")
@blueprint.arguments(BranchArguments, location="query")
@blueprint.arguments(NewPaySchema)
@acts("discipline.decide")
@blueprint.response(200, PaysSchema)
def set_pay(tx: Transaction, who: Who, asked: dict[str, Any], said: dict[str, Any], staff_id: str) -> dict[str, Any]:
    """Set a person's monthly pay, of which the cap on fines is a share."""
    actions.set_pay(tx, who, views.branch_of(tx, who, asked["branch_id"]), staff_id, said["monthly"], said["month"])
    return _pays(tx, who, asked, staff_id)


def _settlement(tx: Transaction, who: Who, asked: dict[str, Any], month: str) -> dict[str, Any]:
    branch_id = views.branch_of(tx, who, asked["branch_id"])
    return views.settlement_of(tx, who, branch_id, check_month(month), policy_of(tx, who, branch_id))


def _pays(tx: Transaction, who: Who, asked: dict[str, Any], staff_id: str) -> dict[str, Any]:
    branch_id = views.branch_of(tx, who, asked["branch_id"])
    return {"staff_id": staff_id, "items": views.pay_of(tx, who, branch_id, staff_id)}
