"""A tiny service to try the web edge on: notes that people write and edit."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate
from sqlalchemy import Column, Date, Integer, MetaData, String, Table

from chassis.database import Instant, Transaction, scoped
from chassis.events import Consumers, Fact, about, record
from chassis.furniture import furnish
from chassis.identity import Who
from chassis.service import Service
from chassis.web import ANYONE, Blueprint, Page, PageArguments, acts, etag, if_match, page_schema, paginate, reads
from chassis.web.dead_letters import dead_letters_blueprint
from chassis.web.fields import Text, Whole, YesNo

METADATA = furnish(MetaData())
NOTES = Table(
    "notes",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("version", Integer, nullable=False),
    Column("text", String(200), nullable=False, unique=True),
    Column("stars", Integer),
    Column("due", Date),
    Column("written_at", Instant, nullable=False),
)


@dataclass(frozen=True)
class NoteWritten(Fact):
    """Somebody wrote a note."""

    TYPE = "note.written.v1"

    note_id: str


class NoteMissing(Exception):
    """There is no such note."""


class NoteBurning(Exception):
    """The note is on fire."""

    def __init__(self, colour: str) -> None:
        super().__init__(colour)
        self.colour = colour


class NoteBurningBlue(NoteBurning):
    """A fire of another kind, with a text of its own."""


class ServiceClosed(Exception):
    """The service is closed; no text tells it."""


@dataclass
class Gate:
    """Lets a test hold a request inside its transaction."""

    inside: Event
    go_on: Event


GATES: dict[str, Gate] = {}


class TagSchema(ma.Schema):
    word = Text(20, required=True)
    loud = YesNo(load_default=False)


class NoteSchema(ma.Schema):
    id = fields.String(dump_only=True)
    version = fields.Integer(dump_only=True)
    text = Text(200, required=True)
    stars = Whole(validate=validate.Range(1, 5), allow_none=True)
    due = fields.Date(allow_none=True)
    tags = fields.List(fields.Nested(TagSchema), load_only=True)
    written_at = fields.AwareDateTime(dump_only=True)


class BrokenSchema(ma.Schema):
    stars = fields.Integer()


class CopiesSchema(ma.Schema):
    size = fields.Integer()


class FileSchema(ma.Schema):
    file = fields.Raw(required=True, metadata={"type": "string", "format": "binary"})


blueprint = Blueprint("notes", __name__)
Row = Mapping[str, Any]


def _write(tx: Transaction, who: Who, body: Row) -> Row:
    row = {"id": tx.new_id(), "branch_id": who.branch_id, "version": 1, "written_at": tx.now()}
    row |= {name: body.get(name) for name in ("text", "stars", "due")}
    tx.execute(scoped(NOTES, who).insert(row))
    record(tx, NoteWritten(row["id"]), about("note", row["id"], 1, who.branch_id))
    etag(1)
    return row


def _locked(tx: Transaction, who: Who, note_id: str) -> Any:
    row = tx.execute(scoped(NOTES, who).select().where(NOTES.c.id == note_id).with_for_update()).mappings().first()
    if row is None:
        raise NoteMissing
    return row


@blueprint.post("/api/v1/notes")
@blueprint.arguments(NoteSchema)
@acts("notes.write")
@blueprint.response(201, NoteSchema)
def write_note(tx: Transaction, who: Who, body: Row) -> Row:
    """Write a note."""
    written = _write(tx, who, body)
    gate = GATES.get(body["text"])
    if gate:
        gate.inside.set()
        gate.go_on.wait(60)
    return written


@blueprint.get("/api/v1/notes")
@blueprint.arguments(PageArguments, location="query")
@reads("notes.see")
@blueprint.response(200, page_schema(NoteSchema))
def list_notes(tx: Transaction, who: Who, page: Row) -> Page:
    """Latest first."""
    return paginate(tx, scoped(NOTES, who).select(), [NOTES.c.written_at, NOTES.c.id], page, descending=True)


@blueprint.get("/api/v1/notes/by-day")
@blueprint.arguments(PageArguments, location="query")
@reads("notes.see")
@blueprint.response(200, page_schema(NoteSchema))
def list_by_day(tx: Transaction, who: Who, page: Row) -> Page:
    """The next due first."""
    due = scoped(NOTES, who).select().where(NOTES.c.due.is_not(None))
    return paginate(tx, due, [NOTES.c.due, NOTES.c.id], page)


@blueprint.get("/api/v1/notes/<note_id>")
@reads("notes.see")
@blueprint.response(200, NoteSchema)
def read_note(tx: Transaction, who: Who, note_id: str) -> Row:
    row = tx.execute(scoped(NOTES, who).select().where(NOTES.c.id == note_id)).mappings().first()
    if row is None:
        raise NoteMissing
    etag(row["version"])
    return row


@blueprint.patch("/api/v1/notes/<note_id>")
@blueprint.arguments(NoteSchema(partial=True))
@acts("notes.write")
@blueprint.response(200, NoteSchema)
def change_note(tx: Transaction, who: Who, body: Row, note_id: str) -> Row:
    row = _locked(tx, who, note_id)
    if_match(row["version"])
    changed = {**row, **body, "version": row["version"] + 1}
    tx.execute(scoped(NOTES, who).update().where(NOTES.c.id == note_id).values(changed))
    etag(changed["version"])
    return changed


@blueprint.delete("/api/v1/notes/<note_id>")
@acts("notes.write")
@blueprint.response(204)
def remove_note(tx: Transaction, who: Who, note_id: str) -> None:
    if_match(_locked(tx, who, note_id)["version"])
    tx.execute(scoped(NOTES, who).delete().where(NOTES.c.id == note_id))


@blueprint.post("/api/v1/notes/<note_id>/burn")
@acts("notes.write")
@blueprint.response(200, NoteSchema)
def burn_note(tx: Transaction, who: Who, note_id: str) -> Row:
    _write(tx, who, {"text": f"ashes of {note_id}"})
    if note_id == "blue":
        raise NoteBurningBlue("blue")
    if note_id == "closed":
        raise ServiceClosed
    raise NoteBurning(note_id)


@blueprint.post("/api/v1/notes/unanswerable")
@acts("notes.write")
@blueprint.response(200, BrokenSchema)
def write_unanswerable(tx: Transaction, who: Who) -> Row:
    _write(tx, who, {"text": "lost"})
    return {"stars": "many"}


@blueprint.post("/api/v1/notes/elsewhere")
@acts("notes.write")
@blueprint.response(200, NoteSchema)
def write_elsewhere(tx: Transaction, who: Who) -> Row:
    tx.execute(scoped(NOTES, who).insert({"branch_id": "another"}))
    return {}


@blueprint.get("/api/v1/notes/failing")
@reads("notes.see")
@blueprint.response(200, NoteSchema)
def fail(tx: Transaction, who: Who) -> Row:
    raise RuntimeError("Zhang San, +86 138 0000 0000")


@blueprint.post("/api/v1/notes/copies")
@blueprint.arguments(FileSchema, location="files")
@acts("notes.write", body_limit=3 * 1024 * 1024)
@blueprint.response(202, CopiesSchema)
def copy_file(tx: Transaction, who: Who, files: Row) -> Row:
    _write(tx, who, {"text": "a copy"})
    return {"size": len(files["file"].read())}


@blueprint.get("/api/v1/notes/open")
@reads(ANYONE)
@blueprint.response(200, CopiesSchema)
def read_open(tx: Transaction, who: Who) -> Row:
    return {"size": 0}


SERVICE = Service(
    name="notes",
    folder=Path(__file__).parent,
    metadata=METADATA,
    blueprints=(blueprint, dead_letters_blueprint("/api/v1/notes")),
    consumers=Consumers(),
    facts=(NoteWritten,),
    problems={NoteMissing: 404, NoteBurning: 409, ServiceClosed: 503},
)
