"""Customers going out as a workbook: which ones, how far one's role may, one's own exports, and fetching them."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import redirect, render_template, request

from chassis.web import permits, the_asker
from gateway.pages import forms, hall
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.language import text
from gateway.pages.rooms import Answer
from gateway.pages.search_form import question_in
from gateway.pages.search_ways import Search, fields_for
from gateway.pages.sheet_fields import title_of

_CUSTOMERS = "/api/v1/customers"
_ASKED = "asked"
"""Stands in a form that holds a question by conditions."""

_SHOWN = 20
_KEPT = timedelta(days=7)
"""So long customers keep a finished file."""


@blueprint.get("/exports")
@permits("customers.export")
def show_exports() -> Answer:
    """What one may take out, asking for it, and what one has asked for."""
    return _page(forms.said(), "", 200)


@blueprint.post("/exports/of-search")
@permits("customers.export")
def show_export_of_search() -> Answer:
    """The same with what the list was searched for, in words or by conditions: sent as a form, as no address is to
    hold a name.
    """
    return _page("", "", 200)


@blueprint.post("/exports")
@permits("customers.export")
def ask_export() -> Answer:
    """The customers of the list, of what is typed, or of a saved search are written out, as a job."""
    question = _question()
    reply = tell(f"{_CUSTOMERS}/exports", question, forms.key()) if isinstance(question, dict) else question
    return redirect("/exports?said=export_asked", 303) if reply.ok else _page("", wrong_in(reply), reply.status)


@blueprint.get("/exports/now")
@permits("customers.export")
def show_exports_now() -> Answer:
    """One's own exports alone, for a page that is open already."""
    return render_template("pages/_exports.html", **_own())


def _question() -> dict[str, Any] | Reply:
    """What is asked of customers: what the list showed, or a saved search as it was saved, with what is typed besides;
    else a refusal.
    """
    if _ASKED in request.form:
        return dict(_search().question)
    typed, search_id = request.form.get("text", "").strip(), request.form.get("search_id", "")
    saved: Mapping[str, Any] = {}
    if search_id:
        searches = _searches()
        found = next((one for one in searches.body.get("items", ()) if one["search_id"] == search_id), None)
        if found is None:
            return Reply(404, {"detail": text("exports.search_gone")}) if searches.ok else searches
        saved = found["question"]
    return dict(saved) | ({"text": typed} if typed else {})


def _search() -> Search:
    """What the list showed, as its form holds it."""
    fields = fields_for(the_company(), request.form)
    return Search(question_in(request.form, fields.named), fields)


def _page(said: str, wrong: str, status: int) -> tuple[str, int]:
    who = the_asker()
    right = ask(f"{_CUSTOMERS}/export-rights/{who.role}")
    searches = _searches() if right.ok else right
    facts: dict[str, Any] = {"right": right, "searches": searches.body["items"] if searches.ok else []}
    facts |= {"who": who, "typed": request.form, "said": said, "wrong": wrong, "title_of": title_of}
    facts["search"] = _search() if _ASKED in request.form else None
    return render_template("pages/exports.html", **facts, **_own()), status


def _searches() -> Reply:
    return ask(f"{_CUSTOMERS}/searches", limit=100)


def _own() -> dict[str, Any]:
    reply = ask(f"{_CUSTOMERS}/exports", limit=_SHOWN)
    items = [one | {"kept": _is_kept(one)} for one in reply.body["items"]] if reply.ok else []
    running = next((one["export_id"] for one in items if one["state"] in ("waiting", "running")), None)
    return {"exports": items, "exports_reply": reply, "running": running, "company": the_company()}


def _is_kept(export: Mapping[str, Any]) -> bool:
    return hall.now() - datetime.fromisoformat(export["asked_at"]) < _KEPT
