"""Sheets of customers coming in: handing one in, saying what its columns mean, trying it, and taking it in."""

from typing import Any
from urllib.parse import quote, urlencode

from flask import redirect, render_template, request

from chassis.web import permits, the_asker
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.inside import Reply, ask, hand_in, put, tell
from gateway.pages.language import text
from gateway.pages.rooms import Answer
from gateway.pages.sheet_fields import title_of

IMPORTS = "/api/v1/customers/imports"
_LARGEST = 10_000_000  # bytes that customers take
_SENT = 50_000_000  # bytes: what is larger than they take is said on the form; what is much larger is not even read
_READING = 60.0  # seconds that a large sheet may take to be read
_ROWS = 50
_LISTED = 20
FATES = ("new_customer", "known_customer", "no_customer", "refused", "seen_before")
ACTIVE = ("trying", "waiting", "running")
OPEN = ("held", "trying", "tried")
"""An import that was not begun: its columns can be changed."""


@blueprint.get("/imports")
@permits("customers.import")
def show_imports() -> Answer:
    """Where a sheet is handed in, and the branch's imports, the newest first."""
    return _new("", 200)


@blueprint.post("/imports")
@permits("customers.import", body_limit=_SENT)
def hand_in_sheet() -> Answer:
    """The sheet is read and held; nothing comes in before it was looked at. What cannot be read is refused at once."""
    file = request.files.get("file")
    content = file.stream.read(_LARGEST + 1) if file else b""
    if file is None or not content:
        return _new(text("imports.no_file"), 422)
    if len(content) > _LARGEST:
        return _new(text("imports.too_large"), 413)
    asked = {"hold": "true", "branch_id": request.form.get("branch_id") or None}
    reply = hand_in(IMPORTS, file.filename or "", content, forms.key(), within=_READING, **asked)
    if not reply.ok:
        return _new(wrong_in(reply), reply.status)
    return redirect(_at(reply.body["import_id"]), 303)


@blueprint.get("/imports/<import_id>")
@permits("customers.import")
def show_import(import_id: str) -> Answer:
    """One import: its columns until it is begun, how far it is, and what becomes of each row."""
    return _one(import_id, "", 200)


@blueprint.get("/imports/<import_id>/now")
@permits("customers.import")
def show_import_now(import_id: str) -> Answer:
    """The part of it that changes while it runs, for a page that is open already."""
    reply = _asked(import_id)
    if not reply.ok:
        return render_template("pages/_away.html", reply=reply), reply.status
    return render_template("pages/_import.html", **_shown(import_id, reply))


@blueprint.post("/imports/<import_id>/trial")
@permits("customers.import")
def try_import(import_id: str) -> Answer:
    """The columns are read as the form says, and it is found out what would become of each row."""
    fields = [name or None for name in request.form.getlist("field")]
    reply = put(f"{_path(import_id)}/columns", {"fields": fields}, "")
    if reply.ok:
        reply = tell(f"{_path(import_id)}/trial", None, forms.key())
    return redirect(_at(import_id), 303) if reply.ok else _one(import_id, wrong_in(reply), reply.status)


@blueprint.post("/imports/<import_id>/begin")
@permits("customers.import")
def begin_import(import_id: str) -> Answer:
    """What was tried comes in."""
    reply = tell(f"{_path(import_id)}/begin", None, forms.key())
    return redirect(_at(import_id), 303) if reply.ok else _one(import_id, wrong_in(reply), reply.status)


def _new(wrong: str, status: int) -> tuple[str, int]:
    listed = ask(IMPORTS, limit=_LISTED, after=request.args.get("after"))
    facts = {"who": the_asker(), "company": the_company(), "wrong": wrong, "typed": request.form, "listed": listed}
    facts["fates"] = FATES
    return render_template("pages/imports.html", **facts), status


def _one(import_id: str, wrong: str, status: int) -> tuple[str, int]:
    reply = _asked(import_id)
    if not reply.ok:
        return render_template("pages/import.html", reply=reply, one=None), 200 if reply.away else reply.status
    return render_template("pages/import.html", reply=reply, wrong=wrong, **_shown(import_id, reply)), status


def _shown(import_id: str, reply: Reply) -> dict[str, Any]:
    chosen = request.form.getlist("field") or [one["field"] or "" for one in reply.body["columns"]]
    seen = {name: sent for name in ("fate", "after") if (sent := request.args.get(name))}
    facts: dict[str, Any] = {"one": reply.body, "chosen": chosen, "fates": FATES, "fate": seen.get("fate"), "typed": {}}
    facts["title_of"] = title_of
    facts |= {"active": reply.body["state"] in ACTIVE, "open": reply.body["state"] in OPEN, "at": _at(import_id)}
    return facts | {"company": the_company(), "now_at": f"{_at(import_id)}/now?{urlencode(seen)}"}


def _asked(import_id: str) -> Reply:
    fate = request.args.get("fate")
    return ask(_path(import_id), limit=_ROWS, after=request.args.get("after"), fate=fate if fate in FATES else None)


def _path(import_id: str) -> str:
    return f"{IMPORTS}/{quote(import_id, safe='')}"


def _at(import_id: str) -> str:
    return f"/imports/{quote(import_id, safe='')}"
