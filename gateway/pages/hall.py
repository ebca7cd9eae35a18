"""Putting a board together: reception says what happens, reporting what came of the day."""

from datetime import datetime
from zoneinfo import ZoneInfo

from chassis.clock import StandingClock
from chassis.web import the_asker
from gateway.identity.rules import UnknownInIdentity
from gateway.identity.views import one_branch
from gateway.office import the_office
from gateway.pages.board import COUNTED, Board, to_explain
from gateway.pages.inside import Reply, ask


def board_of(hall_id: str) -> Board | Reply:
    """The board of a hall; what reception said instead when it did not tell."""
    reply = ask(f"/api/v1/reception/halls/{hall_id}/board")
    if not reply.ok:
        return reply
    who, hall = the_asker(), reply.body
    counts = who.may("reporting.see")
    numbers = _numbers(hall["local_day"]) if counts else None
    return Board(hall, _why(to_explain(hall)), numbers, counts, _zone(), who)


def now() -> datetime:
    """The business's present instant."""
    return the_office().database.clock.now()


def standing() -> bool:
    """Whether the clock stands still, for training."""
    return isinstance(the_office().database.clock, StandingClock)


def _why(receptions: list[str]) -> dict[str, str]:
    """The explanation of each, in the reader's language; one that ended meanwhile has none."""
    told = {one: ask(f"/api/v1/reception/receptions/{one}/explanation") for one in receptions}
    return {one: reply.body["text"] for one, reply in told.items() if reply.ok}


def _numbers(day: str) -> dict[str, int] | None:
    reply = ask(f"/api/v1/reporting/days/{day}", branch_id=the_asker().branch_id)
    return {name: reply.body[name] for name in COUNTED} if reply.ok else None


def _zone() -> ZoneInfo:
    """Where the reader's branch is; headquarters reads in China's time."""
    who = the_asker()
    if who.branch_id is None:
        return ZoneInfo("Asia/Shanghai")
    try:
        with the_office().database.read() as tx:
            return ZoneInfo(one_branch(tx, who, who.branch_id)["time_zone"])
    except UnknownInIdentity:
        return ZoneInfo("Asia/Shanghai")
