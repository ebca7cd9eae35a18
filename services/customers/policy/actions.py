"""Deciding what holds: a new version each time, never an edit."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from chassis import audit, ledger
from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events import OwnershipPolicyChanged, OwnershipSetting
from services.customers.people.rules import day_in
from services.customers.people.views import branch_meant
from services.customers.policy.rules import CompanyPolicyIsHeadquarters, HoldsTooSoon, check
from services.customers.policy.tables import policies

COMPANY = "company"


def make_policy(
    tx: Transaction, who: Who, branch_id: str | None, holds_from: date, values: Mapping[str, Any], reason: str
) -> tuple[str, int]:
    """A new version for a branch, or for the company (None), from a local day on; answers its key.

    Raises CompanyPolicyIsHeadquarters, UnknownBranch, HoldsTooSoon, or what `rules.check` raises.
    """
    check_begin(tx, who, branch_id, holds_from)
    check(values)
    policy_id = branch_id or COMPANY
    told = {"holds_from": holds_from.isoformat(), "values": dict(values), "reason": reason, "by": who.actor_id}
    n = ledger.append(tx, f"ownership_policy/{policy_id}", "policy", policy_id, told)
    row = {"policy_id": policy_id, "n": n, "branch_id": branch_id, "holds_from": holds_from, "document": dict(values)}
    tx.execute(*scoped(policies, who).new(row | {"reason": reason, "made_by": who.actor_id, "made_at": tx.now()}))
    audit.note(tx, who, "ownership_policy.made", f"ownership_policy/{policy_id}", branch_id, n=n)
    settings = [OwnershipSetting(name, json.dumps(value)) for name, value in values.items()]
    fact = OwnershipPolicyChanged(policy_id, branch_id, n, holds_from, settings, reason, who.actor_id)
    record(tx, fact, about("ownership_policy", policy_id, n, branch_id))
    return policy_id, n


def check_begin(tx: Transaction, who: Who, branch_id: str | None, holds_from: date) -> None:
    """Whether `who` may decide for the branch (None: the company) what holds from a local day on.

    Raises CompanyPolicyIsHeadquarters, UnknownBranch, HoldsTooSoon.
    """
    if branch_id is None and not who.sees_all_branches:
        raise CompanyPolicyIsHeadquarters
    today = branch_meant(tx, who, branch_id).day(tx.now()) if branch_id else day_in(None, tx.now())
    if holds_from <= today:
        raise HoldsTooSoon(today + timedelta(days=1))
