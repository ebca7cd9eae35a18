"""Family (一.5) and what a person decided about two customers who may be one: kinds, states, and what of it counts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID, uuid5

ARTICLE = "一.5"
_NAMESPACE = UUID("b1a6f0de-52b8-5d0e-8f5b-3c4b1f1f9a77")

Pair = tuple[str, str]
"""Two customers' ids, the lesser first."""


class Kin(StrEnum):
    """What the second of a pair is to the first. Siblings, in-laws and friends are `other`: noted, without effect."""

    SPOUSE = "spouse"
    PARENT = "parent"
    CHILD = "child"
    BETROTHED = "betrothed"
    OTHER = "other"

    @property
    def other_way(self) -> "Kin":
        """What the first is to the second."""
        return {Kin.PARENT: Kin.CHILD, Kin.CHILD: Kin.PARENT}.get(self, self)


class State(StrEnum):
    """How far a relation or a change that somebody asked for has come."""

    ASKED = "asked"
    CONFIRMED = "confirmed"
    REFUSED = "refused"
    ENDED = "ended"


class AlreadyDecided(Exception):
    """Somebody has decided this already."""


class OwnRequest(Exception):
    """Who asks for something does not decide it."""

    article = ARTICLE


class NotTwo(Exception):
    """The two are one and the same, or belong to different branches: there is nothing between them to decide."""


class RelationKnown(Exception):
    """These two are related already, or somebody has asked for it."""


class UnknownRelation(Exception):
    """There is no such relation, or not within the asker's reach."""


@dataclass(frozen=True)
class Ties:
    """What holds between pairs of ids: confirmed kin (the second's of the first), the same person, not the same."""

    kin: Mapping[Pair, Kin] = field(default_factory=dict)
    same: frozenset[Pair] = frozenset()
    apart: frozenset[Pair] = frozenset()

    @property
    def ids(self) -> frozenset[str]:
        """Everybody whom one of these ties brings in."""
        return frozenset(one for two in (*self.kin, *self.same) for one in two)

    def __or__(self, other: "Ties") -> "Ties":
        return Ties({**self.kin, **other.kin}, self.same | other.same, self.apart | other.apart)


def pair(one: str, other: str) -> Pair:
    """The two in the order in which a pair is kept."""
    return (one, other) if one < other else (other, one)


def pair_id(two: Pair) -> str:
    """The id of what is decided about these two: the same whoever decides."""
    return str(uuid5(_NAMESPACE, "/".join(two)))


def check_open(state: str) -> None:
    """Raises AlreadyDecided unless this still waits for somebody."""
    if state != State.ASKED:
        raise AlreadyDecided


def check_other(asked_by: str, actor_id: str) -> None:
    """Raises OwnRequest when who asked would decide."""
    if asked_by == actor_id:
        raise OwnRequest
