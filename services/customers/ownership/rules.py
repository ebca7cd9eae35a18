"""Handing over in a fair split. All of it is the product's own rule, not the source's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from services.customers.files.rules import Why
from services.customers.register.rules import Entry, Origin


class OwnerNotInReach(Exception):
    """The new owner does not work at the branch, or not within the asker's reach."""


class NothingToHandOver(Exception):
    """This person owns no customer of the branch."""


@dataclass(frozen=True)
class Held:
    """A customer to be handed over, with what makes one customer worth more attention than another."""

    customer_id: str
    code: str
    grade: str | None
    key_account: bool


@dataclass(frozen=True)
class Change:
    """A change of owner (None: to the pool), and under which of the customer's ids it came about."""

    customer_id: str
    owner_id: str | None
    since: datetime
    because: str


def joined_at(changes: Iterable[Change]) -> dict[str, datetime]:
    """Which ids joined the customer as somebody else's, and when; `changes` are all of the customer, the last first."""
    last: dict[str, Change] = {}
    for one in changes:
        last.setdefault(one.customer_id, one)
    return {customer_id: one.since for customer_id, one in last.items() if one.because == Why.MERGED}


def owned_since(owner_id: str, changes: Sequence[Change]) -> datetime | None:
    """Since when the present owner has been it without a break; None: from the beginning.

    Who joined the customer as somebody else's makes the owner nothing anew.
    """
    joined = joined_at(changes)
    kept = (one for one in changes if one.customer_id not in joined)
    return min((one.since for one in takewhile(lambda one: one.owner_id == owner_id, kept)), default=None)


def is_first_visit(owner_id: str | None, changes: Sequence[Change], at: datetime) -> bool:
    """Whether a visit at `at` was one to a customer in the pool, who is `owner_id`'s now; `changes` as above.

    A visit heard of late was so too, if what took the customer out of the pool was a later visit; and so is the visit
    that did, when it is told again whose it was. Whom nothing put into the pool was there from the beginning. What
    others joined the customer, or did so no more, took nobody out of it.
    """
    joined = joined_at(changes)
    kept = [one for one in changes if one.customer_id not in joined and one.because not in (Why.MERGED, Why.PARTED)]
    by_visits = list(takewhile(lambda one: one.because == Why.VISITED, kept))
    before = kept[len(by_visits) :][:1]
    if before and (before[0].owner_id is not None or at < before[0].since):
        return False
    return at <= min(one.since for one in by_visits) if by_visits else owner_id is None


def owner_by_visit(
    visit: Entry, entries: Iterable[Entry], owner_id: str | None, changes: Sequence[Change]
) -> str | None:
    """Whose a customer of `owner_id` is by this visit, who was in the pool (一.6); None where it changes nothing.

    Of visits that ended in the same instant the first in the register's order counts. Who joined the customer after
    their visit had been somebody else's on that day.
    """
    together = (one for one in entries if one.origin is Origin.RECEPTION and one.at == visit.at and one.whose)
    joined = joined_at(changes).get(visit.customer_id)
    if min(together, key=lambda one: one.order, default=None) != visit or (joined and visit.at < joined):
        return None
    return visit.whose if is_first_visit(owner_id, changes, visit.at) else None


def split(customers: Sequence[Held], colleagues: Mapping[str, int]) -> dict[str, list[str]]:
    """Whose each customer becomes: customer ids by colleague, everyone of `colleagues` (id → customers held) named.

    Key accounts are dealt out first, then grade A, B, C and the ungraded, one to each in turn: no colleague gets two
    more of a kind than another, nor two more altogether. Who holds fewest is dealt to first.
    """
    order = sorted(colleagues, key=lambda staff_id: (colleagues[staff_id], staff_id))
    ranked = sorted(customers, key=lambda one: (not one.key_account, one.grade or "D", one.code, one.customer_id))
    return {staff_id: [one.customer_id for one in ranked[place :: len(order)]] for place, staff_id in enumerate(order)}
