"""What is about a person who is erased (the product's own: PIPL 第47条 asks for the erasure, not how)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Erased:
    """A customer who is erased: the phones by which they were known here (E.164), and the receptions they came to."""

    customer_id: str
    phones: frozenset[str]
    visits: frozenset[str]


def is_about(erased: Erased, receptions: Collection[str | None], said: Mapping[str, Any], phones: set[str]) -> bool:
    """Whether a conflict of a journal is about the person: by a reception, by the customer named, or by a phone said.

    `said` is what the entry said but for persons; `receptions` those it led to or names.
    """
    named = (said.get("arrival") or {}).get("customer_id")
    return named == erased.customer_id or not (
        erased.visits.isdisjoint(receptions) and erased.phones.isdisjoint(phones)
    )


def tells_of(erased: Erased, subject: str, body: Mapping[str, Any]) -> bool:
    """Whether an entry of a register is about a reception to which the person came."""
    return subject.removeprefix("reception/") in erased.visits or body.get("reception_id") in erased.visits


def grounds(visits: Iterable[str], disputes: Iterable[str]) -> list[str]:
    """The evidence of penalties whose texts may speak of the person."""
    return sorted([*(f"reception/{one}" for one in visits), *(f"dispute/{one}" for one in disputes)])
