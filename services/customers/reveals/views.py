"""Reading what was revealed."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from services.customers.reveals.tables import reveals


def reveals_page(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """The reveals of phones of the branch's customers, the newest first."""
    return paginate(
        tx, scoped(reveals, who).select(), (reveals.c.revealed_at, reveals.c.reveal_id), page, descending=True
    )
