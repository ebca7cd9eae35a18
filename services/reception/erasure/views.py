"""What is kept of a person, wherever it stands."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, RowMapping, or_, union

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.ledger import Entry, entries_between
from services.reception.corrections.tables import corrections
from services.reception.erasure import rules
from services.reception.erasure.rules import Erased
from services.reception.journal.rules import Outcome
from services.reception.journal.tables import journal_entries
from services.reception.receptions.tables import party, receptions
from services.reception.rotation.views import chain_of
from services.reception.visitors.phones import BadPhone, e164
from services.reception.visitors.tables import customer_phones, other_phones, own_phones


def erased_of(tx: Transaction, who: Who, customer_id: str) -> Erased:
    """A customer by all that tells of them here, before it is forgotten."""
    came = union(
        scoped(receptions, who).select(receptions.c.id).where(receptions.c.customer_id == customer_id),
        scoped(party, who).select(party.c.reception_id).where(party.c.customer_id == customer_id),
    )
    visits = frozenset(tx.execute(came).scalars())
    return Erased(customer_id, _phones(tx, who, customer_id), visits)


def conflicts_about(tx: Transaction, who: Who, branch_id: str, erased: Erased) -> list[RowMapping]:
    """The conflicts of the branch's journals that are about the person."""
    here = journal_entries.c.branch_id == branch_id, journal_entries.c.outcome == Outcome.CONFLICT.value
    found = tx.execute(scoped(journal_entries, who).select().where(*here)).mappings().all()
    arrived = _arrivals(tx, who, [row["said"] or {} for row in found])
    return [row for row in found if _is_about(erased, row, arrived)]


def corrections_about(tx: Transaction, who: Who, branch_id: str, erased: Erased) -> list[RowMapping]:
    """The corrections of the branch for which a reason stands and whose entries are about the person."""
    reasoned = corrections.c.branch_id == branch_id, corrections.c.reason.is_not(None)
    found = tx.execute(scoped(corrections, who).select().where(*reasoned)).mappings().all()
    return [row for row in found if any(rules.tells_of(erased, one.subject, one.body) for one in _entries(tx, row))]


def _entries(tx: Transaction, row: RowMapping) -> list[Entry]:
    """The entry that was corrected, and the one that corrected it."""
    chain = chain_of(row["hall_id"])
    return [one for n in (row["n"], row["entry"]) for one in entries_between(tx, chain, n - 1, n)]


def of_visits(erased: Erased, reception_id: Any, customer_id: Any) -> ColumnElement[bool]:
    """The condition that something is about the person: by the receptions they came to, or by name."""
    return or_(reception_id.in_(sorted(erased.visits)), customer_id == erased.customer_id)


def _phones(tx: Transaction, who: Who, customer_id: str) -> frozenset[str]:
    known = union(
        scoped(own_phones, who).select(own_phones.c.phone).where(own_phones.c.customer_id == customer_id),
        scoped(customer_phones, who)
        .select(customer_phones.c.phone)
        .where(customer_phones.c.customer_id == customer_id),
        scoped(other_phones, who).select(other_phones.c.phone).where(other_phones.c.bearer_id == customer_id),
        scoped(receptions, who).select(receptions.c.visitor_phone).where(receptions.c.customer_id == customer_id),
        scoped(party, who).select(party.c.phone).where(party.c.customer_id == customer_id),
    )
    return frozenset(one for one in tx.execute(known).scalars() if one)


def _arrivals(tx: Transaction, who: Who, said: Sequence[Mapping[str, Any]]) -> dict[str, str | None]:
    """To which receptions the arrivals led that these entries name."""
    wanted = sorted({one["arrival_id"] for one in said if one.get("arrival_id")})
    columns = journal_entries.c.entry_id, journal_entries.c.reception_id
    found = tx.execute(scoped(journal_entries, who).select(*columns).where(journal_entries.c.entry_id.in_(wanted)))
    return {row.entry_id: row.reception_id for row in found}


def _is_about(erased: Erased, row: RowMapping, arrived: Mapping[str, str | None]) -> bool:
    said, personal = row["said"] or {}, row["personal"] or {}
    led_to = [row["reception_id"], said.get("reception_id"), arrived.get(said.get("arrival_id", ""))]
    typed = [personal.get("phone"), *(one["phone"] for one in personal.get("companions") or ())]
    return rules.is_about(erased, led_to, said, {_number(one) for one in typed if one})


def _number(typed: str) -> str:
    """A phone as it was typed on a device: what is no number is nobody's."""
    try:
        return e164(typed)
    except BadPhone:
        return typed
