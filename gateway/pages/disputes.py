"""Conflicts between colleagues 同事冲突: reported in one tap from a board or from one's own pages, and how decided."""

from typing import Any

from flask import redirect, render_template, request

from chassis.web import permits, the_asker
from gateway.pages import forms, hall
from gateway.pages.api import HALLS, RECEPTIONS, Answer, after
from gateway.pages.asking import in_dialog, wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.board import Board
from gateway.pages.here import here
from gateway.pages.inside import Reply, ask, asked_in_turn, tell
from gateway.pages.language import text
from gateway.pages.mine import DISCIPLINE

_DISPUTES = f"{DISCIPLINE}/disputes"
_SHOWN = 10
MATTERS = ("whose_customer", "whose_turn", "words", "other")
"""What conflicts are mostly about; one of them said is enough, the rest can be typed."""


@blueprint.get("/mine/disputes")
@permits("discipline.answer")
def show_disputes() -> Answer:
    """The disputes that one is a side of, or may see, the latest first, with what was decided."""
    found, halls = asked_in_turn(lambda: ask(_DISPUTES, limit=_SHOWN), lambda: ask(HALLS))
    places = halls.body["items"] if halls.ok else []
    about = _matters(found.body["items"], places) if found.ok else []
    facts = {"reply": found, "halls": places, "disputes": about, "here_at": here(), "me": the_asker().actor_id}
    return render_template("pages/disputes.html", said=forms.said(), part="disputes", **facts)


@blueprint.get("/halls/<hall_id>/dispute")
@permits("discipline.answer")
def show_dispute(hall_id: str) -> Answer:
    """Who, which reception, which customer, what: as much of it as the tap already says."""
    return _form(hall_id, None, "", 200)


@blueprint.post("/halls/<hall_id>/dispute-look-ups")
@permits("discipline.answer")
def look_up_for_dispute(hall_id: str) -> Answer:
    """The same form, with the customer whom the phone belongs to."""
    return _looked_up(hall_id)


@blueprint.post("/halls/<hall_id>/dispute")
@permits("discipline.answer")
def report_dispute(hall_id: str) -> Answer:
    """The dispute goes to who leads on site; what is wrong comes back with what was typed.

    A phone that was typed is looked up first, so that nobody reports about a customer they did not see named.
    """
    if request.form.get("phone", "").strip() and "customer_id" not in request.form:
        return _looked_up(hall_id)
    reply = tell(_DISPUTES, _reported(), forms.key())
    if not reply.ok:
        return _form(hall_id, None, wrong_in(reply), reply.status)
    if "HX-Request" in request.headers:
        return after(hall_id, reply, "dispute_reported")
    return redirect("/mine/disputes?said=dispute_reported", 303)


def _reported() -> dict[str, Any]:
    form = request.form
    matter = form.get("matter", "")
    words = [text(f"dispute.matters.{matter}")] if matter in MATTERS[:-1] else []
    said = text("dispute.and").join([*words, *filter(None, [form.get("said", "").strip()])])
    named = {name: sent for name in ("reception_id", "customer_id") if (sent := form.get(name, "").strip())}
    return {"other_id": form.get("other_id", ""), "said": said} | named


def _looked_up(hall_id: str) -> Answer:
    reply = tell(f"{HALLS}/{hall_id}/look-ups", forms.look_up(), "")
    return _form(hall_id, reply if reply.ok else None, wrong_in(reply), 200 if reply.ok else reply.status)


def _form(hall_id: str, found: Reply | None, wrong: str, status: int) -> Answer:
    board, me = hall.board_of(hall_id), the_asker().actor_id
    line: list[Any] = []
    if isinstance(board, Board):
        line = [one for one in board.hall["line"] if one["staff_id"] != me]
    facts: dict[str, Any] = {"line": line, "board": board if isinstance(board, Board) else None, "matters": MATTERS}
    facts |= {"found": found and found.body, "reception_id": request.values.get("reception_id", "")}
    return in_dialog("dispute", facts | {"other_id": request.values.get("other_id", "")}, hall_id, wrong, status)


def _matters(disputes: list[dict[str, Any]], halls: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each dispute with its reception and its customer, as far as they can be told now."""
    return [one | _matter(one, halls) for one in disputes]


def _matter(one: dict[str, Any], halls: list[dict[str, Any]]) -> dict[str, Any]:
    reception = ask(f"{RECEPTIONS}/{one['reception_id']}") if one["reception_id"] else None
    hall_id = reception.body["hall_id"] if reception and reception.ok else halls[0]["hall_id"] if halls else None
    customer, customer_id = None, one["customer_id"]
    if customer_id is None and reception and reception.ok:  # who came was registered only after it was reported
        customer_id = reception.body["customer_id"]
    if customer_id and hall_id:
        known = tell(f"{HALLS}/{hall_id}/look-ups", {"customer_id": customer_id}, "")
        customer = next(iter(known.body["candidates"]), None) if known.ok else None
    return {"reception": reception.body if reception and reception.ok else None, "customer": customer}
