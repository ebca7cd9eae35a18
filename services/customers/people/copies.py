"""Keeping the copies: each call writes one row, unless something newer stands there."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction, upsert
from services.customers.people.tables import branches, staff


def keep_branch(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Keep a branch's name and time zone."""
    upsert(tx, branches, values, ["branch_id"], newer_by="sequence")


def keep_staff(tx: Transaction, values: Mapping[str, Any]) -> None:
    """Keep a staff member's name, branch and team."""
    upsert(tx, staff, values, ["staff_id"], newer_by="sequence")
