"""What the rooms of the office share: which hall or branch is looked at, dialogs, and what follows an act."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request
from werkzeug.wrappers.response import Response as AnyResponse

from chassis.web import the_asker
from gateway.pages import forms
from gateway.pages.company import Company, the_company
from gateway.pages.inside import Reply, ask
from gateway.pages.menu import rooms

HALLS = "/api/v1/reception/halls"
WHOLE_COMPANY = "company"
"""What stands in an address instead of a branch where all of them are meant."""

Answer = Response | AnyResponse | str | tuple[str, int]


@dataclass(frozen=True)
class Place:
    """The hall that is looked at, of those in reach; `reply`: what reception said of them."""

    reply: Reply
    hall: Mapping[str, Any] | None

    @property
    def halls(self) -> list[Mapping[str, Any]]:
        return list(self.reply.body.get("items", ())) if self.reply.ok else []

    @property
    def hall_id(self) -> str:
        return str(self.hall["hall_id"]) if self.hall else ""

    @property
    def branch_id(self) -> str | None:
        return str(self.hall["branch_id"]) if self.hall else None


def the_place() -> Place:
    """The hall that the address names, else the first in reach."""
    reply = ask(HALLS, limit=200)
    halls = reply.body.get("items", ()) if reply.ok else ()
    wanted = request.values.get("hall")
    named = (one for one in halls if one["hall_id"] == wanted)
    return Place(reply, next(named, None) or next(iter(halls), None))


def the_branch(company: Company) -> str | None:
    """The branch that the address names, if it is in reach; else one's own, else the first."""
    wanted = request.values.get("branch", "")
    return wanted if wanted in company.branches else the_asker().branch_id or next(iter(company.branches), None)


def branch_or_company(company: Company) -> str | None:
    """For whom something is decided: a branch, or (None) the whole company, by those who see all of it."""
    whole = request.values.get("branch") == WHOLE_COMPANY and the_asker().sees_all_branches
    return None if whole else the_branch(company)


def room(template: str, status: int = 200, **facts: Any) -> tuple[str, int]:
    """A page of the office with the way to its other rooms."""
    company = facts.pop("company", None) or the_company()
    said = {"said": forms.said(), "wrong": "", "typed": request.form} | facts
    return render_template(f"pages/{template}.html", rooms=rooms(), who=the_asker(), company=company, **said), status


def dialog(name: str, back: str, wrong: str = "", status: int = 200, **facts: Any) -> tuple[str, int]:
    """The form in the dialog that asked for it, or without scripts on a page of its own; what was typed stays in it."""
    form, said = f"pages/_{name}.html", {"typed": request.form, "wrong": wrong, "back": back}
    if "HX-Request" in request.headers:
        company = facts.pop("company", None) or the_company()
        return render_template(form, who=the_asker(), company=company, **said, **facts), status
    return room("office_dialog", status, form=form, **said, **facts)


def done(path: str, code: str, **query: str) -> Answer:
    """What follows an act that was done: the page it was done on, with a word about it."""
    way = f"{path}?{urlencode(query | {'said': code})}"
    if "HX-Request" in request.headers:
        return Response(status=204, headers={"HX-Redirect": way})
    return redirect(way, 303)
