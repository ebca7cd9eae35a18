"""The register of a hall: what happened, entry by entry; undoing; and the line at any moment."""

from datetime import datetime
from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import Company, the_company
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.language import text
from gateway.pages.rooms import HALLS, Answer, Place, dialog, done, room, the_place

_ROWS = 50
_UNDONE = ("reception.opened", "reception.greeted")
_NOT_UNDONE = ("clocked_in", "joined", "left", "corrected")


@blueprint.get("/office/register")
@permits("office.see")
def show_register() -> Answer:
    """The last entries, the newest first, or those before a number; and the line at a moment, if one is asked for."""
    company, place = the_company(), the_place()
    facts: dict[str, Any] = {
        "company": company,
        "place": place,
        "may_be_undone": _may_be_undone,
        "then": None,
        "entries": None,
    }
    if place.hall is None:
        return room("register", **facts)
    at = request.args.get("at", "").strip()
    if at:
        facts["then"] = _line_at(place, company, at)
    return room("register", at=at, **facts | _entries(place))


@blueprint.get("/office/register/<int:n>/undo")
@permits("reception.receive")
def show_undo(n: int) -> Answer:
    """Which entry is a mistake, and why."""
    return _undo(n, "", 200)


@blueprint.post("/office/register/<int:n>/undo")
@permits("reception.receive")
def undo(n: int) -> Answer:
    """A new entry corrects it; nothing is edited."""
    place = the_place()
    because = {name: said for name, said in forms.because().items() if said}
    reply = tell(f"{HALLS}/{place.hall_id}/register/{n}/undo", because, forms.key())
    if reply.ok:
        return done("/office/register", "register.undone", hall=place.hall_id)
    return _undo(n, wrong_in(reply), reply.status)


def _entries(place: Place) -> dict[str, Any]:
    path = f"{HALLS}/{place.hall_id}"
    before = request.args.get("before", "")
    last = ask(f"{path}/line")
    if not last.ok:
        return {"entries": last}
    newest = int(last.body["entry"])
    end = min(newest, int(before) - 1) if before.isascii() and before.isdigit() and len(before) < 12 else newest
    first = max(0, end - _ROWS)
    found = ask(f"{path}/register", after=first, limit=max(1, end - first))
    items = [one for one in found.body["items"] if one["n"] <= end] if found.ok else []
    return {"entries": found, "items": items[::-1], "older": first + 1 if first else None, "newer": end < newest}


def _may_be_undone(entry: dict[str, Any]) -> bool:
    """Whether the button is offered; reception judges each."""
    if entry["corrected_by"] is not None:
        return False
    moved = entry["kind"] == "line" and entry["what"].get("cause") not in _NOT_UNDONE
    return moved or entry["kind"] in _UNDONE


def _line_at(place: Place, company: Company, at: str) -> Reply:
    try:
        moment = datetime.fromisoformat(at)
    except ValueError:
        return Reply(422, {"detail": text("register.no_moment")})
    local = moment.replace(tzinfo=company.zone(place.branch_id)) if moment.tzinfo is None else moment
    return ask(f"{HALLS}/{place.hall_id}/line", at=local.isoformat())


def _undo(n: int, wrong: str, status: int) -> Answer:
    place = the_place()
    found = ask(f"{HALLS}/{place.hall_id}/register", after=n - 1, limit=1) if place.hall else place.reply
    one = next((one for one in found.body["items"] if one["n"] == n), None) if found.ok and place.hall else None
    back = f"/office/register?hall={place.hall_id}"
    return dialog("undo", back, wrong or wrong_in(found), status, n=n, one=one, place=place)
