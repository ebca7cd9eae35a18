"""Which policy about owners holds."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, or_

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who, system
from chassis.web import Page, paginate
from services.customers.people.rules import Branch
from services.customers.people.views import branch_meant
from services.customers.policy.rules import Policy, Version, policy_on
from services.customers.policy.tables import policies

_ANYBODY = system("customers", None)
"""The company's versions are for everybody to read."""


def policy_of(tx: Transaction, branch: Branch) -> Policy:
    """The policy that holds in the branch on its present local day; BUILT_IN where nothing was decided."""
    return policy_on(_versions(tx, branch.branch_id), branch.day(tx.now()))


def shown_policy(tx: Transaction, who: Who, named: str | None, day: date | None) -> Mapping[str, Any]:
    """What holds on a day (None: today) in a branch (None: the asker's), as PolicySchema shows it.

    Raises BranchNeeded, UnknownBranch.
    """
    branch = branch_meant(tx, who, named)
    meant = day or branch.day(tx.now())
    values = asdict(policy_on(_versions(tx, branch.branch_id), meant))
    return {"branch_id": branch.branch_id, "day": meant, "values": values}


def versions_page(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """The versions of the branches in reach and of the company, the last made first."""
    here = or_(scoped(policies, who).visible, policies.c.branch_id.is_(None))
    keys = (policies.c.made_at, policies.c.policy_id, policies.c.n)
    return paginate(tx, scoped(policies, _ANYBODY).select().where(here), keys, page, descending=True)


def version_made(tx: Transaction, who: Who, policy_id: str, n: int) -> RowMapping:
    """One version that was just made."""
    mine = policies.c.policy_id == policy_id, policies.c.n == n
    return tx.execute(scoped(policies, who).select().where(*mine)).mappings().one()


def _versions(tx: Transaction, branch_id: str) -> list[Version]:
    rows = tx.execute(*_for_branch(_ANYBODY, branch=branch_id))
    return [Version(row.branch_id, row.n, row.holds_from, row.document) for row in rows]


@prepared
def _for_branch(who: Who) -> Select[Any]:
    counts = or_(policies.c.branch_id == bindparam("branch"), policies.c.branch_id.is_(None))
    return scoped(policies, who).select().where(counts)
