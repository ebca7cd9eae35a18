"""Keeping the copy of what follow-ups plans: each call writes one row, unless something newer stands there."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction, upsert
from services.customers.finding.tables import contact_days


def keep_contact_days(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Keep when a customer was last contacted and is next to be."""
    upsert(tx, contact_days, values, ["customer_id"], newer_by="sequence")
