"""Deciding what holds: a new version each time, never an edit."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from chassis import audit, ledger
from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.reception import events
from services.reception.policy.rules import check_is_theirs
from services.reception.policy.rules_of_documents import check
from services.reception.policy.tables import policies
from services.reception.policy.views import code_of, today_of

_COMPANY = "company"


class HoldsTooSoon(Exception):
    """A policy holds from tomorrow on at the earliest: what was decided today stays as it was explained."""

    def __init__(self, earliest: date) -> None:
        super().__init__(earliest.isoformat())
        self.earliest = earliest.isoformat()


def make_policy(
    tx: Transaction, who: Who, branch_id: str | None, holds_from: date, values: Mapping[str, Any], reason: str
) -> str:
    """A new version for a branch, or for the company (None), from a local day on; answers its name.

    Raises CompanyPolicyIsHeadquarters, UnknownBranch, HoldsTooSoon, or what `rules_of_documents.check` raises.
    """
    check_is_theirs(branch_id, sees_all_branches=who.sees_all_branches)
    earliest = today_of(tx, who, branch_id) + timedelta(days=1)
    check(values)
    if holds_from < earliest:
        raise HoldsTooSoon(earliest)
    told = {"holds_from": holds_from.isoformat(), "values": dict(values), "reason": reason, "by": who.actor_id}
    subject = f"policy/{branch_id or _COMPANY}"
    n = ledger.append(tx, subject, "policy", subject, told)
    row = {
        "version": _name(tx, who, branch_id, n),
        "branch_id": branch_id,
        "n": n,
        "holds_from": holds_from,
        "document": dict(values),
        "reason": reason,
        "made_by": who.actor_id,
        "made_at": tx.now(),
    }
    tx.execute(*scoped(policies, who).new(row))
    audit.note(tx, who, "policy.made", subject, branch_id, version=row["version"])
    settings = [events.Setting(name, json.dumps(value, ensure_ascii=False)) for name, value in values.items()]
    policy_id, version = branch_id or _COMPANY, str(row["version"])
    fact = events.PolicyChanged(policy_id, branch_id, version, holds_from, settings, reason, who.actor_id)
    record(tx, fact, about("policy", policy_id, n, branch_id))
    return version


def _name(tx: Transaction, who: Who, branch_id: str | None, n: int) -> str:
    """`E-3` for a branch by its code; `company.2` for the company: no code has a dot, so no two are the same."""
    return f"{_COMPANY}.{n}" if branch_id is None else f"{code_of(tx, who, branch_id)}-{n}"
