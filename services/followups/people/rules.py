"""Which customers are one and the same."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


class CustomerUnknown(Exception):
    """There is no such customer in the asker's reach."""

    def __init__(self, customer_id: str) -> None:
        super().__init__(customer_id)
        self.customer_id = customer_id


class CustomerErased(Exception):
    """The customer's personal data was erased: nothing is recorded of them any more (the product's own)."""


@dataclass(frozen=True)
class Family:
    """The ids that stand for one customer; `winner` is the one to show."""

    winner: str
    members: frozenset[str]


def winner_of(customer_id: str, aliases: Mapping[str, str]) -> str:
    """The customer that `customer_id` was merged into in the end; itself when it was not.

    Should merges ever form a circle, which the register never makes, all of it answers its smallest id.
    """
    path = [customer_id]
    while (winner := aliases.get(path[-1])) is not None:
        if winner in path:
            return min(path[path.index(winner) :])
        path.append(winner)
    return path[-1]


def without_person(customer: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept of an erased customer: code, grade and whose it is, and nothing that tells who it was."""
    return {**customer, "name": None}
