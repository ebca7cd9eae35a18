"""The tree of a group: who stands under whom, and what each part comes to."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace


class UnknownParent(Exception):
    """There is no such customer to be the parent in this branch, or not within the asker's reach."""


class ParentBelow(Exception):
    """The parent belongs, directly or through others, to the customer itself: it would go round in a circle."""


class ParentBelowOnceParted(ParentBelow):
    """The parent belongs to the customer as soon as a merge is taken back: then it would go round in a circle."""


@dataclass(frozen=True)
class Totals:
    """What customers come to: how many they are, their deals, and the amounts of these in cents, as far as known."""

    customers: int = 0
    deals: int = 0
    amount: int = 0

    def __add__(self, other: "Totals") -> "Totals":
        sums = (self.customers + other.customers, self.deals + other.deals, self.amount + other.amount)
        return Totals(*sums)


@dataclass(frozen=True)
class Member:
    """A customer of a group, for one reader: out of their reach it has no code and no name. `own`: without others."""

    customer_id: str
    code: str | None
    name: str | None
    in_reach: bool
    own: Totals


@dataclass(frozen=True)
class Placed:
    """A member in its place: `depth` 0 is the top; `totals` are its own and those of all that stand under it."""

    member: Member
    parent_id: str | None
    depth: int
    totals: Totals


Above = Mapping[str, str]
"""What an id stands under: a customer under its parent, an id that was merged under the one it stands for."""


def chain(customer_id: str, above: Above) -> list[str]:
    """This id and all that it stands under, upwards; where that goes round in a circle, once round."""
    return list(_climbing(customer_id, above))


def _climbing(customer_id: str, above: Above) -> Iterator[str]:
    seen: set[str] = set()
    at: str | None = customer_id
    while at is not None and at not in seen:
        yield at
        seen.add(at)
        at = above.get(at)


def check_parent(customer_id: str, parent_id: str, above: Above, parted: Above) -> None:
    """Raises ParentBelow when the parent is the customer, or stands under it; ParentBelowOnceParted when it would, if
    some merges were taken back. `parted`: what ids that were merged would stand under then.

    A merge may close a circle, which is read as a group all the same; people never do.
    """
    if customer_id in chain(parent_id, above):
        raise ParentBelow
    if customer_id in _upwards(parent_id, above, parted):
        raise ParentBelowOnceParted


def _upwards(customer_id: str, *ways: Above) -> set[str]:
    """This id and all to which one of these ways leads from it."""
    seen, waiting = {customer_id}, [customer_id]
    while waiting:
        at = waiting.pop()
        further = {above[at] for above in ways if at in above} - seen
        seen |= further
        waiting += further
    return seen


def top_of(customer_id: str, above: Above, active: Collection[str]) -> str:
    """The customer at the top of the group. Merged customers may close a circle: then the one with the least id."""
    line = [one for one in chain(customer_id, above) if one in active]
    closes = above.get(chain(customer_id, above)[-1])
    return line[-1] if closes is None or closes not in line else min(line[line.index(closes) :])


def holder(one: str, above: Above, members: Collection[str]) -> str | None:
    """The member that this id stands for or under: itself, or the first further up."""
    return next((at for at in _climbing(one, above) if at in members), None)


def tree(top_id: str, members: Mapping[str, Member], above: Above) -> list[Placed]:
    """The members from the top downwards, each before those under it; branches in which nothing is in reach are left
    out.
    """
    under = defaultdict(list)
    for one in sorted(members.values(), key=_by_code):
        parent_id = holder(above[one.customer_id], above, members) if one.customer_id in above else None
        under[parent_id].append(one)
    placed = list(_downwards(members[top_id], under))
    totals = {each.member.customer_id: each.member.own for each in placed}
    for each in reversed(placed):
        if each.parent_id is not None:
            totals[each.parent_id] += totals[each.member.customer_id]
    summed = [replace(each, totals=totals[each.member.customer_id]) for each in placed]
    return [each for each in summed if each.totals.customers]


def _downwards(top: Member, under: Mapping[str | None, list[Member]]) -> Iterator[Placed]:
    """Depth first, without recursion: a group may be as deep as it likes."""
    seen, waiting = {top.customer_id}, [Placed(top, None, 0, top.own)]
    while waiting:
        here = waiting.pop()
        yield here
        below = [one for one in under.get(here.member.customer_id, ()) if one.customer_id not in seen]
        seen.update(one.customer_id for one in below)
        waiting += [Placed(one, here.member.customer_id, here.depth + 1, one.own) for one in reversed(below)]


def _by_code(member: Member) -> tuple[int, str, str]:
    digits = re.sub(r"\D", "", member.code or "")
    return int(digits or 0), member.code or "", member.customer_id
