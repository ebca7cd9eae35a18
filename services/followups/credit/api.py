"""The credit ledger over HTTP."""

import datetime as dt
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, reads, say
from services.followups.credit import views
from services.followups.credit.rules import ARTICLES, Reason
from services.followups.credit.schemas import (
    CreditArguments,
    CreditMonthsArguments,
    CreditMonthsSchema,
    CreditSchema,
)
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
    days = starts, (starts + dt.timedelta(days=31)).replace(day=1)
    page = views.ledger_of(tx, who, staff_id, *days, asked)
    total = sum(one["total_cents"] for one in views.months_of(tx, who, staff_id, *days))
    lines = [_explained(line) for line in page.items]
    return {"staff_id": staff_id, "month": month, "total_cents": total, "items": lines, "next_after": page.next_after}


@blueprint.get("/api/v1/followups/credit/months")
@blueprint.arguments(CreditMonthsArguments, location="query")
@reads("followups.see")
@blueprint.response(200, CreditMonthsSchema)
def show_months_of_credit(tx: Transaction, who: Who, asked: dict[str, Any]) -> dict[str, Any]:
    """What a person's credit ledger adds up to, month by month."""
    staff_id = asked["staff_id"] or who.actor_id
    year = asked["year"] or local_day(tx, who, who.branch_id).year
    months = views.months_of(tx, who, staff_id, dt.date(year, 1, 1), dt.date(year + 1, 1, 1))
    total = sum(one["total_cents"] for one in months)
    return {"staff_id": staff_id, "year": year, "total_cents": total, "months": months}


def _explained(line: RowMapping) -> dict[str, Any]:
    text = say(f"credit.{line['reason']}", day=line["day"])
    if line["correction_id"] is not None:
        text = say("credit.corrected", why=text)
    if line["reverses"] is not None:
        text = say("credit.reversed", before=text)
    why = {"code": line["reason"], "text": text}
    return {**line, "article": ARTICLES[Reason(line["reason"])], "why": why}
