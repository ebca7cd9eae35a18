"""The board over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, etag, locale, reads
from services.reception.board import views
from services.reception.board.schemas import BoardSchema
from services.reception.receptions.words import explanation

blueprint = Blueprint("board", __name__)


@blueprint.get("/api/v1/reception/halls/<hall_id>/board")
@reads("reception.see")
@blueprint.response(200, BoardSchema)
def show_board(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    """The hall at this moment, as it may hang on a wall."""
    board = views.board_of(tx, who, hall_id)
    etag(views.version_of(board | {"language": locale()}))
    line = [one | {"reception": one["reception"] and _explained(one["reception"], board)} for one in board["line"]]
    return board | {"line": line, "waiting": [_explained(one, board) for one in board["waiting"]]}


def _explained(reception: dict[str, Any], board: Mapping[str, Any]) -> dict[str, Any]:
    return reception | {"why": explanation(reception, board["names"])["text"]}
