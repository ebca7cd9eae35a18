"""Reading disputes: one's own, those of one's team, those of the branch."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, Select, or_

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.reception.disputes.rules import UnknownDispute
from services.reception.disputes.tables import disputes
from services.reception.people.views import of_people_in_reach


def disputes_of(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """Disputes in reach, the latest first."""
    return paginate(tx, _seen(who), [disputes.c.reported_at, disputes.c.id], page, descending=True)


def dispute_of(tx: Transaction, who: Who, dispute_id: str, *, lock: bool = False) -> RowMapping:
    """One dispute, locked if it is to be decided; raises UnknownDispute."""
    found = _seen(who).where(disputes.c.id == dispute_id)
    row = tx.execute(found.with_for_update() if lock else found).mappings().first()
    if row is None:
        raise UnknownDispute
    return row


def _seen(who: Who) -> Select[Any]:
    sides = (of_people_in_reach(who, side) for side in (disputes.c.reporter_id, disputes.c.other_id))
    return scoped(disputes, who).select().where(or_(*sides))
