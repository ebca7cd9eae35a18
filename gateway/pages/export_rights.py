"""What the roles may take out: seen by who exports, said by headquarters."""

from typing import Any
from urllib.parse import quote

from flask import redirect, render_template, request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.inside import Reply, ask, patch
from gateway.pages.rooms import Answer
from gateway.pages.sheet_fields import EXPORTED, title_of

_RIGHTS = "/api/v1/customers/export-rights"
SCOPES = ("own", "team", "branch", "all")


@blueprint.get("/exports/rights")
@permits("customers.export_rights")
def show_export_rights() -> Answer:
    """Each role: whose customers, which fields, whole phones or not, how many at once."""
    reply = ask(_RIGHTS)
    facts = {"reply": reply, "title_of": title_of, "said": forms.said()}
    return render_template("pages/export_rights.html", **facts), 200 if reply.ok or reply.away else reply.status


@blueprint.get("/exports/rights/<role>")
@permits("customers.export_rights")
def show_export_right(role: str) -> Answer:
    """What one role may, in a form."""
    return _form(role, ask(_at(role)), "", 200)


@blueprint.post("/exports/rights/<role>")
@permits("customers.export_rights")
def change_export_right(role: str) -> Answer:
    """What the form says holds from now, unless somebody else changed it meanwhile."""
    most = request.form.get("most_rows", "").strip()
    said: dict[str, Any] = {
        "allowed": request.form.get("allowed") == "yes",
        "scope": request.form.get("scope", ""),
        "fields": request.form.getlist("field"),
        "whole_phones": request.form.get("whole_phones") == "yes",
        "most_rows": int(most) if most.isascii() and most.isdigit() and len(most) < 10 else most,
    }
    reply = patch(_at(role), said, forms.key(), request.form.get("version", ""))
    if reply.ok:
        return redirect("/exports/rights?said=export_right_set", 303)
    return _form(role, ask(_at(role)), wrong_in(reply), reply.status)


def _form(role: str, held: Reply, wrong: str, status: int) -> tuple[str, int]:
    facts = {"held": held, "role": role, "wrong": wrong or wrong_in(held), "typed": request.form, "scopes": SCOPES}
    facts |= {"every": EXPORTED, "title_of": title_of}
    return render_template("pages/export_right.html", **facts), status if held.ok or held.away else held.status


def _at(role: str) -> str:
    return f"{_RIGHTS}/{quote(role, safe='')}"
