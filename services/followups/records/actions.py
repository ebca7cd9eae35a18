"""Recording follow-ups, and bringing the plans of their customers up to date in the same transaction."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, RowMapping, Select, bindparam

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.followups.credit.actions import deal_closed
from services.followups.credit.rules import Deal
from services.followups.events import FollowupRecorded, Said
from services.followups.people.copies import family_of
from services.followups.people.rules import Family
from services.followups.people.views import local_day, works_in_reach
from services.followups.plans import actions as plans
from services.followups.plans.rules import Contact
from services.followups.plans.views import plan_of
from services.followups.records import rules
from services.followups.records.tables import records


def record_from_event(tx: Transaction, who: Who, row: rules.Record, at: datetime) -> bool:
    """Record what an event says, once; says whether it was new. `at` is the event's own time.

    The customer need not be known yet: the plan is computed again when news of the customer arrives.
    """
    followup_id = rules.id_of(row.branch_id, row.origin, row.origin_key or "")
    values = _values(row, followup_id, who, at)
    if not insert_if_new(tx, scoped(records, who).table, values, ["branch_id", "origin", "origin_key"]):
        return False
    _announce(tx, row, followup_id)
    if row.customer_id is not None and row.date is not None:
        plan_customers(tx, who, row.branch_id, [row.customer_id])
    _credit(tx, who, row, followup_id, at)
    return True


def record_by_person(tx: Transaction, who: Who, said: Mapping[str, Any]) -> str:
    """Record what a person says of a customer in reach, and answer the record's id.

    `said` holds what RecordingSchema loads. Raises CustomerUnknown, SalespersonUnknown and what rules.check raises.
    """
    customer = plan_of(tx, who, said["customer_id"])
    today = local_day(tx, who, customer["branch_id"])
    row = rules.Record(
        branch_id=customer["branch_id"],
        origin=rules.Origin.PERSON,
        salesperson_id=_salesperson(tx, who, customer, said["salesperson_id"]),
        **_as_said(said, today),
    )
    rules.check(row, today)
    followup_id = tx.new_id()
    tx.execute(*scoped(records, who).new(_values(row, followup_id, who, tx.now())))
    _announce(tx, row, followup_id)
    plan_customers(tx, who, row.branch_id, [said["customer_id"]])
    _credit(tx, who, row, followup_id, tx.now())
    return followup_id


def _as_said(said: Mapping[str, Any], today: date) -> dict[str, Any]:
    day = said["date"] or today
    deal_date = rules.deal_date_of(said["result"], said["deal_date"], day)
    names = ("customer_id", "method", "progress", "intent", "said", "result", "amount", "next_contact", "effective")
    return {name: said[name] for name in names} | {"date": day, "deal_date": deal_date}


def _salesperson(tx: Transaction, who: Who, customer: RowMapping, named: str | None) -> str | None:
    """Whose follow-up it is: the one named; else the person who records it; else, for programs, the owner."""
    if named is None:
        return who.actor_id if who.kind == "person" else customer["owner_id"]
    if named != who.actor_id and not works_in_reach(tx, who, customer["branch_id"], named):
        raise rules.SalespersonUnknown(named)
    return named


def plan_customers(tx: Transaction, who: Who, branch_id: str, customer_ids: Iterable[str]) -> None:
    """Compute the plans of these customers, under all their ids, from what is stored now."""
    families = {family_of(tx, customer_id) for customer_id in customer_ids}
    plans.lock_plans(tx, who, branch_id, {member for family in families for member in family.members})
    for family in families:
        plans.plan_again(tx, who, family, _contacts(tx, who, family))


def _credit(tx: Transaction, who: Who, row: rules.Record, followup_id: str, at: datetime) -> None:
    """A closed deal is somebody's, from the day of its signing on."""
    if row.result == rules.CLOSED and row.deal_date is not None:
        deal = Deal(followup_id, row.customer_id, row.deal_date, row.amount, row.salesperson_id, at)
        deal_closed(tx, who, row.branch_id, deal)


def _contacts(tx: Transaction, who: Who, family: Family) -> list[Contact]:
    return [Contact(*row) for row in tx.execute(*_dated(who, wanted=list(family.members)))]


def _values(row: rules.Record, followup_id: str, who: Who, at: datetime) -> dict[str, Any]:
    written = {"id": followup_id, "recorded_by": who.actor_id, "recorded_at": at, "version": 1}
    return vars(row) | {"origin": row.origin.value} | written


def _announce(tx: Transaction, row: rules.Record, followup_id: str) -> None:
    public = vars(row) | {"origin": row.origin.value}
    said = public.pop("said")
    fact = FollowupRecorded(followup_id=followup_id, personal=Said(said) if said else None, **public)
    record(tx, fact, about("followup", followup_id, 1, row.branch_id))


@prepared
def _dated(who: Who) -> Select[Any]:
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    of_contact = ("date", "recorded_at", "id", "effective", "next_contact", "salesperson_id")
    of_family = scoped(records, who).select(*(records.c[name] for name in of_contact))
    return of_family.where(records.c.customer_id.in_(wanted), records.c.date.is_not(None))
