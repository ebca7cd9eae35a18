"""Exports over HTTP."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from flask import Response, send_file

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, Page, PageArguments, acts, etag, locale, reads, say
from chassis.workbooks import MEDIA_TYPE
from services.customers.exports import actions, views
from services.customers.exports.rules import FIELDS, Right
from services.customers.exports.schemas import (
    ExportPageSchema,
    ExportSchema,
    RightChangeSchema,
    RightSchema,
    RightsSchema,
)
from services.customers.searches.schemas import QuestionSchema

blueprint = Blueprint("exports", __name__)
_WORDS = ("customers", "yes", "no", "reception", "import", "person")


@blueprint.post("/api/v1/customers/exports")
@blueprint.arguments(QuestionSchema, required=False)
@acts("customers.export")
@blueprint.response(202, ExportSchema)
def export_customers(tx: Transaction, who: Who, question: dict[str, Any]) -> Mapping[str, Any]:
    """Have what the list or a search shows written into an .xlsx, as a job, as far as one's role may."""
    titles = {name: say(f"columns.{name.replace('.', '_')}") for name in FIELDS if name != "details"}
    language = actions.Language(titles, locale() == "zh", {word: say(f"words.{word}") for word in _WORDS})
    return views.export_of(tx, who, actions.request_export(tx, who, question, language))


@blueprint.get("/api/v1/customers/exports")
@blueprint.arguments(PageArguments, location="query")
@reads("customers.export")
@blueprint.response(200, ExportPageSchema)
def list_exports(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """One's own exports, the latest first."""
    return views.exports_page(tx, who, page)


@blueprint.get("/api/v1/customers/exports/<export_id>")
@reads("customers.export")
@blueprint.response(200, ExportSchema)
def read_export(tx: Transaction, who: Who, export_id: str) -> Mapping[str, Any]:
    """How an export of one's own stands."""
    return views.export_of(tx, who, export_id)


@blueprint.get("/api/v1/customers/exports/<export_id>/customers.xlsx")
@reads("customers.export")
@blueprint.response(200, {"type": "string", "format": "binary"}, content_type=MEDIA_TYPE)
def fetch_export(tx: Transaction, who: Who, export_id: str) -> Response:
    """The finished file of an export of one's own."""
    file = BytesIO(views.file_of(tx, who, export_id))
    return send_file(file, MEDIA_TYPE, as_attachment=True, download_name=f"{say('words.customers')}.xlsx")


@blueprint.get("/api/v1/customers/export-rights")
@reads("customers.export")
@blueprint.response(200, RightsSchema)
def list_rights(tx: Transaction, _who: Who) -> Mapping[str, Any]:
    """What the roles may export."""
    return {"items": views.rights(tx)}


@blueprint.get("/api/v1/customers/export-rights/<role>")
@reads("customers.export")
@blueprint.response(200, RightSchema)
def read_right(tx: Transaction, _who: Who, role: str) -> Right:
    """What a role may export."""
    return _tagged(views.right_of(tx, role))


@blueprint.patch("/api/v1/customers/export-rights/<role>")
@blueprint.arguments(RightChangeSchema)
@acts("customers.export_rights")
@blueprint.response(200, RightSchema)
def change_right(tx: Transaction, who: Who, changes: dict[str, Any], role: str) -> Right:
    """Say what a role may export from now on (If-Match)."""
    return _tagged(actions.change_right(tx, who, role, changes))


def _tagged(right: Right) -> Right:
    etag(right.version)
    return right
