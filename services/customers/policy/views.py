"""Which policy about owners holds."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Select, Table, bindparam, or_

from chassis.database import Ready, Transaction, prepared, scoped
from chassis.identity import Who, system
from chassis.web import Page, paginate
from services.customers.people.rules import Branch
from services.customers.people.views import branch_meant
from services.customers.policy.rules import Policy, Version, policy_on
from services.customers.policy.tables import policies

ANYBODY = system("customers", None)
"""The company's versions are for everybody to read."""


def policy_of(tx: Transaction, branch: Branch) -> Policy:
    """The policy that holds in the branch on its present local day; BUILT_IN where nothing was decided."""
    return policy_on(versions_of(tx, branch.branch_id), branch.day(tx.now()))


def versions_of(tx: Transaction, branch_id: str) -> list[Version]:
    """All that was ever decided for a branch and for the company: what it says of a day past never changes."""
    return versions_in(tx, _for_branch(ANYBODY, branch=branch_id))


def shown_policy(tx: Transaction, who: Who, named: str | None, day: date | None) -> Mapping[str, Any]:
    """What holds on a day (None: today) in a branch (None: the asker's), as PolicySchema shows it.

    Raises BranchNeeded, UnknownBranch.
    """
    branch = branch_meant(tx, who, named)
    meant = day or branch.day(tx.now())
    values = asdict(policy_on(versions_of(tx, branch.branch_id), meant))
    return {"branch_id": branch.branch_id, "day": meant, "values": values}


def page_of_policies(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """The versions of the branches in reach and of the company, the last made first."""
    return versions_page(tx, who, policies, page)


def policy_made(tx: Transaction, who: Who, policy_id: str, n: int) -> RowMapping:
    """One version that was just made."""
    return version_made(tx, who, policies, policy_id, n)


def versions_page(tx: Transaction, who: Who, table: Table, page: Mapping[str, Any]) -> Page:
    """The same of any table of versions."""
    here = or_(scoped(table, who).visible, table.c.branch_id.is_(None))
    keys = (table.c.made_at, table.c.policy_id, table.c.n)
    return paginate(tx, scoped(table, ANYBODY).select().where(here), keys, page, descending=True)


def version_made(tx: Transaction, who: Who, table: Table, policy_id: str, n: int) -> RowMapping:
    """The same of any table of versions."""
    mine = table.c.policy_id == policy_id, table.c.n == n
    return tx.execute(scoped(table, who).select().where(*mine)).mappings().one()


def versions_in(tx: Transaction, ready: Ready) -> list[Version]:
    """The versions that a statement finds."""
    return [Version(row.branch_id, row.n, row.holds_from, row.document) for row in tx.execute(*ready)]


def for_branch(who: Who, table: Table) -> Select[Any]:
    """The statement for all versions that count in a `branch`."""
    counts = or_(table.c.branch_id == bindparam("branch"), table.c.branch_id.is_(None))
    return scoped(table, who).select().where(counts)


@prepared
def _for_branch(who: Who) -> Select[Any]:
    return for_branch(who, policies)
