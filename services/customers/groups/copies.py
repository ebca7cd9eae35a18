"""Keeping the copy of deals."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction, upsert
from services.customers.groups.tables import deals


def keep_deal(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Keep whose a deal is and its amount, unless something newer stands there."""
    upsert(tx, deals, values, ["deal_id"], newer_by="sequence")
