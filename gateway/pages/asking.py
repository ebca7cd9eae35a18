"""How a form is asked for: in the dialog that wanted it, or without scripts on a page of its own."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Response, render_template, request

from gateway.pages.acting import Unproved, at_a_tablet, people_at
from gateway.pages.inside import Reply
from gateway.pages.language import text

_NOT_CARRIED = ("csrf_token", "key", "actor_id", "pin")


def in_dialog(name: str, facts: Mapping[str, Any], hall_id: str, wrong: str, status: int) -> tuple[str, int]:
    """The form in the dialog that asked for it, or on a page of its own; what was typed stays in it."""
    said: dict[str, Any] = {"hall_id": hall_id, "typed": request.form, "wrong": wrong, "form": f"pages/_{name}.html"}
    said["people"] = partial(people_at, hall_id) if at_a_tablet() else list
    page = str(said["form"]) if "HX-Request" in request.headers else "pages/dialog.html"
    return render_template(page, title=text(f"{name}.title"), **said, **facts), status


def wrong_in(reply: Reply) -> str:
    """What a form has to say about it; nothing when all is well."""
    return "" if reply.ok else reply.detail or text("says.away")


def ask_pin(hall_id: str, reply: Unproved) -> Response:
    """Who does what was tapped, and their PIN; what came with the tap goes along."""
    again = "pin" in request.form
    carried = [pair for pair in request.form.items(multi=True) if pair[0] not in _NOT_CARRIED]
    facts = {"deed": str(request.endpoint).rpartition(".")[2], "path": request.path, "carried": carried}
    shown, status = in_dialog("pin", facts, hall_id, wrong_in(reply) if again else "", reply.status if again else 200)
    answer = Response(shown, status, mimetype="text/html")
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#dialog", "innerHTML"
    return answer
