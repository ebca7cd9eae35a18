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
    """A change of owner (None: to the pool)."""

    owner_id: str | None
    since: datetime
    because: str


def is_first_visit(changes: Sequence[Change], at: datetime) -> bool:
    """Whether a visit at `at` was one to a customer in the pool; `changes` are all of them, the very last first.

    A visit heard of late was so too, if what took the customer out of the pool was a later visit; and so is the visit
    that did, when it is told again whose it was.
    """
    by_visits = list(takewhile(lambda one: one.because == Why.VISITED, changes))
    before = changes[len(by_visits) :][:1]
    if not before or before[0].owner_id is not None or at < before[0].since:
        return False
    return not by_visits or at <= by_visits[0].since


def owner_by_visit(visit: Entry, entries: Iterable[Entry], changes: Sequence[Change]) -> str | None:
    """Whose a customer is by this visit, who was in the pool (一.6); None where it changes nothing.

    Of visits that ended in the same instant the first in the register's order counts.
    """
    together = (one for one in entries if one.origin is Origin.RECEPTION and one.at == visit.at and one.whose)
    if min(together, key=lambda one: one.order, default=None) != visit or not is_first_visit(changes, visit.at):
        return None
    return visit.whose


def split(customers: Sequence[Held], colleagues: Mapping[str, int]) -> dict[str, list[str]]:
    """Whose each customer becomes: customer ids by colleague, everyone of `colleagues` (id → customers held) named.

    Key accounts are dealt out first, then grade A, B, C and the ungraded, one to each in turn: no colleague gets two
    more of a kind than another, nor two more altogether. Who holds fewest is dealt to first.
    """
    order = sorted(colleagues, key=lambda staff_id: (colleagues[staff_id], staff_id))
    ranked = sorted(customers, key=lambda one: (not one.key_account, one.grade or "D", one.code, one.customer_id))
    return {staff_id: [one.customer_id for one in ranked[place :: len(order)]] for place, staff_id in enumerate(order)}
