"""Penalties, points and cases over HTTP."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, PageArguments, acts, reads
from services.reception.discipline import actions, views
from services.reception.discipline.rules import Step
from services.reception.discipline.schemas import (
    CaseDecisionSchema,
    CasePageSchema,
    CaseSchema,
    NewPenaltySchema,
    PenaltyArguments,
    PenaltyFileSchema,
    PenaltyPageSchema,
    PenaltyReasonSchema,
    PenaltySchema,
    PointsSchema,
)
from services.reception.people.views import names_of

blueprint = Blueprint("discipline", __name__)


@blueprint.get("/api/v1/reception/discipline/penalties")
@blueprint.arguments(PenaltyArguments, location="query")
@reads("discipline.see")
@blueprint.response(200, PenaltyPageSchema)
def list_penalties(tx: Transaction, who: Who, asked: dict[str, Any]) -> dict[str, Any]:
    """One's own penalties, one's team's or the branch's, the latest first."""
    page = views.penalties_of(tx, who, asked)
    return {"items": _named(tx, who, page.items), "next_after": page.next_after}


@blueprint.post("/api/v1/reception/discipline/penalties")
@blueprint.arguments(NewPenaltySchema)
@acts("discipline.decide")
@blueprint.response(201, PenaltySchema)
def record_penalty(tx: Transaction, who: Who, said: dict[str, Any]) -> dict[str, Any]:
    """Propose a penalty by hand, with what happened."""
    return _shown(tx, who, actions.record_by_hand(tx, who, said))


@blueprint.get("/api/v1/reception/discipline/penalties/<penalty_id>")
@reads("discipline.see")
@blueprint.response(200, PenaltyFileSchema)
def show_penalty(tx: Transaction, who: Who, penalty_id: str) -> dict[str, Any]:
    """A penalty with its way so far, and what it rests on."""
    row = views.penalty_of(tx, who, penalty_id)
    (named,) = _named(tx, who, [row])
    return named | {"steps": views.steps_of(tx, row), "rests_on": views.evidence_of(tx, row)}


@blueprint.post("/api/v1/reception/discipline/penalties/<penalty_id>/appeal")
@blueprint.arguments(PenaltyReasonSchema)
@acts("discipline.answer")
@blueprint.response(200, PenaltySchema)
def appeal(tx: Transaction, who: Who, said: dict[str, Any], penalty_id: str) -> dict[str, Any]:
    """The person appeals; until a manager has decided nothing moves."""
    return _taken(tx, who, penalty_id, Step.APPEAL, said)


@blueprint.post("/api/v1/reception/discipline/penalties/<penalty_id>/confirm")
@blueprint.arguments(PenaltyReasonSchema)
@acts("discipline.decide")
@blueprint.response(200, PenaltySchema)
def confirm(tx: Transaction, who: Who, said: dict[str, Any], penalty_id: str) -> dict[str, Any]:
    """A proposed penalty counts from now on."""
    return _taken(tx, who, penalty_id, Step.CONFIRM, said)


@blueprint.post("/api/v1/reception/discipline/penalties/<penalty_id>/waive")
@blueprint.arguments(PenaltyReasonSchema)
@acts("discipline.decide")
@blueprint.response(200, PenaltySchema)
def waive(tx: Transaction, who: Who, said: dict[str, Any], penalty_id: str) -> dict[str, Any]:
    """A proposed or appealed penalty is let go."""
    return _taken(tx, who, penalty_id, Step.WAIVE, said)


@blueprint.post("/api/v1/reception/discipline/penalties/<penalty_id>/uphold")
@blueprint.arguments(PenaltyReasonSchema)
@acts("discipline.decide")
@blueprint.response(200, PenaltySchema)
def uphold(tx: Transaction, who: Who, said: dict[str, Any], penalty_id: str) -> dict[str, Any]:
    """An appealed penalty counts for all that."""
    return _taken(tx, who, penalty_id, Step.UPHOLD, said)


@blueprint.get("/api/v1/reception/discipline/points/<staff_id>")
@blueprint.arguments(PageArguments, location="query")
@reads("discipline.see")
@blueprint.response(200, PointsSchema)
def show_points(tx: Transaction, who: Who, page: dict[str, Any], staff_id: str) -> dict[str, Any]:
    """A person's points and the entries that made them; each names its penalty."""
    return views.points_of(tx, who, staff_id, page)


@blueprint.get("/api/v1/reception/discipline/cases")
@blueprint.arguments(PageArguments, location="query")
@reads("discipline.see")
@blueprint.response(200, CasePageSchema)
def list_cases(tx: Transaction, who: Who, page: dict[str, Any]) -> dict[str, Any]:
    """What was reported for removal, the latest first."""
    found = views.cases_of(tx, who, page)
    return {"items": _named(tx, who, found.items), "next_after": found.next_after}


@blueprint.post("/api/v1/reception/discipline/cases/<case_id>/decide")
@blueprint.arguments(CaseDecisionSchema)
@acts("discipline.remove")
@blueprint.response(200, CaseSchema)
def decide_case(tx: Transaction, who: Who, said: dict[str, Any], case_id: str) -> dict[str, Any]:
    """Headquarters decides whether the person is removed."""
    actions.decide_case(tx, who, case_id, said["decision"], said["reason"])
    (named,) = _named(tx, who, [views.case_of(tx, who, case_id)])
    return named


def _taken(tx: Transaction, who: Who, penalty_id: str, step: Step, said: Mapping[str, Any]) -> dict[str, Any]:
    actions.take(tx, who, penalty_id, step, said["reason"])
    return _shown(tx, who, penalty_id)


def _shown(tx: Transaction, who: Who, penalty_id: str) -> dict[str, Any]:
    (named,) = _named(tx, who, [views.penalty_of(tx, who, penalty_id)])
    return named


def _named(tx: Transaction, who: Who, rows: Sequence[Mapping[Any, Any]]) -> list[dict[str, Any]]:
    names = names_of(tx, who, [row["staff_id"] for row in rows])
    return [{**row, "name": names[row["staff_id"]]} for row in rows]
