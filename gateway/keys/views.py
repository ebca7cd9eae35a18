"""API keys as who asks may see them; the keys themselves are not there to be seen."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction, scoped
from chassis.identity import Who
from chassis.web import Page, paginate
from gateway.keys.tables import api_keys

_SHOWN = tuple(column for column in api_keys.c if column.name != "key_hash")


def list_keys(tx: Transaction, who: Who, page: Mapping[str, Any]) -> Page:
    """The keys in reach, by id, revoked ones too."""
    return paginate(tx, scoped(api_keys, who).select(*_SHOWN), [api_keys.c.id], page)
