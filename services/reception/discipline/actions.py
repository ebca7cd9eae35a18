"""Proposing penalties."""

from chassis.database import Transaction, insert_if_new, scoped
from chassis.identity import Who
from services.reception.discipline import rules
from services.reception.discipline.rules import Proposal
from services.reception.discipline.tables import penalties


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
