"""API keys as who asks may see them; the keys themselves are not there to be seen."""

from collections.abc import Mapping, Sequence
from typing import Any

from chassis.database import Transaction, scoped
from chassis.identity import Who
from gateway.keys.tables import api_keys


def list_keys(tx: Transaction, who: Who, after: str | None, limit: int) -> Sequence[Mapping[str, Any]]:
    """Up to `limit` keys with ids after `after`, by id."""
    shown = (column for column in api_keys.c if column.name != "key_hash")
    query = scoped(api_keys, who).select(*shown)
    beyond = query if after is None else query.where(api_keys.c.id > after)
    return [dict(row) for row in tx.execute(beyond.order_by(api_keys.c.id).limit(limit)).mappings()]
