"""Erasing a customer: each room forgets its part, in one transaction."""

from collections.abc import Mapping
from typing import Any

from chassis import audit
from chassis.database import Transaction, scoped
from chassis.events.forgetting import forget_personal
from chassis.identity import Who
from chassis.jobs import enqueue
from chassis.web.idempotency import forget_answers
from services.customers.amendments import actions as amendments
from services.customers.applications import actions as applications
from services.customers.contacts import actions as contacts
from services.customers.erasure.rules import Because, Requester, StandsForRelatives, check_repeated
from services.customers.erasure.tables import erasures
from services.customers.erasure.views import file_meant, somebody, stands_for_relatives
from services.customers.exports import actions as exports
from services.customers.files import codes, forgetting
from services.customers.files.rules import File, UnknownCustomer
from services.customers.files.views import files_of, ids_of, keeps_bin
from services.customers.groups import actions as groups
from services.customers.points import actions as points
from services.customers.register import actions as register
from services.customers.relations import actions as relations
from services.customers.returns import actions as returns
from services.customers.reveals import actions as reveals
from services.customers.searches import actions as searches
from services.customers.spreadsheets import forgetting as spreadsheets
from services.customers.tags import actions as tags

TIDY = "customers.erasure_tidy"
Erasure = Mapping[str, Any]


def erase(tx: Transaction, who: Who, customer_id: str, said: Mapping[str, Any]) -> Erasure:
    """Erase a customer of the branch because it was asked for; `said` holds what ErasureWishSchema loads.

    Answers the row of `erasures`. Raises UnknownCustomer, CustomerErased, CodeNotRepeated, StandsForRelatives,
    SheetUnderWay.
    """
    if not keeps_bin(who):  # in it or not, customers are there to be erased for these alone
        raise UnknownCustomer
    codes.lock_branch(tx, who, file_meant(tx, who, customer_id).branch_id)
    check_meant(tx, who, file_meant(tx, who, customer_id), said["code"], family_too=said["family_too"])
    return forget(tx, who, customer_id, Because.ASKED, said["requested_by"])


def check_meant(tx: Transaction, who: Who, file: File, code: str, *, family_too: bool) -> None:
    """Raises CodeNotRepeated unless the code is the customer's, StandsForRelatives unless all who stand in it go."""
    check_repeated(file.code, code)
    if not family_too and stands_for_relatives(tx, who, file):
        raise StandsForRelatives


def forget(
    tx: Transaction, who: Who, customer_id: str, because: Because, requested_by: Requester | None = None
) -> Erasure:
    """Erase everything here that says who a customer is, under each of their ids; there is no way back.

    The customer stays as a fact, and every service is told. Whoever is one customer with them goes with them. Raises
    UnknownCustomer, CustomerErased, SheetUnderWay.
    """
    codes.lock_branch(tx, who, file_meant(tx, who, customer_id).branch_id)
    file = file_meant(tx, who, customer_id)
    files = files_of(tx, who, set(ids_of(tx, who, file.customer_id))).values()
    erasure = _noted(tx, who, file, len(files), because, requested_by)
    person, ids = somebody(tx, who, files), sorted(one.customer_id for one in files)
    sheets = spreadsheets.forget(tx, who, file.branch_id, person)
    forgetting.forget(tx, who, files, because)
    beside = contacts.forget(tx, who, ids)
    tags.forget(tx, who, ids)
    groups.let_go(tx, who, file.branch_id, ids)
    amendments.forget(tx, who, ids)
    applications.forget(tx, who, ids)
    points.forget(tx, who, ids)
    reveals.forget(tx, who, ids)
    returns.look_at(tx, who, file.branch_id, ids)
    relations.forget(tx, who, ids)
    register.forget(tx, who, ids)
    searches.forget(tx, file.branch_id, person.is_told_in)
    exports.forget_files(tx, file.branch_id)
    letters = [letter for one in ids for letter in forget_personal(tx, one)]
    for one in ids:
        register.chain(tx, file.branch_id, "erased", one, _told(erasure), None)
    if tx.connection.dialect.name == "sqlite":
        enqueue(tx, TIDY, {}, erasure["erasure_id"])
    forget_answers(tx, [*ids, *beside, *sheets, *letters], person.is_told_in)
    return erasure


def _noted(
    tx: Transaction, who: Who, file: File, ids: int, because: Because, requested_by: Requester | None
) -> Erasure:
    row = {
        "erasure_id": tx.new_id(),
        "branch_id": file.branch_id,
        "customer_id": file.customer_id,
        "code": file.code,
        "ids": ids,
        "because": because.value,
        "requested_by": requested_by.value if requested_by else None,
        "by_id": who.actor_id,
        "at": tx.now(),
    }
    tx.execute(*scoped(erasures, who).new(row))
    told = {"because": row["because"], "requested_by": row["requested_by"]}
    audit.note(tx, who, "customer.erased", f"customer/{file.customer_id}", file.branch_id, **told)
    return row


def _told(erasure: Erasure) -> dict[str, Any]:
    """What the register's chain says of it."""
    return {name: erasure[name] for name in ("erasure_id", "because", "requested_by", "by_id")}
