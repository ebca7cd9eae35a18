"""Questions saved under a name: opened in one tap, given another name, and removed by who saved them."""

from collections.abc import Mapping
from typing import Any

from flask import render_template, request
from werkzeug.datastructures import MultiDict

from chassis.web import permits, the_asker
from gateway.pages import forms
from gateway.pages.asking import in_dialog, wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.customer_forms import path_of
from gateway.pages.inside import Reply, remove, tell
from gateway.pages.language import text
from gateway.pages.rooms import Answer, done
from gateway.pages.search_form import question_in
from gateway.pages.search_ways import SAVED, Search, fields_for, page_of, saved_page
from gateway.pages.searches import found

_SEARCHES = path_of("searches")
_MOST = 200  # of a page of customers'
_SHOWN = 50


@blueprint.get("/customers/searches")
@permits("customers.see")
def show_searches() -> Answer:
    """One's own and those shared with one, each with what it looks for."""
    return _list(forms.said(), "", 200)


@blueprint.post("/customers/searches")
@permits("customers.edit")
def save_search() -> Answer:
    """What is looked for is saved under the name in the form; without one the form asks for it."""
    fields = fields_for(the_company(), request.form)
    search = Search(question_in(request.form, fields.named), fields)
    if "title" not in request.form:
        return _saving(search, "", 200)
    if not request.form["title"].strip():
        return _saving(search, text("save_search.unnamed"), 422)
    reply = _saved(request.form["title"], "shared" in request.form, search.question)
    if not reply.ok:
        return _saving(search, wrong_in(reply), reply.status)
    return done(page_of(reply.body["search_id"]), "search_saved")


@blueprint.route("/customers/searches/<search_id>", methods=["GET", "POST"])
@permits("customers.see")
def show_saved(search_id: str) -> Answer:
    """Those whom a saved search finds today; by a form where the address would say who was shown last."""
    held = _the_saved(search_id)
    if isinstance(held, Reply):
        return _list("", wrong_in(held), held.status)
    sort, after = request.values.get("sort", ""), request.values.get("after")
    question = held["question"]
    if sort:
        question = {**question, "sort": sort.removeprefix("-"), "descending": sort.startswith("-")}
    return found(Search(question, fields_for(the_company(), MultiDict()), held), after)


@blueprint.get("/customers/searches/<search_id>/change")
@permits("customers.edit")
def show_changing(search_id: str) -> Answer:
    """Another name, or away with it."""
    return _changing(search_id, _the_saved(search_id))


@blueprint.post("/customers/searches/<search_id>/change")
@permits("customers.edit")
def rename_search(search_id: str) -> Answer:
    """It is saved under the other name first, and then what it was goes: nothing is lost where one of them fails."""
    held = _the_saved(search_id)
    if isinstance(held, Reply):
        return _changing(search_id, held)
    title = request.form.get("title", "").strip()
    if title == held["name"]:
        return done(SAVED, "search_renamed")
    if not title:
        return _changing(search_id, held, text("save_search.unnamed"), 422)
    reply = _saved(title, held["shared"], held["question"])
    if not reply.ok:
        return _changing(search_id, held, wrong_in(reply), reply.status)
    gone = remove(path_of("searches", search_id), forms.key())
    return done(SAVED, "search_renamed" if gone.ok else "search_twice")


@blueprint.post("/customers/searches/<search_id>/removal")
@permits("customers.edit")
def remove_search(search_id: str) -> Answer:
    """It is removed."""
    reply = remove(path_of("searches", search_id), forms.key())
    if reply.ok:
        return done(SAVED, "search_removed")
    return _changing(search_id, _the_saved(search_id), wrong_in(reply), reply.status)


def _saved(title: str, shared: bool, question: Mapping[str, Any]) -> Reply:
    return tell(_SEARCHES, {"name": title.strip(), "shared": shared, "question": question}, forms.key())


def _saving(search: Search, wrong: str, status: int) -> Answer:
    facts = {"search": search, "who": the_asker(), "back": search.alone.address or "/customers"}
    return in_dialog("save_search", facts, "", wrong, status)


def _changing(search_id: str, held: Mapping[str, Any] | Reply, wrong: str = "", status: int = 200) -> Answer:
    """The form, with what is wrong with what was sent; of a search that is not there, why not."""
    saved: Mapping[str, Any] | None = None
    if not isinstance(held, Reply):
        saved = held
    elif not wrong:
        wrong, status = wrong_in(held), held.status
    return in_dialog("change_search", {"saved": saved, "way": page_of(search_id), "back": SAVED}, "", wrong, status)


def _list(said: str, wrong: str, status: int) -> tuple[str, int]:
    reply, company, me = saved_page(_SHOWN, request.args.get("after")), the_company(), the_asker()
    items = reply.body["items"] if reply.ok else []
    facts: dict[str, Any] = {"reply": reply, "company": company, "who": me, "said": said, "wrong": wrong}
    fields = fields_for(company, MultiDict())
    facts["searches"] = [(one, Search(one["question"], fields).sentence) for one in items]
    return render_template("pages/searches.html", **facts), status


def _the_saved(search_id: str) -> Mapping[str, Any] | Reply:
    """One of those that the reader may use, or why not."""
    after = None
    while True:
        reply = saved_page(_MOST, after)
        if not reply.ok:
            return reply
        for one in reply.body["items"]:
            if one["search_id"] == search_id:
                return dict(one)
        after = reply.body["next_after"]
        if after is None:
            return Reply(404, {"detail": text("exports.search_gone")})
