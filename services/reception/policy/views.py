"""Which policy holds."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Row, RowMapping, Select, bindparam, or_, select

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who, system
from chassis.web import Page, paginate
from services.reception.people.tables import branches
from services.reception.people.views import local_time
from services.reception.policy.rules import BUILT_IN, Policy
from services.reception.policy.rules_of_documents import Layer, laid_over, sources, written
from services.reception.policy.tables import newer, policies

_ANYBODY = system("reception", None)
"""The company's versions are for everybody to read."""


def policy_of(tx: Transaction, who: Who, branch_id: str) -> Policy:
    """The policy that holds in the branch on its present local day; BUILT_IN where nothing was decided."""
    today = tx.now().date()
    values = {"branch": branch_id, "before": today - timedelta(days=1), "until": today + timedelta(days=1)}
    rows = tx.execute(*_lately(who, **values)).all()
    if not rows:
        return BUILT_IN
    return laid_over(layers_on(rows, tx.now().astimezone(ZoneInfo(rows[0].time_zone)).date()))


def policy_on(tx: Transaction, who: Who, branch_id: str | None, day: date | None) -> dict[str, Any]:
    """What holds on a day (None: today) in a branch, or where no branch decides otherwise (None), as PolicySchema
    shows it; raises UnknownBranch.
    """
    if day is None:
        day = today_of(tx, who, branch_id)
    layers = layers_on(versions_for(tx, who, branch_id), day)
    policy = laid_over(layers)
    return {
        "branch_id": branch_id,
        "day": day,
        "version": policy.version,
        "values": written(policy),
        "sources": sources(layers),
    }


def today_of(tx: Transaction, who: Who, branch_id: str | None) -> date:
    """The branch's local day; for the company (None) the latest that has begun in any of its branches.

    Raises UnknownBranch.
    """
    if branch_id is not None:
        return local_time(tx, who, branch_id).date()
    zones = tx.execute(scoped(branches, _ANYBODY).select(branches.c.time_zone).where(branches.c.active)).scalars()
    return max((tx.now().astimezone(ZoneInfo(zone)).date() for zone in zones), default=tx.now().date())


def code_of(tx: Transaction, who: Who, branch_id: str) -> str:
    """What the branch's versions are named after: its code, or of one heard of before codes were kept, its id."""
    here = scoped(branches, who).select(branches.c.code).where(branches.c.branch_id == branch_id)
    return tx.execute(here).scalar() or branch_id[:8]


def versions_of(tx: Transaction, who: Who, page: dict[str, Any]) -> Page:
    """The versions of the branches in reach and of the company; `branch_id` of `page` leaves only what counts there."""
    wanted = scoped(policies, _ANYBODY).select().where(_in_reach(who))
    if page["branch_id"] is not None:
        wanted = wanted.where(or_(policies.c.branch_id == page["branch_id"], policies.c.branch_id.is_(None)))
    return paginate(tx, wanted, [policies.c.made_at, policies.c.version], page, descending=True)


def version_named(tx: Transaction, who: Who, version: str) -> RowMapping:
    """One version that was just made."""
    mine = policies.c.version == version
    return tx.execute(scoped(policies, who).select().where(mine)).mappings().one()


def versions_for(tx: Transaction, who: Who, branch_id: str | None) -> Sequence[Row[Any]]:
    """Every version that counts in a branch, or in the company as a whole (None): what `layers_on` chooses from."""
    return tx.execute(*_all_for(who, branch=branch_id)).all()


def layers_on(versions: Iterable[Any], day: date) -> list[Layer]:
    """What holds on a day, the branch's own version above the company's."""
    begun = sorted((row for row in versions if row.holds_from <= day), key=lambda row: (row.holds_from, row.n))
    last = {row.branch_id is None: row for row in begun}
    return [Layer(last[company].version, last[company].document) for company in (False, True) if company in last]


def _in_reach(who: Who) -> ColumnElement[bool]:
    return or_(scoped(policies, who).visible, policies.c.branch_id.is_(None))


@prepared
def _lately(who: Who) -> Select[Any]:
    """The versions of which one may hold today, wherever on earth the branch is: `before` is over everywhere."""
    of_the_same = newer.c.branch_id.is_not_distinct_from(policies.c.branch_id)
    later = or_(
        newer.c.holds_from > policies.c.holds_from,
        (newer.c.holds_from == policies.c.holds_from) & (newer.c.n > policies.c.n),
    )
    replaced = select(newer.c.n).where(of_the_same, later, newer.c.holds_from <= bindparam("before"))
    counts = or_(policies.c.branch_id == branches.c.branch_id, policies.c.branch_id.is_(None))
    begun = policies.c.holds_from <= bindparam("until"), ~replaced.correlate(scoped(policies, who).table).exists()
    here = scoped(branches, who).select(branches.c.time_zone, *policies.c)
    return here.where(branches.c.branch_id == bindparam("branch"), counts, *begun)


@prepared
def _all_for(who: Who) -> Select[Any]:
    counts = or_(policies.c.branch_id == bindparam("branch"), policies.c.branch_id.is_(None))
    return scoped(policies, _ANYBODY).select().where(_in_reach(who), counts)
