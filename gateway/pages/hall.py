"""Putting a board together: reception says what happens, reporting what came of the day."""

from dataclasses import replace
from datetime import datetime
from typing import cast

from flask import current_app

from chassis.clock import StandingClock
from chassis.identity import Who
from chassis.web import the_asker
from gateway.office import the_office
from gateway.pages.board import COUNTED, Board
from gateway.pages.inside import Reply, ask
from gateway.pages.language import the_language
from gateway.pages.shared import Shared

_OLD = 1.0  # seconds: the day's numbers come by events and are a moment behind anyway


def board_of(hall_id: str) -> Board | Reply:
    """The board of a hall; what reception said instead when it did not tell."""
    who = the_asker()
    path = f"/api/v1/reception/halls/{hall_id}/board"
    reply = _shared().now((path, _seen_by(who), the_language()), lambda: ask(path))
    if not reply.ok:
        return reply
    counts = who.may("reporting.see")
    return Board(reply.body, _numbers(who, reply.body["local_day"]) if counts else None, counts, who, the_language())


def now() -> datetime:
    """The business's present instant."""
    return the_office().database.clock.now()


def standing() -> bool:
    """Whether the clock stands still, for training."""
    return isinstance(the_office().database.clock, StandingClock)


def _shared() -> Shared:
    return cast(Shared, current_app.extensions["pages"])


def _numbers(who: Who, day: str) -> dict[str, int] | None:
    path = f"/api/v1/reporting/days/{day}"
    reply = _shared().lately((path, _counted_for(who)), _OLD, lambda: ask(path, branch_id=who.branch_id))
    return {name: reply.body[name] for name in COUNTED} if reply.ok else None


def _seen_by(who: Who) -> Who:
    """Whoever is like the asker sees the same board: it depends on the branch and on nobody's own."""
    return replace(who, actor_id="")


def _counted_for(who: Who) -> Who:
    """Numbers of one's own or one's team's are nobody else's."""
    return who if who.reach in ("own", "team") else _seen_by(who)
