"""The credit ledger over HTTP."""

import datetime as dt
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, reads, say
from services.followups.credit import views
from services.followups.credit.schemas import CreditArguments, CreditSchema
from services.followups.people.views import local_day

blueprint = Blueprint("credit", __name__)


@blueprint.get("/api/v1/followups/credit")
@blueprint.arguments(CreditArguments, location="query")
@reads("followups.see")
@blueprint.response(200, CreditSchema)
def show_credit(tx: Transaction, who: Who, asked: dict[str, Any]) -> dict[str, Any]:
    """A person's credit ledger of a month, to the cent."""
    staff_id = asked["staff_id"] or who.actor_id
    month = asked["month"] or f"{local_day(tx, who, who.branch_id):%Y-%m}"
    starts = dt.date.fromisoformat(f"{month}-01")
    ends = (starts + dt.timedelta(days=31)).replace(day=1)
    lines = [_explained(line) for line in views.ledger_of(tx, who, staff_id, starts, ends)]
    total = sum(line["cents"] or 0 for line in lines)
    return {"staff_id": staff_id, "month": month, "total_cents": total, "lines": lines}


def _explained(line: RowMapping) -> dict[str, Any]:
    text = say(f"credit.{line['reason']}", day=line["day"])
    if line["reverses"] is not None:
        text = say("credit.reversed", before=text)
    return {**line, "why": {"code": line["reason"], "text": text}}
