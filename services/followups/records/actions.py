"""Recording follow-ups, and bringing the plans of their customers up to date in the same transaction."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import BindParameter, RowMapping, Select, Update, bindparam, case, or_

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.events import about, record
from chassis.events.forgetting import forgotten_among
from chassis.identity import Who
from services.followups.credit.actions import deal_closed
from services.followups.credit.rules import Deal
from services.followups.credit.views import is_booked
from services.followups.events import FollowupCorrected, FollowupErased, FollowupRecorded, Said, _Followup
from services.followups.people.copies import family_of
from services.followups.people.rules import CustomerErased, Family
from services.followups.people.views import customer_named, local_day, name_of, works_in_reach
from services.followups.plans import actions as plans
from services.followups.plans.rules import Contact
from services.followups.plans.views import plan_of_family
from services.followups.records import rules
from services.followups.records.tables import records

_OF_CONTACT = ("date", "recorded_at", "id", "effective", "next_contact", "salesperson_id")


def record_from_event(tx: Transaction, who: Who, row: rules.Record, at: datetime) -> bool:
    """Record what an event says, once; says whether it was new. `at` is the event's own time.

    The customer need not be known yet: the plan is computed again when news of the customer arrives.
    """
    followup_id = rules.id_of(row.branch_id, row.origin, row.origin_key or "")
    values = _values(row, followup_id, who, at)
    if not insert_if_new(tx, scoped(records, who).table, values, ["branch_id", "origin", "origin_key"]):
        return False
    _announce(tx, FollowupRecorded, row, followup_id)
    if row.customer_id is not None and row.date is not None:
        plan_customers(tx, who, row.branch_id, [row.customer_id])
    _credit(tx, who, row, followup_id, at)
    return True


def record_by_person(tx: Transaction, who: Who, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """Record what a person says of a customer in reach, and answer the record.

    `said` holds what RecordingSchema loads. Raises CustomerUnknown, CustomerErased, SalespersonUnknown and what
    rules.check raises.
    """
    family = family_of(tx, said["customer_id"])
    customer = plan_of_family(tx, who, family)
    today = local_day(tx, who, customer["branch_id"])
    row = rules.Record(
        branch_id=customer["branch_id"],
        origin=rules.Origin.PERSON,
        salesperson_id=_salesperson(tx, who, customer, said["salesperson_id"]),
        **_as_said(said, today),
    )
    rules.check(row, today)
    written = _values(row, tx.new_id(), who, tx.now())
    names = _names(tx, who, family, customer, row)
    # asks all it has to before anything is written
    if _plan(tx, who, row.branch_id, [family], _contact(written)):
        raise CustomerErased
    tx.execute_later(*scoped(records, who).new(written))
    _announce(tx, FollowupRecorded, row, written["id"])
    _credit(tx, who, row, written["id"], written["recorded_at"])
    return written | names


def _names(tx: Transaction, who: Who, family: Family, winner: RowMapping, row: rules.Record) -> dict[str, Any]:
    """Who is who in the record; a customer is named as the record names it, though it was merged into another one."""
    code, name = winner["customer_code"], winner["customer_name"]
    if row.customer_id is not None and row.customer_id != family.winner:
        code, name = customer_named(tx, who, row.customer_id)
    named = {"customer_code": code, "customer_name": name, "customer_erased": winner["customer_erased"]}
    return named | {"salesperson": name_of(tx, who, row.salesperson_id)}


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


def announce_corrected(
    tx: Transaction, who: Who, followup_id: str, deal_date: date, amount: int | None, version: int
) -> None:
    """The deal of a record was corrected: announce the record as it stands. The row says for ever what was written."""
    written = tx.execute(*_one(who, followup=followup_id)).mappings().one()
    stands = replace(_as_written(written), deal_date=deal_date, amount=amount)
    _announce(tx, FollowupCorrected, stands, followup_id, version)


def book_unbooked(tx: Transaction, who: Who, most: int) -> int:
    """Book deals that were recorded without being booked, at most so many; answers how many. None is booked twice."""
    found = tx.execute(*_unbooked(who, most=most)).mappings().all()
    for written in found:
        _credit(tx, who, _as_written(written), written["id"], written["recorded_at"])
    return len(found)


def forget_words(tx: Transaction, who: Who, branch_id: str, customer_id: str) -> list[str]:
    """Forget what was said of a customer in words of somebody's own, and of others at visits to which they came along.

    Such others' records do not name the customer: that they are forgotten is told of each. Answers their ids.
    """
    keys = tx.execute(*_visits(who, customer=customer_id)).scalars()
    visits = sorted({rules.visit_of(key) for key in keys})
    found = tx.execute(*_about(who, customer=customer_id, visits=visits)).all()
    tx.execute(*_unsaid(who, forgotten=[row.id for row in found]))
    others = [row.id for row in found if row.customer_id != customer_id]
    for followup_id in others:
        record(tx, FollowupErased(followup_id, branch_id), about("followup", followup_id, 1, branch_id))
    return others


def plan_customers(tx: Transaction, who: Who, branch_id: str, customer_ids: Iterable[str]) -> None:
    """Compute the plans of these customers, under all their ids, from what is stored now."""
    _plan(tx, who, branch_id, {family_of(tx, customer_id) for customer_id in customer_ids})


def _plan(tx: Transaction, who: Who, branch_id: str, families: Collection[Family], *more: Contact) -> frozenset[str]:
    """Compute plans from what is stored and from the contacts that are only about to be; answers who was erased.

    Whoever erases holds the plan as well: with it in hand one sees what they did.
    """
    ids = {member for family in families for member in family.members}
    locked, erased = plans.lock_plans(tx, who, branch_id, ids), forgotten_among(tx, ids)
    for family in families:
        plans.plan_again(tx, who, family, locked, [*_contacts(tx, who, family), *more], erased=erased)
    return erased


def _credit(tx: Transaction, who: Who, row: rules.Record, followup_id: str, at: datetime) -> None:
    """A closed deal is somebody's, from the day of its signing on."""
    if row.result == rules.CLOSED and row.deal_date is not None:
        deal = Deal(followup_id, row.customer_id, row.deal_date, row.amount, row.salesperson_id, at)
        deal_closed(tx, who, row.branch_id, deal)


