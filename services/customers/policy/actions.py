"""Deciding what holds: a new version each time, never an edit."""

import json
from datetime import date, timedelta

from sqlalchemy import Table

from chassis import audit, ledger
from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events import OwnershipPolicyChanged, OwnershipSetting
from services.customers.people.rules import day_in
from services.customers.people.views import branch_meant
from services.customers.policy.rules import CompanyPolicyIsHeadquarters, Decision, HoldsTooSoon, check
from services.customers.policy.tables import policies

COMPANY = "company"


def make_policy(tx: Transaction, who: Who, new: Decision) -> tuple[str, int]:
    """A new version; answers its key. Raises what `check_begin` and `rules.check` raise."""
    check_begin(tx, who, new)
    check(new.values)
    policy_id, n = append_version(tx, who, policies, "ownership_policy", new)
    settings = [OwnershipSetting(name, json.dumps(value)) for name, value in new.values.items()]
    fact = OwnershipPolicyChanged(policy_id, new.branch_id, n, new.holds_from, settings, new.reason, who.actor_id)
    record(tx, fact, about("ownership_policy", policy_id, n, new.branch_id))
    return policy_id, n


def check_begin(tx: Transaction, who: Who, new: Decision) -> None:
    """Whether `who` may decide this, and from that day on.

    Raises CompanyPolicyIsHeadquarters, UnknownBranch, HoldsTooSoon.
    """
    if new.branch_id is None and not who.sees_all_branches:
        raise CompanyPolicyIsHeadquarters
    today = _today(tx, who, new.branch_id)
    if new.holds_from <= today:
        raise HoldsTooSoon(today + timedelta(days=1))


def append_version(tx: Transaction, who: Who, table: Table, kind: str, new: Decision) -> tuple[str, int]:
    """Write and chain what was decided; answers its key: whose it is, and the how manieth of theirs."""
    policy_id, by = new.branch_id or COMPANY, who.actor_id
    told = {"holds_from": new.holds_from.isoformat(), "values": dict(new.values), "reason": new.reason, "by": by}
    n = ledger.append(tx, f"{kind}/{policy_id}", "policy", policy_id, told)
    row = {"policy_id": policy_id, "n": n, "branch_id": new.branch_id, "holds_from": new.holds_from}
    row |= {"document": dict(new.values), "reason": new.reason, "made_by": by, "made_at": tx.now()}
    tx.execute(*scoped(table, who).new(row))
    audit.note(tx, who, f"{kind}.made", f"{kind}/{policy_id}", new.branch_id, n=n)
    return policy_id, n


def _today(tx: Transaction, who: Who, branch_id: str | None) -> date:
    return branch_meant(tx, who, branch_id).day(tx.now()) if branch_id else day_in(None, tx.now())
