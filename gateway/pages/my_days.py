"""One's own coming days: shifts, days off, and leave."""

from datetime import date, timedelta
from typing import Any

from flask import redirect, render_template, request

from chassis.web import permits, the_asker
from gateway.pages import forms
from gateway.pages.api import Answer
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.here import here
from gateway.pages.inside import Reply, ask, asked_in_turn, tell

_LEAVES = "/api/v1/reception/leaves"
_AHEAD = 14  # days
_SHOWN = 20


@blueprint.get("/mine/days")
@permits("reception.attend")
def show_days() -> Answer:
    """Two weeks of one's shifts, and one's leave with how it was decided."""
    return _days("", 200)


@blueprint.post("/mine/leaves")
@permits("reception.attend")
def ask_for_leave() -> Answer:
    """One asks for leave; what is wrong comes back with what was typed."""
    place, form = here(), request.form
    span = {name: place.instant(form.get(name, "").strip()) for name in ("starts_at", "ends_at")}
    reply = tell(_LEAVES, span | forms.because(), forms.key())
    if reply.ok:
        return redirect("/mine/days?said=leave_asked", 303)
    return _days(wrong_in(reply), reply.status)


def _days(wrong: str, status: int) -> Answer:
    place = here()
    days = [place.today + timedelta(days=by) for by in range(_AHEAD)]
    roster, leaves = asked_in_turn(
        lambda: ask("/api/v1/reception/roster/mine", first=days[0], last=days[-1]),
        lambda: ask(_LEAVES, staff_id=the_asker().actor_id, limit=_SHOWN),
    )
    facts = {"roster": roster, "leaves": leaves, "days": by_day(roster, days), "here_at": place}
    shown = render_template(
        "pages/my_days.html", said=forms.said(), wrong=wrong, typed=request.form, part="days", **facts
    )
    return shown, status


def by_day(roster: Reply, days: list[date]) -> list[dict[str, Any]]:
    """What each day holds: shifts, what was changed, which halls are closed."""
    names = ("shifts", "changed", "closed")
    on: dict[str, dict[str, Any]] = {str(day): {"day": day} | {name: [] for name in names} for day in days}
    for name in names if roster.ok else ():
        for one in roster.body[name]:
            on[one["day"]][name].append(one)
    return list(on.values())
