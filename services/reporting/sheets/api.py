"""The follow-up sheet over HTTP."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from flask import Response, send_file
from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, reads
from services.reporting.facts.views import asked_of
from services.reporting.sheets import views
from services.reporting.sheets.rules import Period
from services.reporting.sheets.schemas import FollowupSheetSchema, SheetArguments
from services.reporting.sheets.workbook import MOST_ROWS, write_sheet

MOST_ON_SCREEN = 20_000
"""Rows in one answer; the file holds more."""

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

blueprint = Blueprint("sheets", __name__)


@blueprint.get("/api/v1/reporting/followup-sheet")
@blueprint.arguments(SheetArguments, location="query")
@reads("reporting.see")
@blueprint.response(200, FollowupSheetSchema)
def show_followup_sheet(tx: Transaction, who: Who, arguments: dict[str, Any]) -> dict[str, Any]:
    """客户跟进记录统计表 between two dates, both included."""
    period, basis = Period(arguments["first"], arguments["last"]), arguments["basis"]
    asked = asked_of(tx, who, arguments["branch_id"])
    rows = list(views.dated_rows(tx, asked, period, MOST_ON_SCREEN))
    undated = list(views.undated_rows(tx, asked, MOST_ON_SCREEN))
    closed = views.closed_deals(tx, asked, period, basis)
    answer = {"first": period.first, "last": period.last, "branch_id": asked.branch_id, "basis": basis}
    return answer | {"closed_deals": closed, "rows": rows, "undated": undated, "undated_count": len(undated)}


@blueprint.get("/api/v1/reporting/followup-sheet.xlsx")
@blueprint.arguments(SheetArguments, location="query")
@reads("reporting.see")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=XLSX)
def export_followup_sheet(tx: Transaction, who: Who, arguments: dict[str, Any]) -> Response:
    """The same as .xlsx in the layout of the source's sheet: the undated rows stand at its end."""
    period = Period(arguments["first"], arguments["last"])
    asked = asked_of(tx, who, arguments["branch_id"])
    closed = views.closed_deals(tx, asked, period, arguments["basis"])
    dated = views.dated_rows(tx, asked, period, MOST_ROWS)
    rows: Iterator[RowMapping] = chain(dated, views.undated_rows(tx, asked, MOST_ROWS))
    name = f"客户跟进记录统计表 {period.first}—{period.last}.xlsx"
    return send_file(write_sheet(period, closed, rows), XLSX, as_attachment=True, download_name=name)
