"""Imports over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, PageArguments, acts, reads
from services.customers.spreadsheets import actions, views
from services.customers.spreadsheets.rules import MOST_BYTES
from services.customers.spreadsheets.schemas import ImportArguments, ImportSchema, SheetSchema

blueprint = Blueprint("imports", __name__)
_FORM = 100_000  # bytes around the file
_FIRST_PAGE = {"after": None, "limit": 1}


@blueprint.post("/api/v1/customers/imports")
@blueprint.arguments(ImportArguments, location="query")
@blueprint.arguments(SheetSchema, location="files", content_type="multipart/form-data")
@acts("customers.import", body_limit=MOST_BYTES + _FORM)
@blueprint.response(202, ImportSchema)
def import_sheet(tx: Transaction, who: Who, asked: dict[str, Any], sheet: dict[str, Any]) -> Mapping[str, Any]:
    """Take a sheet in as a job; its state and each row's fate are read under its id."""
    import_id = actions.request_import(tx, who, actions.Upload(**sheet), asked["branch_id"])
    return views.import_of(tx, who, import_id, _FIRST_PAGE)


@blueprint.get("/api/v1/customers/imports/<import_id>")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.import")
@blueprint.response(200, ImportSchema)
def read_import(tx: Transaction, who: Who, page: dict[str, Any], import_id: str) -> Mapping[str, Any]:
    """How far an import is, and what became of each row."""
    return views.import_of(tx, who, import_id, page)
