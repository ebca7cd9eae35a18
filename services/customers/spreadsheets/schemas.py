"""What goes over the wire about imports."""

import hashlib
from collections.abc import Mapping
from itertools import islice
from typing import Any

import marshmallow as ma
from flask_smorest.fields import Upload as UploadField
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema, say
from services.customers.spreadsheets import reader
from services.customers.spreadsheets.rows import PHONE_REASONS
from services.customers.spreadsheets.rules import MOST_BYTES, MOST_COLUMNS, Fate, SheetEmpty
from services.customers.spreadsheets.values import text_in

STATES = ("held", "trying", "tried", "forgotten", "waiting", "running", "done", "failed")
_FATES = validate.OneOf([fate.value for fate in Fate])
_SAMPLES = 3


class SheetSchema(ma.Schema):
    """A sheet, read before anything is written: what cannot be read is refused at once."""

    file = UploadField(required=True, metadata={"description": ".xlsx, or .csv in UTF-8 or GB18030"})

    @ma.post_load
    def _read(self, data: dict[str, Any], **_options: Any) -> dict[str, Any]:
        content = data["file"].stream.read(MOST_BYTES + 1)
        sheet = reader.opened(content)
        total = sum(1 for _ in sheet.filled())
        if not total:
            raise SheetEmpty
        places = range(len(sheet.columns.titles))
        samples = [
            [text_in(cells[place])[:80] if place < len(cells) else "" for place in places]
            for _, cells in islice(sheet.filled(), _SAMPLES)
        ]
        return {
            "file_name": (data["file"].filename or "")[-200:],
            "content": content,
            "sha256": hashlib.sha256(content).hexdigest(),
            "total": total,
            "titles": sheet.columns.titles,
            "fields": sheet.columns.by_place,
            "samples": samples,
        }


class ImportArguments(ma.Schema):
    """Which branch the sheet belongs to (for those of the whole company), and whether to wait with it."""

    branch_id = fields.String(load_default=None, validate=validate.Length(1, 36))
    hold = fields.Boolean(
        load_default=False, metadata={"description": "only read it: what its columns mean can be changed and tried"}
    )


class ImportPageArguments(PageArguments):
    """A page of an import's rows: all, or those of one fate."""

    fate = fields.String(load_default=None, validate=_FATES)


class ColumnsSchema(ma.Schema):
    """What each column is read as, by its place: the name of a field that is offered, or null to pass it over."""

    fields_ = fields.List(
        fields.String(allow_none=True, validate=validate.Length(1, 80)),
        required=True,
        data_key="fields",
        validate=validate.Length(1, MOST_COLUMNS),
    )


class WarningSchema(ma.Schema):
    """Something that was missing or strange: a code, and the words for it."""

    code = fields.String(required=True)
    text = fields.String(required=True)


def reason_text(row: Mapping[Any, Any]) -> str | None:
    """Why a row was refused, in the reader's language, after the title of the column that it is about."""
    code, column = row["reason"], row["reason_column"]
    if code is None:
        return None
    said = say(f"{'problems' if code in PHONE_REASONS.values() else 'refusals'}.{code}")
    return f"{column}: {said}" if column else said


class ImportRowSchema(ma.Schema):
    """What became of a row; `reason` and its text only of one that was refused.

    `code` is that of the customer whom it brought or belongs to; `like_row` the earlier row that brought them.
    """

    row_number = fields.Integer(required=True)
    fate = fields.String(required=True, validate=_FATES)
    fate_text = fields.Function(lambda row: say(f"fates.{row['fate']}"), required=True)
    reason = fields.String(required=True, allow_none=True)
    reason_text = fields.Function(reason_text, required=True)
    warnings = fields.Method("_warnings", required=True)
    customer_id = fields.String(required=True, allow_none=True)
    code = fields.String(required=True, allow_none=True)
    like_row = fields.Integer(required=True, allow_none=True)

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


class ColumnSchema(ma.Schema):
    """A column: its title, what it is read as (null: passed over), and its first cells as text."""

    title = fields.String(required=True)
    field = fields.String(required=True, allow_none=True)
    samples = fields.List(fields.String(), required=True)


class ReadAsSchema(ma.Schema):
    """Something that a column can be read as, and how its column is usually called."""

    name = fields.String(required=True)
    title = fields.Function(lambda field: field.titles[0], required=True)
    kind = fields.String(required=True)


class ImportItemSchema(ma.Schema):
    """An import in a list: who handed which file in and when, how far it is, and how many rows had which fate.

    `file_name` is empty where it named a customer who was erased since.
    """

    import_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    file_name = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    requested_by = fields.String(required=True)
    requested_at = fields.AwareDateTime(required=True)
    progress = fields.Nested(ProgressSchema, required=True)
    counts = fields.Nested(CountsSchema, required=True)


ImportItemPageSchema = page_schema(ImportItemSchema)


class ImportSchema(ImportItemSchema):
    """An import: its columns, its counts, and a page of its rows in the sheet's order.

    Until it is begun it is held, being tried, or tried: then the rows say what would become of them. `forgotten`: it
    was never begun, and its file is no longer kept.
    """

    sha256 = fields.String(required=True)
    columns = fields.List(fields.Nested(ColumnSchema), required=True)
    offered = fields.List(fields.Nested(ReadAsSchema), required=True)
    rows = fields.List(fields.Nested(ImportRowSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)
