"""What is one's own: points, fines and penalties, and the appeal; forfeits and suspension."""

from datetime import timedelta
from typing import Any

from flask import redirect, render_template, request

from chassis.web import permits, the_asker
from gateway.pages import forms
from gateway.pages.api import Answer
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.here import here
from gateway.pages.inside import Reply, ask, asked_in_turn, tell
from gateway.pages.language import text

DISCIPLINE = "/api/v1/reception/discipline"
CREDIT = "/api/v1/followups/credit"
_SHOWN = 30
_LOOKED_BACK = timedelta(days=7)
APPEALABLE = ("proposed", "confirmed")
"""Where a penalty stands that its person may appeal; reception has the last word."""

TOLD = (
    "late_by",
    "shift_starts_at",
    "shift_ends_at",
    "clocked_in_at",
    "assigned_at",
    "greeted_at",
    "starts_at",
    "ends_at",
)
"""The facts of evidence that a page spells out."""


@blueprint.get("/mine")
@permits("reception.attend")
def show_mine() -> Answer:
    """One's points, this month's fines and credit, one's penalties, forfeits, suspension and latest receipts."""
    me, place = the_asker().actor_id, here()
    month = f"{place.today:%Y-%m}"
    penalties, points, settlement, forfeits, receipts = asked_in_turn(
        lambda: ask(f"{DISCIPLINE}/penalties", staff_id=me, limit=_SHOWN),
        lambda: ask(f"{DISCIPLINE}/points/{me}", limit=1),
        lambda: ask(f"{DISCIPLINE}/settlements/{month}"),
        lambda: ask("/api/v1/reception/forfeits/mine", limit=_SHOWN),
        lambda: ask("/api/v1/reception/receipts/mine", first=place.today - _LOOKED_BACK, last=place.today),
    )
    parts = {"penalties": penalties, "points": points, "forfeits": forfeits, "receipts": receipts}
    parts["credit"] = ask(CREDIT, month=month, limit=1)
    facts = {"fine": _fine(settlement, me), "month": month, "appealable": APPEALABLE, "here_at": place}
    return render_template("pages/mine.html", said=forms.said(), part="mine", typed={}, **parts, **facts)


@blueprint.get("/mine/penalties/<penalty_id>")
@permits("discipline.answer")
def show_my_penalty(penalty_id: str) -> Answer:
    """One penalty: what it rests on, its way so far, and the appeal."""
    return _penalty(penalty_id, "", 200)


@blueprint.post("/mine/penalties/<penalty_id>/appeal")
@permits("discipline.answer")
def appeal(penalty_id: str) -> Answer:
    """One appeals by one tap: the evidence is in the penalty's file, and a reason need not be typed."""
    because = request.form.get("reason", "").strip() or text("appeal.by_the_evidence")
    reply = tell(f"{DISCIPLINE}/penalties/{penalty_id}/appeal", {"reason": because}, forms.key())
    if reply.ok:
        return redirect("/mine?said=appealed", 303)
    return _penalty(penalty_id, wrong_in(reply), reply.status)


def _penalty(penalty_id: str, wrong: str, status: int) -> Answer:
    reply = ask(f"{DISCIPLINE}/penalties/{penalty_id}")
    facts = {"reply": reply, "here_at": here(), "appealable": APPEALABLE, "told": TOLD, "me": the_asker().actor_id}
    shown = render_template("pages/penalty.html", wrong=wrong, typed=request.form, part="mine", **facts)
    return shown, status if reply.ok or reply.away else reply.status


def _fine(settlement: Reply, me: str) -> int | None:
    """What the month takes from the reader so far, in yuan; None: not known now."""
    if not settlement.ok:
        return None
    mine: list[dict[str, Any]] = [one for one in settlement.body["people"] if one["staff_id"] == me]
    return sum(int(one["due"]) for one in mine)
