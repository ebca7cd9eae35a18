"""Stepping out (一.1): who needs a stand-in, who that is, when the time is over, and who forfeits by leaving.

Only A and B are bound to their places (A、B位不能随意走动); everybody else on duty steps out freely. Whole seconds
decide, fractions dropped in the person's favour.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from services.reception.discipline.rules import OwnCase
from services.reception.receptions.rules import Actor
from services.reception.rotation.rules import RECEIVE_THEIR_OWN, NotOnTheLine, Place, Role, Standing, a_and_b


class State(StrEnum):
    """Where a step-out stands. Overstayed, one is still away until back."""

    ASKED = "asked"
    AWAY = "away"
    OVERSTAYED = "overstayed"
    BACK = "back"
    OFF_DUTY = "off_duty"  # went off duty while away
    CANCELLED = "cancelled"


@dataclass(frozen=True)
class Freely:
    """Neither A nor B: nobody has to take the place."""


@dataclass(frozen=True)
class NeedsStandIn:
    """A or B: `asked` is who takes the place if they accept; None when nobody is free: a supervisor may grant leave."""

    asked: str | None


class NotOnDutyHere(Exception):
    """Only who is on duty in the hall, and not suspended, has a place to step out from or to confirm."""


class ServingNow(Exception):
    """Whoever serves finishes, or hands over, before stepping out."""


class AwayAlready(Exception):
    """This person has stepped out already."""


class NotAway(Exception):
    """This person has not stepped out."""


class AskedAlready(Exception):
    """This person has asked to step out and waits for the stand-in."""


class StepOutIsOver(Exception):
    """Nobody waits for this to be accepted, granted or cancelled any more."""


class UnknownReason(Exception):
    """The policy knows no such reason to step out; `reasons` are those it knows."""

    def __init__(self, reason: str, known: Iterable[str]) -> None:
        super().__init__(reason)
        self.reason, self.reasons = reason, ", ".join(known)


class NotNextInLine(Exception):
    """Only the next free person after the one who leaves takes the place (顺位代替)."""

    article = "一.1"


class SomebodyIsFree(Exception):
    """While somebody is free to take the place, no supervisor need grant leave."""

    article = "一.1"


class NotYourStepOut(Exception):
    """Whoever asked to step out takes it back, or a supervisor or manager."""


class NotASupervisor(Exception):
    """Only a supervisor or manager grants leave and excuses forfeits."""


class NotAColleague(Exception):
    """Only who stands in the hall's line, or leads, says that somebody walked off."""


class NotBound(Exception):
    """Only A and B, and whoever was called for a visitor as A, forfeit by walking off."""

    article = "一.1"


class NotA(Exception):
    """Only A confirms that the materials are ready."""

    article = "一.1"


def leave_of(line: Sequence[Place], staff_id: str) -> Freely | NeedsStandIn:
    """What this person needs to step out now; raises NotOnTheLine, NotOnDutyHere, ServingNow or AwayAlready."""
    check_is_here(line, staff_id)
    return NeedsStandIn(next_stand_in(line, staff_id)) if staff_id in a_and_b(line) else Freely()


def check_is_here(line: Sequence[Place], staff_id: str) -> None:
    """Raises NotOnTheLine, NotOnDutyHere, ServingNow or AwayAlready unless this person is free here."""
    match standing_of(line, staff_id):
        case Standing.SERVING:
            raise ServingNow
        case Standing.AWAY:
            raise AwayAlready
        case Standing.FREE:
            return
        case _:
            raise NotOnDutyHere


def standing_of(line: Iterable[Place], staff_id: str) -> Standing:
    """What somebody is doing; raises NotOnTheLine."""
    for place in line:
        if place.staff_id == staff_id:
            return place.standing
    raise NotOnTheLine


def next_stand_in(line: Sequence[Place], staff_id: str) -> str | None:
    """The next free person after this one, wrapping round to the head; None when nobody else is free."""
    order = [place.staff_id for place in line]
    at = order.index(staff_id)
    return next((place.staff_id for place in (*line[at + 1 :], *line[:at]) if place.is_free), None)


def check_may_accept(line: Sequence[Place], staff_id: str, stand_in_id: str) -> None:
    """Who leaves is free to, and this is the next free person now; raises as check_is_here, or NotNextInLine."""
    check_is_here(line, staff_id)
    if next_stand_in(line, staff_id) != stand_in_id:
        raise NotNextInLine


def check_may_grant(line: Sequence[Place], staff_id: str, actor: Actor) -> None:
    """Raises NotASupervisor, OwnCase, SomebodyIsFree, or as check_is_here."""
    check_leads(actor, staff_id)
    check_is_here(line, staff_id)
    if next_stand_in(line, staff_id) is not None:
        raise SomebodyIsFree


def check_leads(actor: Actor, staff_id: str) -> None:
    """Who leads decides, never in an own case; raises NotASupervisor or OwnCase."""
    if not actor.leads:
        raise NotASupervisor
    if actor.staff_id == staff_id:
        raise OwnCase


def check_may_cancel(actor: Actor, staff_id: str) -> None:
    """Raises NotYourStepOut for anybody but who asked and who leads."""
    if not actor.leads and actor.staff_id != staff_id:
        raise NotYourStepOut


def check_may_report(line: Iterable[Place], actor: Actor) -> None:
    """A colleague of the line, or who leads, says that somebody walked off; raises NotAColleague."""
    if not actor.leads and all(place.staff_id != actor.staff_id for place in line):
        raise NotAColleague


def check_forfeits(line: Sequence[Place], staff_id: str, called_as: Role | None) -> None:
    """Walking off costs A and B their turn, whether or not a customer came: so too who was called as A and not there.

    `called_as`: as what the person was called for a visitor who is not greeted yet. Raises NotBound, or as
    check_is_here.
    """
    if called_as is None:
        check_is_here(line, staff_id)
    elif called_as not in RECEIVE_THEIR_OWN:
        return
    if staff_id not in a_and_b(line):
        raise NotBound


def limit_of(reason: str, out_for: Mapping[str, int]) -> timedelta:
    """How long one may be out for this reason, in whole seconds; raises UnknownReason."""
    if reason not in out_for:
        raise UnknownReason(reason, out_for)
    return timedelta(seconds=out_for[reason])


def is_over(until: datetime, now: datetime) -> bool:
    """Whether the limit is past; the second in which it falls is dropped in the person's favour."""
    return now - until >= timedelta(seconds=1)


def check_is_a(line: Sequence[Place], staff_id: str) -> None:
    """Raises NotA unless this person stands at A."""
    if a_and_b(line)[0] != staff_id:
        raise NotA
