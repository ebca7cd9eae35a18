"""Whose a deal is (一.6): that of the credit day by how the visitor was received, any other the customer's owner's.

Every question is asked of all that has ever been heard, each thing with the time at which it became so, and never of
the order in which it was heard. Shares are parts of 10,000 and, where the deal has an amount, whole cents; they always
add up to the whole.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo

from services.followups.people.rules import winner_of

VERSION = "built-in-1"
"""Which wording of the rules a line was booked by."""

WHOLE = 10_000


class Rule(StrEnum):
    """Whose a deal is, as reception says it."""

    OWNER = "owner"
    HALF_EACH = "half_each"  # the original's, with the odd cent, and who served the whole visit's
    SERVER = "server"


class Reason(StrEnum):
    """Why a line of the ledger says what it says; texts.toml has the words."""

    HALF_EACH = "half_each"
    SERVER = "server"
    OWNER_THAT_DAY = "owner_that_day"
    OWNER_AFTER = "owner_after"
    NOBODYS = "nobodys"  # the customer has no owner: the deal is who closed it's (the product's own)


ARTICLES: Mapping[Reason, str | None] = {
    Reason.HALF_EACH: "一.6",
    Reason.SERVER: "一.6",
    Reason.OWNER_THAT_DAY: "一.6",
    Reason.OWNER_AFTER: "一.6",
    Reason.NOBODYS: None,
}


class DealUnknown(Exception):
    """There is no such deal in the asker's reach."""

    def __init__(self, deal_id: str) -> None:
        super().__init__(deal_id)
        self.deal_id = deal_id


@dataclass(frozen=True)
class Deal:
    """A closed deal, as it was recorded, or as a signed correction (`correction_id`) says it was.

    `day` is the branch's local day of signing and `signed_time` the hour by its clock, None where only the day is
    known; `amount` is cents.
    """

    deal_id: str
    customer_id: str | None
    day: dt.date
    amount: int | None
    salesperson_id: str | None
    recorded_at: dt.datetime
    signed_time: dt.time | None = None
    correction_id: str | None = None

    def signed_by(self, zone: ZoneInfo) -> dt.datetime:
        """The moment by which it was signed: the hour if it is known, else the end of the day, or the entry before."""
        if self.signed_time is not None:
            return dt.datetime.combine(self.day, self.signed_time, zone)
        return min(self.recorded_at, _end_of(self.day, zone))

    def signed_after(self, zone: ZoneInfo) -> dt.datetime:
        """The moment from which on it may have been signed: the hour if it is known, else the beginning of the day."""
        return dt.datetime.combine(self.day, self.signed_time or dt.time.min, zone)


@dataclass(frozen=True)
class Visit:
    """A completed reception of one customer. `corrected`: the credit was ruled again, and `owner_id` is whose it is."""

    reception_id: str
    customer_id: str
    rule: Rule
    day: dt.date
    completed_at: dt.datetime
    original_id: str | None
    server_id: str | None
    owner_id: str | None
    corrected: bool

    def covers(self, deal: Deal, zone: ZoneInfo) -> bool:
        """Whether a deal is one of the credit day: the arrival's local day, extended until it was completed."""
        return self.day == deal.day or (self.day < deal.day and deal.signed_after(zone) <= self.completed_at)


@dataclass(frozen=True)
class Owned:
    """From this moment a customer was this person's; nobody's while it lay in the pool."""

    customer_id: str
    sequence: int
    owner_id: str | None
    at: dt.datetime


@dataclass(frozen=True)
class Merged:
    """From this moment one id stood for another, or (`active` False) no longer."""

    loser_id: str
    sequence: int
    winner_id: str
    active: bool
    at: dt.datetime


@dataclass(frozen=True)
class Told:
    """Everything that was heard of the customers around a deal; `zone` says which day it was at the branch."""

    visits: Sequence[Visit]
    owners: Sequence[Owned]
    merges: Sequence[Merged]
    zone: ZoneInfo


@dataclass(frozen=True)
class Share:
    """A part of a deal; `cents` is None while the deal has no amount. Nobody's where nobody is known."""

    staff_id: str | None
    parts: int
    cents: int | None


