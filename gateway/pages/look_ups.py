"""来过吗？谁接待的？ Whose customer a phone is, told the moment it is typed."""

import re

from flask import render_template, request

from chassis.web import permits, the_asker
from gateway.pages import forms
from gateway.pages.api import HALLS, Answer
from gateway.pages.asking import in_dialog
from gateway.pages.blueprint import blueprint
from gateway.pages.inside import tell

_ENOUGH = 7  # digits of the shortest whole phone


@blueprint.get("/halls/<hall_id>/look-up")
@permits("reception.admit")
def show_look_up(hall_id: str) -> Answer:
    """Where the door asks, by the whole phone or its last four digits."""
    return in_dialog("look_up", {}, hall_id, "", 200)


@blueprint.post("/halls/<hall_id>/registered")
@permits("reception.admit")
def whose_is_it(hall_id: str) -> Answer:
    """Whose customer the phone is that is being typed: nothing until it can be one.

    `?n=` says which companion's phone is meant; `?door`: four digits are enough to ask by.
    """
    typed = _typed()
    if not _is_asked(typed):
        return ""
    asked = forms.look_up_of(typed)
    reply = tell(f"{HALLS}/{hall_id}/look-ups", asked, "")
    if not reply.ok and not reply.away:
        return ""  # still being typed; what is wrong with it in the end, the form itself says
    at_door = "door" in request.args
    return render_template("pages/_registered.html", reply=reply, at_door=at_door, me=the_asker().actor_id)


def _typed() -> str:
    n, phones = request.args.get("n", ""), request.form.getlist("companion_phone")
    if n.isascii() and n.isdigit():
        return phones[int(n)].strip() if int(n) < len(phones) else ""
    return request.form.get("phone", "").strip()


def _is_asked(typed: str) -> bool:
    digits = len(re.sub(r"\D", "", typed))
    return digits >= _ENOUGH or ("door" in request.args and digits == 4)
