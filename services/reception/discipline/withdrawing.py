"""Withdrawing penalties whose ground turned out not to be so."""

from sqlalchemy import String, Update, bindparam, or_

from chassis.database import Transaction, prepared, scoped
from chassis.identity import Who
from services.reception.discipline.rules import State
from services.reception.discipline.tables import penalties

_SETTLED = (State.WAIVED.value, State.WITHDRAWN.value)


def withdraw(tx: Transaction, who: Who, branch_id: str, evidence: str, reason: str, staff_id: str | None = None) -> int:
    """Withdraw every penalty that rests on `evidence` (of one person, or of all), saying who and why; one waived stays
    so. Answers how many.
    """
    values = {"decided_by": who.actor_id, "decided_at": tx.now(), "reason": reason}
    whose = {"branch": branch_id, "ground": evidence, "person": staff_id}
    return tx.execute(*_built_on(who, **whose, **values)).rowcount


@prepared
def _built_on(who: Who) -> Update:
    on_it = penalties.c.branch_id == bindparam("branch"), penalties.c.evidence == bindparam("ground")
    person = bindparam("person", type_=String)
    theirs = or_(person.is_(None), penalties.c.staff_id == person)
    standing = scoped(penalties, who).update().where(*on_it, theirs, penalties.c.state.not_in(_SETTLED))
    return standing.values(state=State.WITHDRAWN.value, version=penalties.c.version + 1)
