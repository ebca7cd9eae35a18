"""The manager's order of the line, with its reason."""

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.inside import Reply, ask, put
from gateway.pages.rooms import HALLS, Answer, Place, done, room, the_place


@blueprint.get("/office/line")
@permits("office.see")
def show_line() -> Answer:
    """The line of a hall as it stands."""
    place = the_place()
    return _page(place, _board(place))


@blueprint.post("/office/line")
@permits("reception.manage")
def reorder() -> Answer:
    """One place up or down, which changes nothing yet; or the new order, with its reason, as it was put together."""
    place = the_place()
    board, order = _board(place), request.form.getlist("order")
    move, _, staff_id = request.form.get("move", "").partition(":")
    if move:
        return _page(place, board, moved(order, staff_id, -1 if move == "up" else 1))
    wish = {"order": order} | forms.because()
    reply = put(f"{HALLS}/{place.hall_id}/line", wish, forms.key(), request.form.get("version", ""))
    if reply.ok:
        return done("/office/line", "line.reordered", hall=place.hall_id)
    return _page(place, board, order, wrong_in(reply), reply.status)


def moved(order: list[str], staff_id: str, by: int) -> list[str]:
    """The order with one person so many places further; who would leave it stays."""
    if staff_id not in order:
        return order
    at = order.index(staff_id)
    rest = [one for one in order if one != staff_id]
    return [*rest[: max(0, at + by)], staff_id, *rest[max(0, at + by) :]]


def _board(place: Place) -> Reply:
    return ask(f"{HALLS}/{place.hall_id}/board") if place.hall else place.reply


def _page(place: Place, board: Reply, order: list[str] | None = None, wrong: str = "", status: int = 200) -> Answer:
    facts = {"place": place, "board": board, "line": [], "version": request.form.get("version", "")}
    if place.hall and board.ok:
        standing = {one["staff_id"]: one for one in board.body["line"]}
        facts["line"] = [standing[one] for one in order or standing if one in standing]
        facts["changed"] = order is not None and order != list(standing)
        facts["version"] = facts["version"] or board.body["line_version"]
    if "HX-Request" in request.headers:
        return room("_line_form", status, wrong=wrong, **facts)
    return room("line", status, wrong=wrong, **facts)
