"""Imports over HTTP."""

from collections.abc import Mapping
from typing import Any

from flask import Response, send_file

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, reads, say
from chassis.workbooks import MEDIA_TYPE
from services.customers.spreadsheets import actions, views
from services.customers.spreadsheets.refused import write_refused
from services.customers.spreadsheets.rules import MOST_BYTES
from services.customers.spreadsheets.schemas import (
    ColumnsSchema,
    ImportArguments,
    ImportItemPageSchema,
    ImportPageArguments,
    ImportSchema,
    SheetSchema,
)

blueprint = Blueprint("imports", __name__)
_FORM = 100_000  # bytes around the file
_FIRST_PAGE = {"after": None, "limit": 1}


@blueprint.post("/api/v1/customers/imports")
@blueprint.arguments(ImportArguments, location="query")
@blueprint.arguments(SheetSchema, location="files", content_type="multipart/form-data")
@acts("customers.import", body_limit=MOST_BYTES + _FORM)
@blueprint.response(202, ImportSchema)
def import_sheet(tx: Transaction, who: Who, asked: dict[str, Any], sheet: dict[str, Any]) -> Mapping[str, Any]:
    """Take a sheet in as a job; its state and each row's fate are read under its id. With `hold` only once begun."""
    upload = actions.Upload(**sheet)
    import_id = actions.request_import(tx, who, upload, asked["branch_id"], hold=asked["hold"])
    return views.import_of(tx, who, import_id, _FIRST_PAGE)


@blueprint.get("/api/v1/customers/imports")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.import")
@blueprint.response(200, ImportItemPageSchema)
def list_imports(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """The branch's imports, the newest first; the columns and rows of one are read under its id."""
    return views.imports_page(tx, who, page)


@blueprint.get("/api/v1/customers/imports/<import_id>")
@blueprint.arguments(ImportPageArguments, location="query")
@reads("customers.import")
@blueprint.response(200, ImportSchema)
def read_import(tx: Transaction, who: Who, page: dict[str, Any], import_id: str) -> Mapping[str, Any]:
    """How far an import is, and what became of each row."""
    return views.import_of(tx, who, import_id, page)


@blueprint.put("/api/v1/customers/imports/<import_id>/columns")
@blueprint.arguments(ColumnsSchema)
@acts("customers.import")
@blueprint.response(200, ImportSchema)
def set_columns(tx: Transaction, who: Who, said: dict[str, Any], import_id: str) -> Mapping[str, Any]:
    """Say what the columns of a held sheet are read as."""
    actions.set_columns(tx, who, import_id, said["fields_"])
    return views.import_of(tx, who, import_id, _FIRST_PAGE)


@blueprint.post("/api/v1/customers/imports/<import_id>/trial")
@acts("customers.import")
@blueprint.response(202, ImportSchema)
def try_import(tx: Transaction, who: Who, import_id: str) -> Mapping[str, Any]:
    """Find out, as a job, what would become of each row of a held sheet; nothing comes in."""
    actions.try_import(tx, who, import_id)
    return views.import_of(tx, who, import_id, _FIRST_PAGE)


@blueprint.post("/api/v1/customers/imports/<import_id>/begin")
@acts("customers.import")
@blueprint.response(202, ImportSchema)
def begin_import(tx: Transaction, who: Who, import_id: str) -> Mapping[str, Any]:
    """Take a held sheet in, as a job."""
    actions.begin_import(tx, who, import_id)
    return views.import_of(tx, who, import_id, _FIRST_PAGE)


@blueprint.get("/api/v1/customers/imports/<import_id>/refused.xlsx")
@reads("customers.import")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=MEDIA_TYPE)
def fetch_refused(tx: Transaction, who: Who, import_id: str) -> Response:
    """The rows that did not come in, each with the reason in a column more: to be corrected and handed in again."""
    titles = views.import_row(tx, who, import_id)["titles"]
    file = write_refused(titles, views.refused_rows(tx, who, import_id))
    return send_file(file, MEDIA_TYPE, as_attachment=True, download_name=f"{say('sheets.refused')}.xlsx")
