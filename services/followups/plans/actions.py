"""Computing plans again from what is stored, whatever arrived last."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import BindParameter, Row, Select, Update, bindparam

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.followups.events import FollowupPlanChanged
from services.followups.people.copies import family_of
from services.followups.people.rules import Family
from services.followups.people.tables import customers
from services.followups.plans import rules
from services.followups.plans.tables import plans


def lock_plans(tx: Transaction, who: Who, branch_id: str, customer_ids: Iterable[str]) -> Sequence[Row[Any]]:
    """Hold the plans of these customers until the transaction ends, and answer them as they stand then.

    Two events about one customer, handled at once, would each compute a plan without the other's news; the second
    waits here and then reads what the first one stored.
    """
    ids = sorted(customer_ids)
    rows = tx.execute(*_locked(who, wanted=ids)).all()
    if len(rows) == len(ids):
        return rows
    blank = {"branch_id": branch_id, "reason": rules.Reason.NO_CONTACT.value, "version": 0}
    for customer_id in ids:
        insert_if_new(tx, scoped(plans, who).table, {"customer_id": customer_id, **blank}, ["customer_id"])
    return tx.execute(*_locked(who, wanted=ids)).all()


def lock_families(tx: Transaction, who: Who, branch_id: str, customer_ids: Iterable[str]) -> None:
    """Hold the plans of these customers under all their ids, in the one order in which everybody takes them.

    Whoever held one id of a customer and then wanted another would stop whoever holds that one and wants the first.
    """
    ids = {member for customer_id in customer_ids for member in family_of(tx, customer_id).members}
    lock_plans(tx, who, branch_id, ids)


def plan_again(  # noqa: PLR0913 - all that a plan follows from
    tx: Transaction,
    who: Who,
    family: Family,
    locked: Sequence[Row[Any]],
    contacts: Sequence[rules.Contact],
    *,
    erased: Collection[str],
) -> None:
    """Bring the plans of one customer, under all its ids, up to date and announce each that changed.

    The plans are among the `locked`. `contacts` are those of the whole family. `erased` are the ids that were.
    """
    known = _customers(tx, who, family)
    for row in (row for row in locked if row.customer_id in family.members):
        customer = known.get(row.customer_id)
        gone = _gone(row.customer_id, customer, family, erased)
        due = rules.plan_of_one_gone(gone) if gone else rules.plan(customer.grade if customer else None, contacts)
        _store(tx, who, row, _whose(customer, contacts) | asdict(due) | {"reason": due.reason.value})


def _gone(customer_id: str, customer: Row[Any] | None, family: Family, erased: Collection[str]) -> rules.Reason | None:
    if customer_id in erased:
        return rules.Reason.ERASED
    if customer_id != family.winner:
        return rules.Reason.MERGED
    return rules.Reason.INACTIVE if customer is not None and not customer.active else None


def _whose(customer: Row[Any] | None, contacts: Sequence[rules.Contact]) -> dict[str, Any]:
    if customer is None:
        return {"grade": None, "owner_id": None, "keeper_id": rules.last_to_follow_up(contacts)}
    return {"grade": customer.grade, "owner_id": customer.owner_id, "keeper_id": customer.owner_id}


def _store(tx: Transaction, who: Who, row: Row[Any], says: dict[str, Any]) -> None:
    """Write the plan if it says something new; announce it unless there was and is nothing to tell."""
    if all(getattr(row, name) == value for name, value in says.items()):
        return
    worth_telling = row.version > 0 or says["last_contact"] or says["next_due"]
    version = row.version + 1 if worth_telling else 0
    tx.execute_later(*_changed(who, customer=row.customer_id, **says, version=version))
    if worth_telling:
        public = {name: says[name] for name in ("grade", "next_due", "last_contact", "owner_id")}
        fact = FollowupPlanChanged(customer_id=row.customer_id, branch_id=row.branch_id, **public)
        record(tx, fact, about("followup_plan", row.customer_id, version, row.branch_id))


def _customers(tx: Transaction, who: Who, family: Family) -> dict[str, Row[Any]]:
    rows = tx.execute(*_known(who, wanted=list(family.members)))
    return {row.customer_id: row for row in rows}


_WANTED: BindParameter[Any] = bindparam("wanted", expanding=True)


@prepared
def _locked(who: Who) -> Select[Any]:
    wanted = scoped(plans, who).select().where(plans.c.customer_id.in_(_WANTED))
    return wanted.order_by(plans.c.customer_id).with_for_update()


@prepared
def _changed(who: Who) -> Update:
    return scoped(plans, who).update().where(plans.c.customer_id == bindparam("customer"))


@prepared
def _known(who: Who) -> Select[Any]:
    return scoped(customers, who).select().where(customers.c.customer_id.in_(_WANTED))
