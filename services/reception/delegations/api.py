"""Delegations over HTTP."""

from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads
from services.reception.delegations import actions, views
from services.reception.delegations.schemas import DelegationPageSchema, DelegationSchema, NewDelegationSchema

blueprint = Blueprint("delegations", __name__)


@blueprint.get("/api/v1/reception/delegations")
@blueprint.arguments(PageArguments, location="query")
@reads("reception.see")
@blueprint.response(200, DelegationPageSchema)
def list_delegations(tx: Transaction, who: Who, asked: dict[str, Any]) -> Page:
    """What the asker has entrusted to others and was entrusted with; for a supervisor or manager the branch's."""
    return views.delegations_of(tx, who, asked)


@blueprint.post("/api/v1/reception/delegations")
@blueprint.arguments(NewDelegationSchema)
@acts("reception.attend")
@blueprint.response(201, DelegationSchema)
def entrust(tx: Transaction, who: Who, said: dict[str, Any]) -> RowMapping:
    """Entrust one's customers to a colleague for when one is off duty."""
    return views.delegation_of(tx, who, actions.entrust(tx, who, said))


@blueprint.post("/api/v1/reception/delegations/<delegation_id>/take-back")
@acts("reception.attend")
@blueprint.response(200, DelegationSchema)
def take_back(tx: Transaction, who: Who, delegation_id: str) -> RowMapping:
    """The delegation ends now."""
    actions.take_back(tx, who, delegation_id)
    return views.delegation_of(tx, who, delegation_id)