def _as_written(row: RowMapping) -> rules.Record:
    says = {field.name: row[field.name] for field in fields(rules.Record)}
    return rules.Record(**says | {"origin": rules.Origin(row["origin"])})


def _contacts(tx: Transaction, who: Who, family: Family) -> list[Contact]:
    return [Contact(*row) for row in tx.execute(*_dated(who, wanted=list(family.members)))]


def _contact(written: Mapping[str, Any]) -> Contact:
    return Contact(*(written[name] for name in _OF_CONTACT))


def _values(row: rules.Record, followup_id: str, who: Who, at: datetime) -> dict[str, Any]:
    written = {"id": followup_id, "recorded_by": who.actor_id, "recorded_at": at, "version": 1}
    return vars(row) | {"origin": row.origin.value} | written


def _announce(tx: Transaction, fact: type[_Followup], row: rules.Record, followup_id: str, version: int = 1) -> None:
    words = rules.words_in(vars(row))
    public = vars(row) | {"origin": row.origin.value} | dict.fromkeys(words)
    del public["said"]
    personal = Said(**{name: words.get(name) for name in rules.USUAL}) if words else None
    told = fact(followup_id=followup_id, personal=personal, **public)
    record(tx, told, about("followup", followup_id, version, row.branch_id))


@prepared
def _one(who: Who) -> Select[Any]:
    return scoped(records, who).select().where(records.c.id == bindparam("followup"))


@prepared
def _visits(who: Who) -> Select[Any]:
    of_customer = records.c.customer_id == bindparam("customer"), records.c.origin == rules.Origin.RECEPTION.value
    return scoped(records, who).select(records.c.origin_key).where(*of_customer)


@prepared
def _about(who: Who) -> Select[Any]:
    visits: BindParameter[Any] = bindparam("visits", expanding=True)
    together = (records.c.origin == rules.Origin.RECEPTION.value) & records.c.origin_key.in_(visits)
    about = or_(records.c.customer_id == bindparam("customer"), together)
    own = (records.c[name].is_not(None) & records.c[name].not_in(usual) for name, usual in rules.USUAL.items())
    return scoped(records, who).select(records.c.id, records.c.customer_id).where(about, or_(*own))


@prepared
def _unsaid(who: Who) -> Update:
    forgotten: BindParameter[Any] = bindparam("forgotten", expanding=True)
    left = {
        name: case((records.c[name].in_(usual), records.c[name])) if usual else None
        for name, usual in rules.USUAL.items()
    }
    return scoped(records, who).update().where(records.c.id.in_(forgotten)).values(left)


@prepared
def _dated(who: Who) -> Select[Any]:
    wanted: BindParameter[Any] = bindparam("wanted", expanding=True)
    of_family = scoped(records, who).select(*(records.c[name] for name in _OF_CONTACT))
    return of_family.where(records.c.customer_id.in_(wanted), records.c.date.is_not(None))


@prepared
def _unbooked(who: Who) -> Select[Any]:
    closed = records.c.result == rules.CLOSED, records.c.deal_date.is_not(None), ~is_booked(who, records.c.id)
    return scoped(records, who).select().where(*closed).order_by(records.c.id).limit(bindparam("most"))
