"""Whose rows an asker may see, and which day it is at a branch."""

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import Column, ColumnElement, Select, bindparam, or_, select, true

from chassis.database import Transaction, prepared, scoped
from chassis.events.tables import forgotten
from chassis.identity import Who
from services.followups.people.tables import branches, customers, staff

USUAL_ZONE = "Asia/Shanghai"
"""Until the branch itself has been heard of."""


def of_people_in_reach(who: Who, staff_id: Column[Any]) -> ColumnElement[bool]:
    """The condition that `staff_id` is the asker, or of the asker's team; true for those who see a whole branch."""
    if who.reach in ("branch", "all"):
        return true()
    if who.reach == "own" or who.team_id is None:
        return staff_id == who.actor_id
    team = scoped(staff, who).select(staff.c.staff_id).where(staff.c.team_id == who.team_id)
    return or_(staff_id == who.actor_id, staff_id.in_(team))


def named(customer_id: Column[Any]) -> tuple[ColumnElement[Any], ...]:
    """How a row says which customer it is of, whose copy is joined: code, name, and whether they were erased."""
    erased = select(forgotten.c.id).where(forgotten.c.id == customer_id).exists()
    known = customers.c.code.label("customer_code"), customers.c.name.label("customer_name")
    return *known, erased.label("customer_erased")


def works_in_reach(tx: Transaction, who: Who, branch_id: str, staff_id: str) -> bool:
    """Whether this is an active member of the branch whose work the asker sees."""
    return tx.execute(*_at_work(who, branch=branch_id, person=staff_id)).first() is not None


def name_of(tx: Transaction, who: Who, staff_id: str | None) -> str | None:
    """What a member of the staff is called, as far as it is known."""
    return None if staff_id is None else tx.execute(*_name(who, person=staff_id)).scalar()


def customer_named(tx: Transaction, who: Who, customer_id: str) -> tuple[str | None, str | None]:
    """Code and name of the customer of this very id, as far as it is known."""
    row = tx.execute(*_customer(who, customer=customer_id)).first()
    return (row.code, row.name) if row else (None, None)


def local_day(tx: Transaction, who: Who, branch_id: str | None) -> date:
    """Which day it is now at the branch."""
    return tx.now().astimezone(ZoneInfo(zone_of(tx, who, branch_id))).date()


def zone_of(tx: Transaction, who: Who, branch_id: str | None) -> str:
    """The name of the branch's time zone, as far as it is known and exists."""
    zone: str = tx.execute(*_zone(who, branch=branch_id)).scalar() or USUAL_ZONE
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError):
        return USUAL_ZONE
    return zone


@prepared
def _at_work(who: Who) -> Select[Any]:
    here = staff.c.staff_id == bindparam("person"), staff.c.branch_id == bindparam("branch"), staff.c.active
    return scoped(staff, who).select(staff.c.staff_id).where(*here, of_people_in_reach(who, staff.c.staff_id))


@prepared
def _name(who: Who) -> Select[Any]:
    return select(scoped(staff, who).table.c.name).where(staff.c.staff_id == bindparam("person"))


@prepared
def _customer(who: Who) -> Select[Any]:
    wanted = customers.c.customer_id == bindparam("customer")
    return select(scoped(customers, who).table.c.code, customers.c.name).where(wanted)


@prepared
def _zone(who: Who) -> Select[Any]:
    return scoped(branches, who).select(branches.c.time_zone).where(branches.c.branch_id == bindparam("branch"))
