"""What is in the pool, who may draw how much, and the draws as anybody of the branch may check them."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Select, bindparam, func

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.files.rules import Why
from services.customers.files.tables import customers, owners
from services.customers.files.views import stands_for
from services.customers.ownership.views import held
from services.customers.people.rules import Branch
from services.customers.people.views import branch_meant
from services.customers.policy.rules import Policy
from services.customers.policy.views import policy_of
from services.customers.pool.rules import UnknownDraw, cooling
from services.customers.pool.tables import draws


def pool_page(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Page:
    """The customers in the branch's pool, the longest registered first, without phones; and until when a customer is
    not to be drawn by the asker, who owned it before. Raises BranchNeeded, UnknownBranch.
    """
    branch = branch_meant(tx, who, asked["branch_id"])
    wanted = scoped(customers, who).select().where(customers.c.branch_id == branch.branch_id, *_IN_POOL)
    page = paginate(tx, wanted, (customers.c.registered_at, customers.c.customer_id), asked)
    until = cooling_for(tx, who, branch, policy_of(tx, branch))
    return Page([{**row, "cooling_off_until": until.get(row["customer_id"])} for row in page.items], page.next_after)


def next_draw(tx: Transaction, who: Who) -> Mapping[str, Any]:
    """What the asker's next draw may give, and what was promised of its seed; raises BranchNeeded, UnknownBranch."""
    branch = branch_meant(tx, who, None)
    policy, promised = policy_of(tx, branch), promised_draw(tx, who, branch.branch_id)
    return {
        "draw_id": promised["draw_id"] if promised else None,
        "commitment": promised["commitment"] if promised else None,
        "in_pool": _in_pool(tx, who, branch.branch_id),
        "held": held(tx, who, branch.branch_id, [who.actor_id])[who.actor_id],
        "drawn_today": drawn_on(tx, who, branch.branch_id, branch.day(tx.now())),
        "hold_at_most": policy.hold_at_most,
        "draw_daily": policy.draw_daily,
        "draw_batch": policy.draw_batch,
    }


def draws_page(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """The draws done in reach, the last one first."""
    done = scoped(draws, who).select(*(one for one in draws.c if one.name != "candidates"))
    return paginate(tx, done.where(draws.c.drawn_at.is_not(None)), (draws.c.draw_id,), page, descending=True)


def draw_of(tx: Transaction, who: Who, draw_id: str) -> Mapping[str, Any]:
    """One draw of the branch; a promised one without its seed. Raises UnknownDraw."""
    row = tx.execute(scoped(draws, who).select().where(draws.c.draw_id == draw_id)).mappings().one_or_none()
    if row is None:
        raise UnknownDraw
    return {**row, "seed": row["seed"] if row["drawn_at"] else None}


def promised_draw(tx: Transaction, who: Who, branch_id: str) -> RowMapping | None:
    """The branch's next draw with its seed, which is nobody's to see; None before one was promised."""
    return tx.execute(*_promised(who, branch=branch_id)).mappings().one_or_none()


def last_number(tx: Transaction, who: Who, branch_id: str) -> int:
    """How many draws the branch has promised."""
    return int(tx.execute(*_last(who, branch=branch_id)).scalar() or 0)


def drawn_on(tx: Transaction, who: Who, branch_id: str, day: date) -> int:
    """How many customers the asker drew on a day."""
    return int(tx.execute(*_drawn_on(who, branch=branch_id, drawer=who.actor_id, day=day)).scalar() or 0)


def cooling_for(tx: Transaction, who: Who, branch: Branch, policy: Policy) -> dict[str, date]:
    """Until when the asker may not draw the customers of the pool that were theirs, by id."""
    rows = tx.execute(*_lost(who, branch=branch.branch_id, former=who.actor_id))
    return cooling({row.customer_id: branch.day(row.since) for row in rows}, branch.day(tx.now()), policy)


def candidates_in(tx: Transaction, who: Who, branch_id: str, without: Collection[str], most: int) -> list[str]:
    """The ids in the pool, the longest registered first."""
    values = {"branch": branch_id, "without": list(without), "most": most}
    return list(tx.execute(*_candidates(who, **values)).scalars())


_IN_POOL = (customers.c.active, customers.c.owner_id.is_(None))


def _in_pool(tx: Transaction, who: Who, branch_id: str) -> int:
    here = customers.c.branch_id == branch_id, *_IN_POOL
    return int(tx.execute(scoped(customers, who).select(func.count()).where(*here)).scalar_one())


@prepared
def _promised(who: Who) -> Select[Any]:
    return scoped(draws, who).select().where(draws.c.branch_id == bindparam("branch"), draws.c.drawn_at.is_(None))


@prepared
def _last(who: Who) -> Select[Any]:
    return scoped(draws, who).select(func.max(draws.c.n)).where(draws.c.branch_id == bindparam("branch"))


@prepared
def _drawn_on(who: Who) -> Select[Any]:
    mine = draws.c.branch_id == bindparam("branch"), draws.c.drawer_id == bindparam("drawer")
    return scoped(draws, who).select(func.sum(draws.c.many)).where(*mine, draws.c.local_day == bindparam("day"))


@prepared
def _lost(who: Who) -> Select[Any]:
    """What the former owner lost and is in the pool now; a customer merged into another is that one.

    Whom a ruling (of the register, or whose a visit was) shows never to have been the owner by right has lost nothing:
    else it would matter in which order registrations and visits are heard of.
    """
    by_right = owners.c.because.not_in([Why.RULED.value, Why.VISITED.value])
    mine = owners.c.branch_id == bindparam("branch"), owners.c.former_id == bindparam("former"), by_right
    lost = scoped(owners, who).select(customers.c.customer_id, func.max(owners.c.since).label("since"))
    same = customers.c.customer_id == stands_for(who, owners.c.customer_id)
    return lost.where(*mine, same, scoped(customers, who).visible, *_IN_POOL).group_by(customers.c.customer_id)


@prepared
def _candidates(who: Who) -> Select[Any]:
    without: Any = bindparam("without", expanding=True)
    here = customers.c.branch_id == bindparam("branch"), *_IN_POOL, customers.c.customer_id.not_in(without)
    ids = scoped(customers, who).select(customers.c.customer_id).where(*here)
    return ids.order_by(customers.c.registered_at, customers.c.customer_id).limit(bindparam("most"))
