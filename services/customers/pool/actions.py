"""Promising a draw and drawing: under the branch's lock, so that no customer is given twice."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Update, bindparam

from chassis.database import Transaction, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events import DrawDone, DrawPromised
from services.customers.files import codes
from services.customers.files.rules import Because, Why
from services.customers.files.views import files_of
from services.customers.ownership.actions import give
from services.customers.ownership.views import held
from services.customers.people.rules import Branch
from services.customers.people.views import branch_meant, works_in_reach
from services.customers.policy.rules import Policy
from services.customers.policy.views import policy_of
from services.customers.pool import rules
from services.customers.pool.rules import Limit
from services.customers.pool.tables import draws
from services.customers.pool.views import candidates_in, cooling_for, drawn_on, last_number, promised_draw


def promise(tx: Transaction, who: Who, branch_id: str) -> None:
    """Make the seed of the branch's next draw and announce what it will be checked by, unless that is done."""
    codes.lock_branch(tx, who, branch_id)
    if promised_draw(tx, who, branch_id) is None:
        _promise_next(tx, who, branch_id, last_number(tx, who, branch_id) + 1)


def draw(tx: Transaction, who: Who, wanted: int) -> str:
    """Draw up to `wanted` customers from the pool of the asker's branch; answers the draw's id.

    Raises BranchNeeded, UnknownBranch, OnlyStaffDraw, DrawNotPromised, CapReached, DailyLimitReached, PoolEmpty,
    CoolingOff.
    """
    branch = branch_meant(tx, who, None)
    if not works_in_reach(tx, who, branch.branch_id, who.actor_id):
        raise rules.OnlyStaffDraw
    codes.lock_branch(tx, who, branch.branch_id)
    promised = promised_draw(tx, who, branch.branch_id)
    if promised is None:
        raise rules.DrawNotPromised
    policy, today = policy_of(tx, branch), branch.day(tx.now())
    holds = held(tx, who, branch.branch_id, [who.actor_id])[who.actor_id]
    allowed = rules.allowance(policy, holds, drawn_on(tx, who, branch.branch_id, today), wanted)
    candidates = _candidates(tx, who, branch, policy)
    given = rules.drawn(promised["seed"], candidates, allowed.most)
    _give_all(tx, who, given)
    limits = (*allowed.limited_by, *([Limit.POOL] if len(given) < allowed.most else []))
    done = {
        "drawn_at": tx.now(),
        "local_day": today,
        "drawer_id": who.actor_id,
        "wanted": wanted,
        "limited_by": [limit.value for limit in limits],
        "candidates": candidates,
        "given": given,
        "many": len(given),
    }
    tx.execute(*_done(who, mine=promised["draw_id"], **done))
    _announce(tx, {**promised, **done})
    _promise_next(tx, who, branch.branch_id, promised["n"] + 1)
    return str(promised["draw_id"])


def _candidates(tx: Transaction, who: Who, branch: Branch, policy: Policy) -> list[str]:
    cooling = cooling_for(tx, who, branch, policy)
    found = candidates_in(tx, who, branch.branch_id, cooling, policy.draw_among)
    if not found and cooling:
        raise rules.CoolingOff(min(cooling.values()))
    if not found:
        raise rules.PoolEmpty
    return found


def _give_all(tx: Transaction, who: Who, given: Sequence[str]) -> None:
    files = files_of(tx, who, set(given))
    for customer_id in given:
        give(tx, who, files[customer_id], who.actor_id, Because(Why.DRAWN, who.actor_id))


def _promise_next(tx: Transaction, who: Who, branch_id: str, n: int) -> None:
    draw_id, seed = tx.new_id(), tx.new_id() + tx.new_id()  # 124 bits that nobody can guess
    commitment = rules.commitment_of(seed)
    row = {"draw_id": draw_id, "branch_id": branch_id, "n": n, "commitment": commitment, "seed": seed}
    tx.execute(*scoped(draws, who).new(row | {"promised_at": tx.now()}))
    record(tx, DrawPromised(draw_id, branch_id, n, commitment), about("draw", draw_id, 1, branch_id))


def _announce(tx: Transaction, done: dict[str, Any]) -> None:
    told = ("draw_id", "branch_id", "n", "commitment", "seed", "drawer_id", "local_day", "candidates", "given")
    fact = DrawDone(**{name: done[name] for name in told})
    record(tx, fact, about("draw", done["draw_id"], 2, done["branch_id"]))


@prepared
def _done(who: Who) -> Update:
    return scoped(draws, who).update().where(draws.c.draw_id == bindparam("mine"))
