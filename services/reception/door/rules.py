"""What the door answers to 来过吗？谁接待的？, and what it then records (一.6)."""

import re
from collections.abc import Mapping
from typing import Any

from services.reception.receptions.rules import Relation
from services.reception.rotation.rules import Kind

LAST_FOUR = re.compile(r"[0-9]{4}")


class OneQuestion(Exception):
    """A look-up names one of phone, last four digits and customer: none is too little, two may contradict."""


def suggested(customer_id: str | None, owner_id: str | None, phone: str | None = None) -> dict[str, Any]:
    """The arrival to record for the visitor if they are this customer; nobody's customer pays a first visit."""
    if customer_id is not None and owner_id is not None:
        return {"kind": Kind.RETURNING.value, "customer_id": customer_id, "relation": Relation.SELF.value}
    named = {"customer_id": customer_id} if customer_id is not None else {"phone": phone} if phone is not None else {}
    return {"kind": Kind.FIRST_VISIT.value, **named}


def question(asked: Mapping[str, str | None]) -> str:
    """By what is asked: phone, last_four or customer_id; raises OneQuestion unless exactly one was named."""
    named = [name for name, one in asked.items() if one is not None]
    if len(named) != 1:
        raise OneQuestion
    return named[0]


def is_revealed(phone: str | None, owner_id: str | None, actor_id: str, *, whole: bool) -> bool:
    """Whether what is shown is the whole phone of another's customer."""
    return whole and phone is not None and owner_id != actor_id
