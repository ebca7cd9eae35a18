"""Noting contacts, warning owners, and letting customers go back to the pool."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import RowMapping, Update, bindparam, case, or_

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from services.customers.events import ReturnWarningChanged
from services.customers.files import codes
from services.customers.files.rules import Because, File, Why
from services.customers.ownership.actions import give
from services.customers.ownership.rules import owned_since
from services.customers.ownership.views import changes_of
from services.customers.people.views import branch_of, local_day
from services.customers.policy.rules import Policy
from services.customers.policy.views import policy_of
from services.customers.returns.rules import Lift, Return, Standing, State, Verdict, Warn, Warned, is_kept, judge
from services.customers.returns.tables import contacts_ahead, last_contacts, warnings
from services.customers.returns.views import (
    Contact,
    contacts_of,
    open_warning,
    open_warnings,
    owned_files,
)

_NEVER = Contact(None, closed_deal=False)
_FILE = [field.name for field in fields(File)]


def note_contact(tx: Transaction, who: Who, branch_id: str, customer_id: str, day: date | None, closed: bool) -> None:
    """Somebody was in contact with the customer on a local day (None: not known when); `closed`: a deal was made.

    In whatever order contacts arrive the last one is kept; one on a day that is still to come counts from that day on.
    A contact lifts the warning at once; who goes back this very moment has gone before the contact or stays after it,
    never both.
    """
    codes.lock_branch(tx, who, branch_id)
    today = local_day(tx, who, branch_id)
    had = day if day is None or day <= today else None
    row = {"customer_id": customer_id, "branch_id": branch_id, "day": had, "closed_deal": closed}
    if not insert_if_new(tx, scoped(last_contacts, who).table, row, ["customer_id"]):
        tx.execute(*_moved_on(who, customer=customer_id, on=had, deal=closed, today=today))
    if day is not None and had is None:
        ahead = {"customer_id": customer_id, "day": day, "branch_id": branch_id}
        insert_if_new(tx, scoped(contacts_ahead, who).table, ahead, ["customer_id", "day"])
    warning = open_warning(tx, who, customer_id)
    if warning is not None and had is not None and had > warning["idle_since"]:
        _announce(tx, who, warning, State.LIFTED)


def look_at(tx: Transaction, who: Who, branch_id: str, ids: Collection[str]) -> None:
    """Warn the owners of these customers, lift their warnings, or let the customers go back, as it is due today."""
    codes.lock_branch(tx, who, branch_id)
    branch = branch_of(tx, who, branch_id)
    today, policy = branch.day(tx.now()), policy_of(tx, branch)
    changes, contacts = changes_of(tx, who, ids), contacts_of(tx, who, ids, today)
    warned, owned = open_warnings(tx, who, ids), owned_files(tx, who, ids)
    for row in owned:
        customer_id = row["customer_id"]
        contact = contacts.get(customer_id, _NEVER)
        since = owned_since(row["owner_id"], changes.get(customer_id, []))
        began = branch.day(since) if since else row["local_day"]
        standing = Standing(row["owner_id"], began, contact.day, _is_kept(row, contact, policy))
        warning = warned.get(customer_id)
        verdict = judge(standing, _told(warning) if warning else None, today, policy)
        _carry_out(tx, who, row, warning, verdict, today)
    for customer_id in warned.keys() - {row["customer_id"] for row in owned}:
        _announce(tx, who, warned[customer_id], State.LIFTED)


def _is_kept(row: RowMapping, contact: Contact, policy: Policy) -> bool:
    return is_kept(
        policy, key_account=row["key_account"], closed_deal=contact.closed_deal, owner_works_here=row["works_here"]
    )


def _told(warning: RowMapping) -> Warned:
    return Warned(warning["owner_id"], warning["idle_since"], warning["goes_back_on"])


def _carry_out(
    tx: Transaction, who: Who, row: RowMapping, warning: RowMapping | None, verdict: Verdict, today: date
) -> None:
    match verdict:
        case Warn(idle_since, goes_back_on):
            _warn(tx, who, row, {"idle_since": idle_since, "warned_on": today, "goes_back_on": goes_back_on})
        case Lift() if warning:
            _announce(tx, who, warning, State.LIFTED)
        case Return() if warning:
            give(tx, who, File(**{name: row[name] for name in _FILE}), None, Because(Why.IDLE))
            _announce(tx, who, warning, State.RETURNED)


def _warn(tx: Transaction, who: Who, row: RowMapping, days: Mapping[str, date]) -> None:
    mine = {name: row[name] for name in ("branch_id", "customer_id", "owner_id")}
    warning = {**mine, **days, "warning_id": tx.new_id(), "state": State.OPEN.value, "version": 0}
    tx.execute(*scoped(warnings, who).new(warning))
    _announce(tx, who, warning, State.OPEN)


def _announce(tx: Transaction, who: Who, warning: Mapping[Any, Any], state: State) -> None:
    """The warning stands so from now on."""
    now = {**warning, "state": state.value, "version": warning["version"] + 1}
    changed = scoped(warnings, who).update().where(warnings.c.warning_id == now["warning_id"])
    tx.execute(changed.values(state=now["state"], version=now["version"]))
    told = ReturnWarningChanged(**{field.name: now[field.name] for field in fields(ReturnWarningChanged)})
    record(tx, told, about("return_warning", now["warning_id"], now["version"], now["branch_id"]))


@prepared
def _moved_on(who: Who) -> Update:
    on = bindparam("on", type_=last_contacts.c.day.type)
    is_later = or_(last_contacts.c.day.is_(None), last_contacts.c.day < on, last_contacts.c.day > bindparam("today"))
    day = case((on.is_(None), last_contacts.c.day), (is_later, on), else_=last_contacts.c.day)
    closed = or_(last_contacts.c.closed_deal, bindparam("deal", type_=last_contacts.c.closed_deal.type))
    mine = last_contacts.c.customer_id == bindparam("customer")
    return scoped(last_contacts, who).update().where(mine).values(day=day, closed_deal=closed)
