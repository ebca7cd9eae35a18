"""客户跟进记录统计表 on the screen and on paper."""

from datetime import date
from urllib.parse import urlencode

from flask import render_template, request

from chassis.web import permits
from gateway.pages import hall
from gateway.pages.blueprint import blueprint
from gateway.pages.inside import ask

_SHEET = "/api/v1/reporting/followup-sheet"
COLUMNS = (
    "code",
    "name",
    "customer_type",
    "followup_date",
    "method",
    "progress",
    "intent",
    "result",
    "deal_date",
    "salesperson",
)


@blueprint.get("/sheet")
@permits("reporting.see")
def show_sheet() -> tuple[str, int]:
    """The sheet between two days; without days, the present year so far."""
    today = hall.now().date()
    first = _day(request.args.get("from"), date(today.year, 1, 1))
    last = _day(request.args.get("to"), today)
    reply = ask(_SHEET, **{"from": first, "to": last})
    file = f"{_SHEET}.xlsx?{urlencode({'from': first, 'to': last})}"
    facts = {"first": first, "last": last, "reply": reply, "file": file, "columns": COLUMNS}
    return render_template("pages/sheet.html", **facts), 200 if reply.ok or reply.away else reply.status


def _day(sent: str | None, otherwise: date) -> str:
    """A day as it was asked for, for reporting to judge; an empty field is no day."""
    return sent.strip()[:20] if sent and sent.strip() else otherwise.isoformat()
