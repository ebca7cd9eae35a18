"""Proposing penalties, withdrawing them, deciding about them."""

from collections.abc import Mapping
from typing import Any

from chassis import audit
from chassis.database import Transaction, insert_if_new, scoped
from chassis.identity import Who
from services.reception.discipline import events, rules, telling, views
from services.reception.discipline.rules import Proposal
from services.reception.discipline.tables import penalties, removal_cases
from services.reception.people.rules import UnknownBranch
from services.reception.people.views import check_works_at, local_time
from services.reception.policy.rules import Cause
from services.reception.policy.views import policy_of


def propose(tx: Transaction, who: Who, proposal: Proposal) -> bool:
    """Propose a penalty, once for what caused it; says whether it is new. Money moves only when a manager confirms."""
    return enter(tx, who, proposal) is not None


def enter(tx: Transaction, who: Who, proposal: Proposal) -> str | None:
    """The same, answering the new penalty's id. A quarrel opens a case that headquarters decides (一.2)."""
    telling.lock_book(tx, who, proposal.branch_id)
    amount = rules.under(policy_of(tx, who, proposal.branch_id), proposal.amount)
    row = telling.BLANK | {
        "id": tx.new_id(),
        "branch_id": proposal.branch_id,
        "staff_id": proposal.staff_id,
        "cause": proposal.cause.value,
        "article": rules.ARTICLES[proposal.cause],
        "fine": amount.fine,
        "points": amount.points,
        "evidence": proposal.evidence,
        "note": proposal.note,
        "day": proposal.day or local_time(tx, who, proposal.branch_id).date(),
        "policy_version": proposal.policy_version,
        "at": tx.now(),
        "recorded_by": who.actor_id,
        "state": rules.State.PROPOSED.value,
        "version": 1,
    }
    if not insert_if_new(tx, scoped(penalties, who).table, row, ["branch_id", "staff_id", "cause", "evidence"]):
        return None
    telling.tell(tx, who, row, events.PenaltyProposed, proposal.note)
    if proposal.cause is Cause.QUARREL:
        telling.open_case(tx, who, row)
    return str(row["id"])


def withdraw(
    tx: Transaction, who: Who, branch_id: str, evidence: str, reason: str, staff_id: str | None = None
) -> list[str]:
    """What rests on this evidence, of one person or of all, turned out not to be so: it does not count.

    Answers the penalties' ids; what was waived stays waived.
    """
    telling.lock_book(tx, who, branch_id)
    resting = views.penalties_on(tx, who, branch_id, evidence, staff_id)
    standing = [row for row in resting if rules.may_be_withdrawn(rules.State(row["state"]))]
    for row in standing:
        telling.step(tx, who, row, rules.Step.WITHDRAW, reason)
    return [row["id"] for row in standing]


def record_by_hand(tx: Transaction, who: Who, said: Mapping[str, Any]) -> str:
    """A manager proposes a penalty for what no system saw; `said` holds what NewPenaltySchema loads. Answers its id.

    Raises UnknownBranch, UnknownStaff, NotHappenedYet or AlreadyRecorded.
    """
    branch_id = said["branch_id"] or who.branch_id
    if branch_id is None:
        raise UnknownBranch(branch_id)
    check_works_at(tx, who, branch_id, said["staff_id"])
    if said["day"] and said["day"] > local_time(tx, who, branch_id).date():
        raise rules.NotHappenedYet
    policy = policy_of(tx, who, branch_id)
    cause, amount = rules.priced(Cause(said["cause"]), said["late_by"], policy)
    evidence = said["evidence"] or f"note/{tx.new_id()}"
    whose = branch_id, said["staff_id"]
    made = enter(tx, who, Proposal(*whose, cause, amount, evidence, policy.version, said["day"], said["note"]))
    if made is None:
        raise rules.AlreadyRecorded
    audit.note(tx, who, "penalty.recorded", f"penalty/{made}", branch_id, cause=cause.value)
    return made


def take(tx: Transaction, who: Who, penalty_id: str, taken: rules.Step, reason: str) -> None:
    """Appeal against a penalty, or decide about it.

    Raises UnknownPenalty, NotYourPenalty, OwnCase, PenaltyStands or MonthSettled.
    """
    telling.lock_book(tx, who, views.penalty_of(tx, who, penalty_id)["branch_id"])
    penalty = views.penalty_of(tx, who, penalty_id)
    rules.check_may(taken, who.actor_id, penalty["staff_id"])
    if taken is rules.Step.APPEAL and rules.State(penalty["state"]).counts:
        _check_open(tx, who, penalty["branch_id"], penalty["month"])
    telling.step(tx, who, penalty, taken, reason)
    audit.note(tx, who, f"penalty.{taken.value}", f"penalty/{penalty_id}", penalty["branch_id"])


def decide_case(tx: Transaction, who: Who, case_id: str, decision: str, reason: str) -> None:
    """Headquarters decides whether somebody is removed for a quarrel (一.2).

    Raises UnknownCase, OwnCase, CaseDecided or PenaltyUndecided.
    """
    telling.lock_book(tx, who, views.case_of(tx, who, case_id)["branch_id"])
    case = views.case_of(tx, who, case_id)
    if case["staff_id"] == who.actor_id:
        raise rules.OwnCase
    if case["state"] != "open":
        raise rules.CaseDecided(case["state"])
    if not rules.State(views.penalty_of(tx, who, case["penalty_id"])["state"]).counts:
        raise rules.PenaltyUndecided
    said = {"state": decision, "decided_by": who.actor_id, "decided_at": tx.now(), "reason": reason}
    changes = said | {"version": case["version"] + 1}
    tx.execute(scoped(removal_cases, who).update().where(removal_cases.c.id == case_id).values(changes))
    telling.tell_case(tx, who, {**case, **changes}, reason)
    audit.note(tx, who, "removal_case.decided", f"removal_case/{case_id}", case["branch_id"], decision=decision)


def _check_open(tx: Transaction, who: Who, branch_id: str, month: str) -> None:
    """Raises MonthSettled."""
    if views.open_month(tx, who, branch_id, month) is None:
        raise rules.MonthSettled(month)
