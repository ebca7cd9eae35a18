"""A customer made here while the register was silent turns out to be another (一.4, 一.5)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Registered:
    """A customer as the register tells of them: since when, and who stands for them after the merges."""

    customer_id: str
    registered_at: datetime
    winner_id: str


def reconciled_with(customer_id: str, winner_id: str, made_at: datetime | None, first: Registered | None) -> str | None:
    """With whom the customer of a reception is reconciled; None when they are who they were.

    By merge, whoever stands for them; until a merge is told, whoever was registered first with the phone for which the
    customer was made here at `made_at` (None: the phone is not theirs any more). It is decided by what is known, not by
    the order in which it came.
    """
    if winner_id != customer_id:
        return winner_id
    if made_at is None or first is None or first.customer_id == customer_id or first.registered_at > made_at:
        return None
    return first.winner_id if first.winner_id != customer_id else None
