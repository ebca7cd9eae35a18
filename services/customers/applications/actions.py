"""Applying for a customer, and deciding it."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import case

from chassis import audit
from chassis.database import Transaction, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.customers.applications import rules
from services.customers.applications.rules import State
from services.customers.applications.tables import applications
from services.customers.applications.views import application_of, is_applied_for, open_applications
from services.customers.events import ApplicationChanged
from services.customers.files import codes
from services.customers.files.rules import Because, File, UnknownCustomer, Why
from services.customers.files.views import files_of, ids_of
from services.customers.ownership.actions import give, locked_file
from services.customers.ownership.rules import OwnerNotInReach
from services.customers.ownership.views import held
from services.customers.people.views import branch_of, works_in_reach
from services.customers.policy.views import policy_of


def apply(tx: Transaction, who: Who, customer_id: str, reason: str) -> str:
    """Ask for a customer of the pool or of a colleague at one's branch; answers the application's id.

    Raises UnknownCustomer, OwnerNotInReach (who does not work there), AlreadyYours, AppliedAlready.
    """
    file = _meant(tx, who, customer_id)
    codes.lock_branch(tx, who, file.branch_id)
    file = _meant(tx, who, customer_id)
    if not works_in_reach(tx, who, file.branch_id, who.actor_id):
        raise OwnerNotInReach
    if file.owner_id == who.actor_id:
        raise rules.AlreadyYours
    if is_applied_for(tx, who, file.customer_id):
        raise rules.AppliedAlready
    row = {
        "application_id": tx.new_id(),
        "branch_id": file.branch_id,
        "customer_id": file.customer_id,
        "applicant_id": who.actor_id,
        "reason": reason,
        "applied_at": tx.now(),
        "state": State.OPEN.value,
        "decided_by": None,
        "decided_at": None,
        "answer": None,
        "version": 1,
    }
    tx.execute(*scoped(applications, who).new(row))
    _announce(tx, row)
    return str(row["application_id"])


def decide(tx: Transaction, who: Who, application_id: str, approved: bool, answer: str | None) -> None:
    """A manager gives the customer to who applied, or refuses; it is theirs as of now, whoever's it was.

    Whoever else has applied for the customer is refused with it. Raises UnknownApplication, AlreadyDecided,
    DecidedByAnother, UnknownCustomer, OwnerNotInReach, ApplicantAtCap.
    """
    seen = application_of(tx, who, application_id)
    codes.lock_branch(tx, who, seen["branch_id"])
    row = application_of(tx, who, application_id, locked=True)
    state = rules.decision(row["state"], row["applicant_id"], who.actor_id, approved)
    if state is State.APPROVED:
        _approve(tx, who, row, answer)
    _close(tx, who, row, state, answer)
    audit.note(tx, who, f"application.{state.value}", f"application/{application_id}", row["branch_id"])


def forget(tx: Transaction, who: Who, ids: Collection[str]) -> None:
    """Forget the words of all applications for these customers; what waits is refused."""
    for row in open_applications(tx, who, ids):
        _close(tx, who, row, State.REFUSED, "")
    for_them = applications.c.customer_id.in_(list(ids))
    answered = case((applications.c.answer.is_(None), None), else_="")
    tx.execute(scoped(applications, who).update().where(for_them).values(reason="", answer=answered))


def _approve(tx: Transaction, who: Who, row: Mapping[Any, Any], answer: str | None) -> None:
    file = locked_file(tx, who, row["customer_id"])
    _check_may_hold(tx, who, file, row["applicant_id"], row["applicant_name"])
    give(tx, who, file, row["applicant_id"], Because(Why.APPLIED, who.actor_id, answer))
    for other in open_applications(tx, who, ids_of(tx, who, file.customer_id)):
        if other["application_id"] != row["application_id"]:
            _close(tx, who, other, State.REFUSED, rules.GIVEN_TO_ANOTHER)


def _check_may_hold(tx: Transaction, who: Who, file: File, applicant_id: str, name: str | None) -> None:
    """Raises OwnerNotInReach, or ApplicantAtCap unless the customer is theirs already."""
    if not works_in_reach(tx, who, file.branch_id, applicant_id):
        raise OwnerNotInReach
    if file.owner_id != applicant_id:
        policy = policy_of(tx, branch_of(tx, who, file.branch_id))
        rules.check_cap(policy, held(tx, who, file.branch_id, [applicant_id])[applicant_id], name)


def _close(tx: Transaction, who: Who, row: Mapping[Any, Any], state: State, answer: str | None) -> None:
    decided = {"state": state.value, "decided_by": who.actor_id, "decided_at": tx.now(), "answer": answer, "version": 2}
    mine = applications.c.application_id == row["application_id"]
    tx.execute(scoped(applications, who).update().where(mine).values(decided))
    _announce(tx, {**row, **decided})


def _meant(tx: Transaction, who: Who, customer_id: str) -> File:
    """The active file of the branch with this id, whoever owns it; or the one that it was merged into."""
    file = files_of(tx, who, {customer_id}).get(customer_id)
    if file is not None and file.merged_into is not None:
        file = files_of(tx, who, {file.merged_into}).get(file.merged_into)
    if file is None or not file.active:
        raise UnknownCustomer
    return file


def _announce(tx: Transaction, row: Mapping[str, Any]) -> None:
    told = ("application_id", "branch_id", "customer_id", "applicant_id", "applied_at", "state", "decided_by")
    fact = ApplicationChanged(**{name: row[name] for name in told}, decided_at=row["decided_at"])
    record(tx, fact, about("application", row["application_id"], row["version"], row["branch_id"]))
