"""Forgetting a person in every room, in the registers, and in what was told of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Table

from chassis import ledger
from chassis.database import Transaction, scoped, upsert
from chassis.events.forgetting import forget_personal
from chassis.identity import Who
from chassis.web.idempotency import forget_answers
from services.reception.corrections.tables import corrections, rulings
from services.reception.discipline.tables import penalties, removal_cases
from services.reception.disputes.tables import disputes
from services.reception.erasure import rules, views
from services.reception.erasure.rules import Erased
from services.reception.journal.tables import journal_entries
from services.reception.receptions.rules import INTENTS
from services.reception.receptions.tables import party, receptions
from services.reception.reconciliation.actions import reconcile
from services.reception.rotation.tables import halls
from services.reception.visitors.copies import forget_others
from services.reception.visitors.rules import nobody
from services.reception.visitors.tables import customer_phones, own_phones


def forget(tx: Transaction, who: Who, branch_id: str, customer_id: str, at: datetime) -> None:
    """Nothing tells any more who this customer was; that they came, when, who served and whose the credit is stays.

    Registers verify afterwards. Done again, or before anything was heard of the customer, it comes to the same. `at` is
    when the register erased them.
    """
    _hold_halls(tx, who, branch_id)
    erased = views.erased_of(tx, who, customer_id)
    _forget_visitor(tx, who, branch_id, erased, at)
    subjects = [*_forget_texts(tx, who, branch_id, erased), *_forget_conflicts(tx, who, branch_id, erased)]
    for subject in (*(f"reception/{one}" for one in erased.visits), *subjects):
        ledger.erase_personal(tx, subject)
    letters = forget_personal(tx, customer_id)
    forget_answers(tx, [customer_id, *erased.phones, *letters, *(one.partition("/")[2] for one in subjects)])
    reconcile(tx, who, branch_id, customer_id, erased.phones)


def _hold_halls(tx: Transaction, who: Who, branch_id: str) -> None:
    """Whoever registers a visitor has locked a hall: what is being registered is forgotten too, or is nobody known."""
    here = scoped(halls, who).select(halls.c.id).where(halls.c.branch_id == branch_id)
    tx.execute(here.order_by(halls.c.id).with_for_update())


def _forget_visitor(tx: Transaction, who: Who, branch_id: str, erased: Erased, at: datetime) -> None:
    upsert(
        tx, scoped(customer_phones, who).table, nobody(erased.customer_id, branch_id, at), ["customer_id"], "sequence"
    )
    forget_others(tx, who, erased.customer_id)
    tx.execute(scoped(own_phones, who).delete().where(own_phones.c.customer_id == erased.customer_id))
    theirs = receptions.c.customer_id == erased.customer_id
    _blank(tx, who, receptions, theirs, "visitor_name", "visitor_phone")
    _blank(tx, who, party, party.c.customer_id == erased.customer_id, "name", "phone")
    visits = receptions.c.id.in_(erased.visits)
    _blank(tx, who, receptions, visits, "note")
    _blank(tx, who, receptions, visits & receptions.c.intent.not_in(INTENTS), "intent")


def _forget_texts(tx: Transaction, who: Who, branch_id: str, erased: Erased) -> list[str]:
    """What colleagues said of the visits: at rulings, in disputes, about penalties; answers the registers' subjects."""
    about = views.of_visits(erased, rulings.c.reception_id, rulings.c.customer_id)
    ruled = _ids(tx, who, rulings, about, "reception_id")
    _blank(tx, who, rulings, about, "reason", "decided_because")
    for row in views.corrections_about(tx, who, branch_id, erased):
        one = corrections.c.hall_id == row["hall_id"], corrections.c.n == row["n"]
        _blank(tx, who, corrections, one[0] & one[1], "reason")
    about = views.of_visits(erased, disputes.c.reception_id, disputes.c.customer_id)
    quarrels = _ids(tx, who, disputes, about)
    _blank(tx, who, disputes, about, "said", "reason")
    grounds = rules.grounds(erased.visits, quarrels)
    resting = (penalties.c.branch_id == branch_id) & penalties.c.evidence.in_(grounds)
    fined = _ids(tx, who, penalties, resting)
    _blank(tx, who, penalties, resting, "note", "appeal", "reason")
    of_fined = removal_cases.c.penalty_id.in_(fined)
    cases = _ids(tx, who, removal_cases, of_fined)
    _blank(tx, who, removal_cases, of_fined, "reason")
    by_kind = {"reception": ruled, "dispute": quarrels, "penalty": fined, "removal_case": cases}
    return [f"{kind}/{one}" for kind, found in by_kind.items() for one in found]


def _forget_conflicts(tx: Transaction, who: Who, branch_id: str, erased: Erased) -> list[str]:
    found = views.conflicts_about(tx, who, branch_id, erased)
    for row in found:
        one = journal_entries.c.hall_id == row["hall_id"], journal_entries.c.entry_id == row["entry_id"]
        _blank(tx, who, journal_entries, one[0] & one[1], "personal", "reason")
    return [f"journal/{row['entry_id']}" for row in found]


def _ids(tx: Transaction, who: Who, table: Table, which: ColumnElement[bool], name: str = "id") -> list[str]:
    return sorted(set(tx.execute(scoped(table, who).select(table.c[name]).where(which)).scalars()))


def _blank(tx: Transaction, who: Who, table: Table, which: ColumnElement[bool], *names: str) -> None:
    nothing: dict[str, Any] = dict.fromkeys(names)
    tx.execute(scoped(table, who).update().where(which).values(nothing))
