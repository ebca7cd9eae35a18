"""The board over HTTP."""

from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, etag, reads
from services.reception.board import views
from services.reception.board.schemas import BoardSchema

blueprint = Blueprint("board", __name__)


@blueprint.get("/api/v1/reception/halls/<hall_id>/board")
@reads("reception.see")
@blueprint.response(200, BoardSchema)
def show_board(tx: Transaction, who: Who, hall_id: str) -> dict[str, Any]:
    """The hall at this moment, as it may hang on a wall."""
    board = views.board_of(tx, who, hall_id)
    etag(views.version_of(board))
    return board
