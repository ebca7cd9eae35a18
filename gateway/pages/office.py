"""The office: what waits for who leads, each decided in a small dialog with its reason."""

from collections.abc import Callable
from typing import Any

from flask import request

from chassis.web import permits, the_asker
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.inside import Reply, tell
from gateway.pages.language import local_path, text
from gateway.pages.matters import DISCIPLINE, KINDS, Item, Kind, sections_for, the_matter
from gateway.pages.rooms import Answer, dialog, done, room, the_place


@blueprint.get("/office")
@permits("office.see")
def show_office() -> Answer:
    """What waits for the reader, list by list; a list that cannot be told says so."""
    place = the_place()
    lists = [(section, section.found(place)) for section in sections_for(the_asker())]
    return room("office", lists=lists, count=sum(len(found.items) for _section, found in lists))


@blueprint.get("/office/penalties/new")
@permits("discipline.decide")
def show_new_penalty() -> Answer:
    """What somebody did that the system did not see."""
    return _new_penalty("", 200)


@blueprint.post("/office/penalties/new")
@permits("discipline.decide")
def propose_penalty() -> Answer:
    """A penalty is proposed by hand; it counts once it is confirmed."""
    said = forms.penalty()
    if the_asker().sees_all_branches:
        said["branch_id"] = the_company().branch_of(said["staff_id"])
    reply = tell(f"{DISCIPLINE}/penalties", said, forms.key())
    return done("/office", "penalty.proposed") if reply.ok else _new_penalty(wrong_in(reply), reply.status)


def _new_penalty(wrong: str, status: int) -> Answer:
    company = the_company()
    people = company.sellers(the_asker().branch_id)
    return dialog("penalty_new", "/office", wrong, status, company=company, people=people, causes=forms.CAUSES)


def _offer(kind: Kind) -> None:
    """The dialog of one kind of matter, and its decision, for whoever has the kind's permission."""

    def show(matter_id: str) -> Answer:
        return _matter(kind, matter_id, the_matter(kind, the_place(), matter_id), "", 200)

    def decide(matter_id: str) -> Answer:
        found = the_matter(kind, the_place(), matter_id)
        if found is None or isinstance(found, Reply):
            return _matter(kind, matter_id, found, "", 409)
        return _decided(kind, matter_id, found)

    way = f"/office/matters/{kind.code}/<matter_id>"
    _add(way, f"matter_{kind.code}", "GET", permits(kind.permission)(show))
    _add(way, f"decide_matter_{kind.code}", "POST", permits(kind.permission)(decide))


def _add(way: str, name: str, method: str, view: Callable[[str], Answer]) -> None:
    blueprint.add_url_rule(way, name, view, methods=[method])


def _decided(kind: Kind, matter_id: str, one: Item) -> Answer:
    choice = request.form.get("choice", "")
    if choice not in kind.may_decide(one):
        return _matter(kind, matter_id, one, text("matters.decided_meanwhile"), 409)
    because = {name: said for name, said in forms.because().items() if said}  # a missing one the service asks for
    verdict = {"decision": choice} if kind.code == "case" else {}
    said = None if choice in kind.wordless else because | verdict
    reply = tell(kind.way.format(**one, choice=choice), said, forms.key())
    if reply.ok:
        return done(_back(), f"{kind.code}.{choice}")
    return _matter(kind, matter_id, one, wrong_in(reply), reply.status)


def _matter(kind: Kind, matter_id: str, found: Item | Reply | None, wrong: str, status: int) -> Answer:
    facts: dict[str, Any] = {"kind": kind, "matter_id": matter_id, "one": None, "choices": ()}
    if isinstance(found, Reply):
        wrong, status = wrong_in(found), found.status
    elif found is None:
        wrong = text("matters.decided_meanwhile")
    else:
        facts |= {"one": found, "choices": kind.may_decide(found), "own": kind.is_own(the_asker(), found)}
    return dialog("matter", _back(), wrong, status, **facts)


def _back() -> str:
    """Where the reader came from: the list of what waits, or the page of a customer."""
    wanted = local_path(request.values.get("back"))
    return wanted if wanted.startswith("/customers/") else "/office"


for _kind in KINDS:
    _offer(_kind)
