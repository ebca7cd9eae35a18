"""Reading corrections: those of deals in reach, and those that people in reach asked for."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import RowMapping, Select, or_

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.followups.corrections.rules import CorrectionUnknown, State
from services.followups.corrections.tables import deal_corrections
from services.followups.credit.tables import deals
from services.followups.credit.views import of_deals_in_reach
from services.followups.people.views import of_people_in_reach


def corrections_of(tx: Transaction, who: Who, asked: Mapping[str, Any]) -> Page:
    """Corrections in reach, the last asked for first; `asked` as CorrectionsArguments loads it."""
    found = _seen(who)
    for name in ("deal_id", "state"):
        if asked[name] is not None:
            found = found.where(deal_corrections.c[name] == asked[name])
    return paginate(tx, found, [deal_corrections.c.asked_at, deal_corrections.c.id], asked, descending=True)


def correction_of(tx: Transaction, who: Who, correction_id: str) -> RowMapping:
    """One correction; raises CorrectionUnknown."""
    row = tx.execute(_seen(who).where(deal_corrections.c.id == correction_id)).mappings().first()
    if row is None:
        raise CorrectionUnknown(correction_id)
    return row


def waits(tx: Transaction, who: Who, deal_id: str) -> bool:
    """Whether a correction of this deal waits to be decided, whoever asked for it."""
    here = deal_corrections.c.deal_id == deal_id, deal_corrections.c.state == State.ASKED.value
    return tx.execute(scoped(deal_corrections, who).select(deal_corrections.c.id).where(*here)).first() is not None


def of_customer(who: Who, customer_id: str) -> Select[Any]:
    """The corrections of a customer's deals that say why: (id, version)."""
    theirs = scoped(deals, who).select(deals.c.deal_id).where(deals.c.customer_id == customer_id)
    said = scoped(deal_corrections, who).select(deal_corrections.c.id, deal_corrections.c.version)
    return said.where(deal_corrections.c.deal_id.in_(theirs), deal_corrections.c.reason.is_not(None))


def _seen(who: Who) -> Select[Any]:
    asked = of_people_in_reach(who, deal_corrections.c.asked_by)
    return scoped(deal_corrections, who).select().where(or_(asked, of_deals_in_reach(who, deal_corrections.c.deal_id)))
