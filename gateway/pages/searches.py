"""Looking for customers by any combination of conditions: the form, and the list of those found."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import redirect, render_template, request

from chassis.web import permits, the_asker
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.customer_forms import path_of
from gateway.pages.customers import COLUMNS
from gateway.pages.inside import Reply, tell
from gateway.pages.language import text
from gateway.pages.rooms import Answer
from gateway.pages.search_fields import DETAIL, SearchFields
from gateway.pages.search_form import Sent, address_of, in_addresses, others_in, pairs_of, question_in
from gateway.pages.search_ways import SEARCH, Search, fields_for
from gateway.pages.search_words import phrase, spans_offered

_ROWS = 30
_AT_CONDITION = re.compile(r"conditions\.(\d+)\.")
_DEMAND = ("purpose", "budget", "layout", "area", "preference", "purchasing_power")
_GROUPS: Mapping[str, Sequence[str]] = {
    "place": ("company", "industry", "province", "city", "district"),
    "demand": tuple(f"demand.{one}" for one in _DEMAND),
    "others": ("name", "code", "source", "parent_id", "remarks"),
}
"""The fields of the form that are folded away until they are wanted; the others stand open."""


@blueprint.get("/customers/search")
@permits("customers.see")
def show_search() -> Answer:
    """Those who fit what the address says; it says nothing that anybody has typed."""
    fields = fields_for(the_company(), request.args)
    sent = in_addresses(request.args, fields.named)
    return found(Search(question_in(sent, fields.named), fields), sent.get("after"))


@blueprint.post("/customers/search")
@permits("customers.see")
def search() -> Answer:
    """Those who fit the form: at an address, if one may hold it; what is refused comes back typed."""
    fields = fields_for(the_company(), request.form)
    question, after = question_in(request.form, fields.named), request.form.get("after")
    beside = [("after", after)] if after else []
    address = address_of(SEARCH, pairs_of(question, fields.named) + beside, fields.named)
    return redirect(address, 303) if address else found(Search(question, fields), after)


@blueprint.get("/customers/search/conditions")
@permits("customers.see")
def show_conditions() -> Answer:
    """The form, with the conditions that the address says."""
    fields = fields_for(the_company(), request.args)
    return _form(in_addresses(request.args, fields.named), fields, "", 200)


@blueprint.post("/customers/search/conditions")
@permits("customers.see")
def change_conditions() -> Answer:
    """The form, with all that was asked before."""
    return _form(request.form, fields_for(the_company(), request.form), "", 200)


@blueprint.get("/customers/search/again")
@permits("customers.see")
def show_again() -> Answer:
    """Where a browser comes back to a list that was searched for by words: it sends the same form again, if it can."""
    return render_template("pages/search_again.html")


def found(asked: Search, after: str | None) -> Answer:
    """The list of those who fit; a form that customers refuse comes back, with what is wrong."""
    reply = tell(path_of("searches", "run"), {**asked.question, "after": after, "limit": _ROWS}, "")
    refused = not (reply.ok or reply.away)
    if refused and request.method == "POST" and asked.saved is None:
        return _form(request.form, asked.fields, _wrong_in(reply, asked), reply.status)
    facts: dict[str, Any] = {"reply": reply, "search": asked, "company": asked.fields.company, "columns": COLUMNS}
    shown = render_template("pages/search.html", who=the_asker(), said=forms.said(), **facts)
    return shown, reply.status if refused else 200


def _wrong_in(reply: Reply, asked: Search) -> str:
    """What is wrong with which condition, by the field's name, where customers say which."""
    conditions = asked.question["conditions"]
    at = [(_AT_CONDITION.match(str(one["field"])), one["detail"]) for one in reply.body.get("errors", ())]
    titles = [(asked.fields.named(conditions[int(place[1])]["field"]).title, said) for place, said in at if place]
    return " ".join(text("search.wrong", field=title, said=said) for title, said in titles) or wrong_in(reply)


def _form(sent: Sent, fields: SearchFields, wrong: str, status: int) -> tuple[str, int]:
    others = others_in(sent)
    conditions = question_in(sent, fields.named)["conditions"]
    asked = {one["field"] for one in conditions[: len(conditions) - len(others)]}
    offered = fields.offered()
    offered |= {name: fields.named(name) for name in asked if name not in offered}  # retired, or another branch's
    groups = {**_GROUPS, "own": [name for name in offered if name.startswith(DETAIL)]}
    facts: dict[str, Any] = {"fields": offered, "groups": groups, "asked": asked, "spans": spans_offered}
    facts |= {"sent": sent, "wrong": wrong, "who": the_asker(), "branches": fields.company.branches}
    facts["others"] = [(kept, phrase(one, fields.named(one["field"]))) for kept, one in others]
    return render_template("pages/search_conditions.html", **facts), status
