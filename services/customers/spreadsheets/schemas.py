"""What goes over the wire about imports."""

import hashlib
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload as UploadField
from marshmallow import fields, validate

from chassis.web import say
from services.customers.spreadsheets import reader
from services.customers.spreadsheets.rules import MOST_BYTES, Fate


class SheetSchema(ma.Schema):
    """A sheet, read before anything is written: what cannot be read is refused at once."""

    file = UploadField(required=True, metadata={"description": ".xlsx, or .csv in UTF-8 or GB18030"})

    @ma.post_load
    def _read(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        content = data["file"].stream.read(MOST_BYTES + 1)
        rows = reader.read(content)
        name = (data["file"].filename or "")[-200:]
        return {"file_name": name, "content": content, "sha256": _sha256(content), "total": len(rows)}


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class ImportArguments(ma.Schema):
    """Which branch the sheet belongs to: for those of the whole company."""

    branch_id = fields.String(load_default=None, validate=validate.Length(1, 36))


class WarningSchema(ma.Schema):
    """Something that was missing or strange: a code, and the words for it."""

    code = fields.String(required=True)
    text = fields.String(required=True)


class ImportRowSchema(ma.Schema):
    """What became of a row; `reason` and its text only of one that was refused."""

    row_number = fields.Integer(required=True)
    fate = fields.String(required=True, validate=validate.OneOf([fate.value for fate in Fate]))
    fate_text = fields.Function(lambda row: say(f"fates.{row['fate']}"), required=True)
    reason = fields.String(required=True, allow_none=True)
    reason_text = fields.Method("_reason_text", required=True)
    warnings = fields.Method("_warnings", required=True)
    customer_id = fields.String(required=True, allow_none=True)

    def _reason_text(self, row: Mapping[str, Any]) -> str | None:
        return say(f"refusals.{row['reason']}") if row["reason"] else None

    def _warnings(self, row: Mapping[str, Any]) -> list[dict[str, str]]:
        return [{"code": code, "text": say(f"warnings.{code}")} for code in row["warnings"]]


class ProgressSchema(ma.Schema):
    """Rows done, of all rows."""

    done = fields.Integer(required=True)
    of = fields.Integer(required=True)


class CountsSchema(ma.Schema):
    """How many rows had which fate."""

    new_customer = fields.Integer(required=True)
    known_customer = fields.Integer(required=True)
    no_customer = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    seen_before = fields.Integer(required=True)


class ImportSchema(ma.Schema):
    """An import: waiting, running, done or failed; its counts, and a page of its rows in the sheet's order."""

    import_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    file_name = fields.String(required=True)
    sha256 = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "running", "done", "failed"]))
    requested_by = fields.String(required=True)
    requested_at = fields.AwareDateTime(required=True)
    progress = fields.Nested(ProgressSchema, required=True)
    counts = fields.Nested(CountsSchema, required=True)
    rows = fields.List(fields.Nested(ImportRowSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)
