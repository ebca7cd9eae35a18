"""/api/v1/events: the feed and its stream."""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from flask import Response, request
from werkzeug.wrappers import Request

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, permits, reads, the_asker
from gateway.feed import views
from gateway.feed.schemas import EventsSchema, FeedArguments, StreamArguments
from gateway.feed.stream import Watch, stream
from gateway.office import the_office

blueprint = Blueprint("events", __name__)


@blueprint.get("/api/v1/events")
@blueprint.arguments(FeedArguments, location="query")
@reads("events.read")
@blueprint.response(200, EventsSchema)
def list_events(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> dict[str, Any]:
    """Events after a cursor, of the asker's branch or of all branches."""
    cursors = the_office().cursors
    types = [name.strip() for name in asked["types"].split(",") if name.strip()]
    page = views.page(tx, who, cursors.open(asked["after"]), types, asked["limit"])
    return {"items": page.items, "next_after": cursors.seal(page.scanned)}


@blueprint.get("/api/v1/events/stream")
@blueprint.arguments(StreamArguments, location="query")
@permits("events.watch")
@blueprint.alt_response(
    200, content_type="text/event-stream", description="Server-sent events: that something happened"
)
def watch_events(asked_for: Mapping[str, Any]) -> Response:
    """Server-sent events that say that something happened, from now on or after Last-Event-ID."""
    office, who = the_office(), the_asker()
    last = request.headers.get("Last-Event-ID")
    after = None if last is None else office.cursors.open(last)
    asked = Request(request.environ)

    def still() -> bool:
        return office.doorkeeper.who(asked) == who

    pieces = stream(office.database, office.hub, office.cursors, Watch(who, asked_for["about"], after), still)
    first = next(pieces)  # joins now, so that one too many is refused before the answer begins
    return Response(_Stream(first, pieces), mimetype="text/event-stream", headers=_LIVE)


_LIVE = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}


class _Stream:
    """The pieces of a stream; closing it leaves the hub also when nothing was read."""

    def __init__(self, first: str, pieces: Any) -> None:
        self._pieces = pieces
        self._all = chain((first,), pieces)

    def __iter__(self) -> Any:
        return self._all

    def close(self) -> None:
        self._pieces.close()
