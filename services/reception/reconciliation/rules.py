"""A customer made here while the register was silent turns out to be another (一.4, 一.5)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Registered:
    """A customer as the register tells of them: since when, and who stands for them after the merges."""

    customer_id: str
    registered_at: datetime
    winner_id: str


@dataclass(frozen=True)
class Reconciled:
    """A completed reception whose customer turned out to be `customer_id` (None: is themselves again).

    `owner_id` is whose that customer is. `same_day`: it became known on the reception's own local day, so that who the
    original was may change, and with it the credit of that day.
    """

    reception_id: str
    customer_id: str | None
    owner_id: str | None
    same_day: bool


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
