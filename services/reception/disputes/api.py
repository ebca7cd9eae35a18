"""Disputes over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, PageArguments, acts, reads
from services.reception.disputes import actions, views
from services.reception.disputes.schemas import (
    DisputeDecisionSchema,
    DisputePageSchema,
    DisputeSchema,
    NewDisputeSchema,
)
from services.reception.people.views import names_of

blueprint = Blueprint("disputes", __name__)


@blueprint.get("/api/v1/reception/discipline/disputes")
@blueprint.arguments(PageArguments, location="query")
@reads("discipline.see")
@blueprint.response(200, DisputePageSchema)
def list_disputes(tx: Transaction, who: Who, page: dict[str, Any]) -> dict[str, Any]:
    """One's own disputes, one's team's or the branch's, the latest first."""
    found = views.disputes_of(tx, who, page)
    return {"items": _named(tx, who, found.items), "next_after": found.next_after}


@blueprint.post("/api/v1/reception/discipline/disputes")
@blueprint.arguments(NewDisputeSchema)
@acts("discipline.answer")
@blueprint.response(201, DisputeSchema)
def report_dispute(tx: Transaction, who: Who, said: dict[str, Any]) -> dict[str, Any]:
    """Report a dispute with a colleague to who leads on site."""
    return _shown(tx, who, actions.report(tx, who, said))


@blueprint.post("/api/v1/reception/discipline/disputes/<dispute_id>/decide")
@blueprint.arguments(DisputeDecisionSchema)
@acts("discipline.mediate")
@blueprint.response(200, DisputeSchema)
def decide_dispute(tx: Transaction, who: Who, said: dict[str, Any], dispute_id: str) -> dict[str, Any]:
    """Settle a dispute of others, with a reason; nobody is penalised by it."""
    actions.decide(tx, who, dispute_id, said["reason"])
    return _shown(tx, who, dispute_id)


def _shown(tx: Transaction, who: Who, dispute_id: str) -> dict[str, Any]:
    (named,) = _named(tx, who, [views.dispute_of(tx, who, dispute_id)])
    return named


def _named(tx: Transaction, who: Who, rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    names = names_of(tx, who, [row[side] for row in rows for side in ("reporter_id", "other_id")])
    return [{**row, "reporter": names[row["reporter_id"]], "other": names[row["other_id"]]} for row in rows]
