"""Today's hall: the board, and what people do on it."""

from urllib.parse import urlencode

from flask import Response, redirect, render_template, request
from werkzeug.wrappers.response import Response as AnyResponse

from chassis.web import SIGNED_IN, permits, the_asker
from gateway.pages import forms, hall
from gateway.pages.acting import Unproved, act
from gateway.pages.asking import ask_pin
from gateway.pages.blueprint import blueprint
from gateway.pages.board import Board
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.language import text

HALLS = "/api/v1/reception/halls"
RECEPTIONS = "/api/v1/reception/receptions"
Answer = Response | AnyResponse | str | tuple[str, int] | tuple[str, int, dict[str, str]]


@blueprint.get("/")
@permits(SIGNED_IN)
def home() -> Answer:
    """Today in the first of the reader's halls."""
    if not the_asker().may("reception.see"):
        return render_template("pages/nothing.html")
    halls = ask(HALLS)
    if not halls.ok or not halls.body["items"]:
        return render_template("pages/nothing.html", reply=halls)
    return _page(halls.body["items"][0]["hall_id"], halls)


@blueprint.get("/halls/<hall_id>")
@permits("reception.see")
def show_hall(hall_id: str) -> Answer:
    """Today in one hall."""
    return _page(hall_id, ask(HALLS))


@blueprint.get("/halls/<hall_id>/board")
@permits("reception.see")
def show_board(hall_id: str) -> Answer:
    """The board alone, for a page that is open already; 304 when nothing changed."""
    found = hall.board_of(hall_id)
    if isinstance(found, Reply):
        return render_template("pages/_away.html", reply=found), 200 if found.away else found.status
    mark = found.mark()
    if mark in request.if_none_match:
        return _tagged(Response(status=304), mark)
    return _tagged(Response(_fragment(found), mimetype="text/html"), mark)


@blueprint.post("/halls/<hall_id>/clock-in")
@permits("reception.admit")
def clock_in(hall_id: str) -> Answer:
    """The reader comes on duty."""
    return after(hall_id, act(f"{HALLS}/{hall_id}/clock-in", None), "clocked_in")


@blueprint.post("/halls/<hall_id>/clock-out")
@permits("reception.admit")
def clock_out(hall_id: str) -> Answer:
    """The reader goes off duty."""
    return after(hall_id, act(f"{HALLS}/{hall_id}/clock-out", None), "clocked_out")


@blueprint.post("/halls/<hall_id>/receptions/<reception_id>/greet")
@permits("reception.admit")
def greet(hall_id: str, reception_id: str) -> Answer:
    """The visitor was greeted."""
    return after(hall_id, act(f"{RECEPTIONS}/{reception_id}/greet", None), "greeted")


@blueprint.post("/halls/<hall_id>/receptions/<reception_id>/leave")
@permits("reception.admit")
def leave(hall_id: str, reception_id: str) -> Answer:
    """The visitor went without being registered."""
    return after(hall_id, act(f"{RECEPTIONS}/{reception_id}/leave", None), "left")


@blueprint.post("/halls/<hall_id>/waiting/<reception_id>/leave")
@permits("reception.admit")
def leave_waiting(hall_id: str, reception_id: str) -> Answer:
    """A visitor went whom nobody received yet: the door sees it, and needs no PIN."""
    return after(hall_id, tell(f"{RECEPTIONS}/{reception_id}/leave", None, forms.key()), "left")


@blueprint.post("/halls/<hall_id>/receptions/<reception_id>/take-over")
@permits("reception.admit")
def take_over(hall_id: str, reception_id: str) -> Answer:
    """The customer's own salesperson takes the visitor over."""
    return after(hall_id, act(f"{RECEPTIONS}/{reception_id}/take-over", None), "taken_over")


@blueprint.post("/halls/<hall_id>/receptions/<reception_id>/witness")
@permits("reception.admit")
def witness(hall_id: str, reception_id: str) -> Answer:
    """A colleague has heard that the visitor is not buying."""
    return after(hall_id, act(f"{RECEPTIONS}/{reception_id}/witness", None), "witnessed")


def _page(hall_id: str, halls: Reply) -> Answer:
    return _hall_page(hall_id, halls, forms.said(), "", 200)


def _hall_page(hall_id: str, halls: Reply, said: str, wrong: str, status: int) -> Answer:
    found = hall.board_of(hall_id)
    choice = halls.body.get("items", []) if halls.ok else []
    board = found if isinstance(found, Board) else None
    facts = {"board": board, "halls": choice, "hall_id": hall_id, "said": said, "wrong": wrong}
    facts["receipt_of"] = request.args.get("receipt_of", "")
    mark = board.mark() if board else ""
    missing = isinstance(found, Reply) and not found.away
    shown = render_template("pages/hall.html", reply=found if board is None else None, mark=mark, **facts)
    return shown, found.status if missing and isinstance(found, Reply) else status


def after(hall_id: str, reply: Reply, code: str, receipt_of: str = "") -> Answer:
    """What follows an act: the board as it is now, and a word; without scripts the whole page.

    At a shared tablet it is asked first who acts. `receipt_of` names the reception whose receipt the word leads to.
    """
    if isinstance(reply, Unproved):
        return ask_pin(hall_id, reply)
    wrong = "" if reply.ok else reply.detail or text("says.away")
    if "HX-Request" not in request.headers:
        if wrong:
            return _hall_page(hall_id, ask(HALLS), "", wrong, reply.status)
        return redirect(f"/halls/{hall_id}?{urlencode({'said': code} | _registered(receipt_of))}", 303)
    found = hall.board_of(hall_id)
    if isinstance(found, Reply):
        return render_template("pages/_away.html", reply=found), found.status
    words = {"said": "" if wrong else text(f"says.{code}"), "wrong": wrong} | _registered(receipt_of)
    shown = _fragment(found) + render_template("pages/_message.html", apart=True, **words)
    answer = _tagged(Response(shown, reply.status if wrong else 200, mimetype="text/html"), found.mark())
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#board", "innerHTML"
    return answer


def _registered(reception_id: str) -> dict[str, str]:
    return {"receipt_of": reception_id} if reception_id else {}


def _fragment(board: Board) -> str:
    return render_template("pages/_board.html", board=board)


def _tagged(answer: Response, mark: str) -> Response:
    answer.set_etag(mark)
    answer.headers["X-Board-Now"] = hall.now().isoformat()
    return answer
