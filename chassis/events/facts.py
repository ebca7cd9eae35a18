"""A fact is a frozen dataclass with a docstring; the catalogue, the contracts and the docs are made from it."""

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True)
class Fact:
    """Something that happened, in the past tense.

    Each subclass is a frozen dataclass with `TYPE` (`reception.completed.v1`). What identifies a person stands in one
    field named `personal` (a dataclass of its own, or None once erased) and nowhere else.
    """

    TYPE: ClassVar[str]


@dataclass(frozen=True)
class About:
    """What a fact is about: an aggregate of the announcing service, its version, and the branch it belongs to."""

    subject: str
    sequence: int
    branch: str | None


def about(kind: str, identifier: str, version: int, branch: str | None) -> About:
    """`about("reception", id, row.version, row.branch_id)`: the version is the row's, raised under its lock."""
    return About(f"{kind}/{identifier}", version, branch)
