"""Proposing penalties, counting forfeits, suspending."""

from zoneinfo import ZoneInfo

from chassis.database import Transaction, insert_if_new, scoped
from chassis.identity import Who
from services.reception.discipline import rules
from services.reception.discipline.rules import GivenUp, Proposal
from services.reception.discipline.tables import forfeits, penalties, suspensions
from services.reception.discipline.views import counting_forfeits, running_suspension
from services.reception.people.views import zone_of
from services.reception.policy.rules import Cause, Policy


def propose(tx: Transaction, who: Who, proposal: Proposal) -> bool:
    """Propose a penalty, once for what caused it; says whether it is new. Money moves only when a manager confirms."""
    amount = proposal.amount
    row = {
        "id": tx.new_id(),
        "branch_id": proposal.branch_id,
        "staff_id": proposal.staff_id,
        "cause": proposal.cause.value,
        "article": rules.ARTICLES[proposal.cause],
        "fine": amount.fine,
        "points": amount.points,
        "evidence": proposal.evidence,
        "policy_version": proposal.policy_version,
        "at": tx.now(),
        "recorded_by": who.actor_id,
        "state": rules.State.PROPOSED.value,
        "decided_by": None,
        "decided_at": None,
        "reason": None,
        "version": 1,
    }
    return insert_if_new(tx, scoped(penalties, who).table, row, ["branch_id", "staff_id", "cause", "evidence"])


def withdraw(tx: Transaction, who: Who, branch_id: str, evidence: str, reason: str) -> list[str]:
    """What these penalties rest on turned out not to be so; answers their ids. What was waived stays waived."""
    resting = penalties.c.branch_id == branch_id, penalties.c.evidence == evidence
    held = penalties.c.state.not_in([rules.State.WAIVED.value, rules.State.WITHDRAWN.value])
    decided = {"decided_by": who.actor_id, "decided_at": tx.now(), "reason": reason}
    withdrawn = decided | {"state": rules.State.WITHDRAWN.value, "version": penalties.c.version + 1}
    changed = scoped(penalties, who).update().where(*resting, held).values(withdrawn).returning(penalties.c.id)
    return list(tx.execute(changed).scalars())


def forfeit(
    tx: Transaction,
    who: Who,
    given_up: GivenUp,
    policy: Policy,
) -> str:
    """Count a forfeit; past what the week allows it suspends (一.1). Answers the forfeit's id."""
    row = {
        "id": tx.new_id(),
        **vars(given_up),
        "cause": given_up.cause.value,
        "at": tx.now(),
        "recorded_by": who.actor_id,
        "excused_by": None,
        "excused_at": None,
        "reason": None,
        "suspension_id": None,
    }
    tx.execute(*scoped(forfeits, who).new(row))
    _suspend_if_due(tx, who, given_up.branch_id, given_up.staff_id, policy)
    return str(row["id"])


def _suspend_if_due(tx: Transaction, who: Who, branch_id: str, staff_id: str, policy: Policy) -> None:
    counted = counting_forfeits(tx, who, branch_id, staff_id)
    zone = ZoneInfo(zone_of(tx, who, branch_id))
    spent = rules.those_that_suspend(counted, tx.now(), policy, zone)
    if not spent or running_suspension(tx, who, branch_id, staff_id, tx.now()):
        return
    starts_at, ends_at = rules.suspension(tx.now(), policy)
    row = {
        "id": tx.new_id(),
        "branch_id": branch_id,
        "staff_id": staff_id,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "ended_by": None,
        "ended_at": None,
    }
    tx.execute(*scoped(suspensions, who).new(row))
    for one in spent:
        of_it = scoped(forfeits, who).update().where(forfeits.c.id == one.forfeit_id)
        tx.execute(of_it.values(suspension_id=row["id"]))
    evidence = f"suspension/{row['id']}"
    amount = policy.amounts[Cause.FORFEITS]
    propose(tx, who, Proposal(branch_id, staff_id, Cause.FORFEITS, amount, evidence, policy.version))