@dataclass(frozen=True)
class Booking:
    """Whose a deal is, by what, resting on which reception (`evidence`)."""

    rule: Rule
    reason: Reason
    evidence: str | None
    shares: tuple[Share, ...]


def booking(deal: Deal, told: Told) -> Booking:
    """Whose the deal is.

    Of the receptions of its day the latest whole visit decides, even if the original closes; else, as on every other
    day, it is the customer's owner's: at the signing, or whoever became the owner first after it.
    """
    there = sorted(_visits_of(deal, told), key=lambda visit: (visit.completed_at, visit.reception_id))
    whole = next((visit for visit in reversed(there) if visit.rule is not Rule.OWNER), None)
    if whole is not None:
        return _whole_visit(deal, whole, told)
    last = there[-1] if there else None
    reason = Reason.OWNER_THAT_DAY if last else Reason.OWNER_AFTER
    owner_id = last.owner_id if last and last.corrected else owner_of(deal, told, last.owner_id if last else None)
    if owner_id is None:
        reason, owner_id = Reason.NOBODYS, deal.salesperson_id
    return Booking(Rule.OWNER, reason, last.reception_id if last else None, shares(deal.amount, owner_id))


def shares(amount: int | None, first_id: str | None, *second_id: str | None) -> tuple[Share, ...]:
    """The whole to the first, or half to each of two: the odd cent is the first's."""
    if not second_id or second_id[0] == first_id:
        return (Share(first_id, WHOLE, amount),)
    half = None if amount is None else amount // 2
    rest = None if amount is None else amount - amount // 2
    return Share(first_id, WHOLE // 2, rest), Share(second_id[0], WHOLE // 2, half)


def owner_of(deal: Deal, told: Told, otherwise: str | None = None) -> str | None:
    """The owner at the signing; who became the owner first, if nothing was known of it then; else `otherwise`."""
    if deal.customer_id is None:
        return otherwise
    signed = deal.signed_by(told.zone)
    changes = {one.at for one in told.owners} | {one.at for one in told.merges}
    later = sorted(at for at in changes if at > signed)
    for at in (signed, *later):
        customer_id = _stands_for(deal.customer_id, told.merges, at)
        held = [one for one in told.owners if one.customer_id == customer_id and one.at <= at]
        if held:
            return max(held, key=lambda one: one.sequence).owner_id
    return otherwise


def companion_rule(rule: Rule, is_new: bool) -> Rule:
    """Whose a deal of somebody is who came with the visitor: after a whole visit an old customer's is halved too."""
    if rule is Rule.OWNER:
        return rule
    return Rule.SERVER if is_new else Rule.HALF_EACH


def _whole_visit(deal: Deal, visit: Visit, told: Told) -> Booking:
    """The original was not at work: an old customer's deal is halved, a new one's is all who served's."""
    if visit.rule is Rule.SERVER:
        return Booking(visit.rule, Reason.SERVER, visit.reception_id, shares(deal.amount, visit.server_id))
    original_id = visit.original_id or owner_of(deal, told)
    halves = shares(deal.amount, original_id, visit.server_id)
    return Booking(visit.rule, Reason.HALF_EACH, visit.reception_id, halves)


def _visits_of(deal: Deal, told: Told) -> Iterable[Visit]:
    """Receptions whose credit day holds the deal; merges count that took effect by the end of it, later ones do not."""
    if deal.customer_id is None:
        return
    ends = _end_of(deal.day, told.zone)
    customer_id = _stands_for(deal.customer_id, told.merges, ends)
    for visit in told.visits:
        if visit.covers(deal, told.zone) and _stands_for(visit.customer_id, told.merges, ends) == customer_id:
            yield visit


def _stands_for(customer_id: str, merges: Iterable[Merged], at: dt.datetime) -> str:
    latest: dict[str, Merged] = {}
    for one in merges:
        if one.at <= at and (one.loser_id not in latest or latest[one.loser_id].sequence < one.sequence):
            latest[one.loser_id] = one
    return winner_of(customer_id, {one.loser_id: one.winner_id for one in latest.values() if one.active})


def _end_of(day: dt.date, zone: ZoneInfo) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.max, zone)
