"""The applications in reach: one's own, the team's, or the branch's."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import RowMapping, Select

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.applications.rules import State, UnknownApplication
from services.customers.applications.tables import applications
from services.customers.files.tables import customers
from services.customers.people.tables import staff
from services.customers.people.views import of_people_in_reach


def applications_page(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Page:
    """The applications in reach, the last made first; of one state where `asked` names it."""
    wanted = _named(who).where(of_people_in_reach(who, applications.c.applicant_id))
    if asked["state"] is not None:
        wanted = wanted.where(applications.c.state == asked["state"].value)
    return paginate(tx, wanted, (applications.c.applied_at, applications.c.application_id), asked, descending=True)


def application_of(tx: Transaction, who: Who, application_id: str, *, locked: bool = False) -> RowMapping:
    """One application in reach, `locked` until the end of the transaction; raises UnknownApplication."""
    mine = applications.c.application_id == application_id, of_people_in_reach(who, applications.c.applicant_id)
    wanted = _named(who).where(*mine)
    row = tx.execute(wanted.with_for_update() if locked else wanted).mappings().one_or_none()
    if row is None:
        raise UnknownApplication
    return row


def open_applications(tx: Transaction, who: Who, ids: Collection[str]) -> Sequence[RowMapping]:
    """The applications for a customer of these ids that are still to be decided, whoever made them, in order."""
    for_them = applications.c.customer_id.in_(list(ids)), applications.c.state == State.OPEN.value
    waiting = scoped(applications, who).select().where(*for_them).order_by(applications.c.application_id)
    return tx.execute(waiting).mappings().all()


def is_applied_for(tx: Transaction, who: Who, customer_id: str) -> bool:
    """Whether the asker's application for this customer is still to be decided."""
    mine = applications.c.customer_id == customer_id, applications.c.applicant_id == who.actor_id
    still_open = scoped(applications, who).select().where(*mine, applications.c.state == State.OPEN.value)
    return tx.execute(still_open).first() is not None


def _named(who: Who) -> Select[Any]:
    """Applications with the customer's code and the applicant's name, as far as they are known."""
    code = scoped(customers, who).select(customers.c.code).where(customers.c.customer_id == applications.c.customer_id)
    name = scoped(staff, who).select(staff.c.name).where(staff.c.staff_id == applications.c.applicant_id)
    named = code.scalar_subquery().label("code"), name.scalar_subquery().label("applicant_name")
    return scoped(applications, who).select(*applications.c, *named)
