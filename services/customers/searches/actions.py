"""Saving questions under a name."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Delete, bindparam

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.identity import Who
from services.customers.searches.rules import SearchNameTaken, UnknownSearch, written
from services.customers.searches.tables import searches
from services.customers.searches.views import check_question


def save_search(tx: Transaction, who: Who, said: Mapping[str, Any]) -> str:
    """Save a question and answer its id; `said` holds what SavingSchema loads.

    Raises SearchNameTaken, UnknownField, RetiredField, ConditionNotPossible.
    """
    check_question(tx, who, said["question"])
    of = {"search_id": tx.new_id(), "branch_id": who.branch_id, "owner_id": who.actor_id, "saved_at": tx.now()}
    row = {**said, **of, "question": written(said["question"])}
    if not insert_if_new(tx, scoped(searches, who).table, row, ["owner_id", "name"]):
        raise SearchNameTaken
    return str(of["search_id"])


def remove_search(tx: Transaction, who: Who, search_id: str) -> None:
    """Remove a search of one's own; raises UnknownSearch."""
    if tx.execute(*_own(who, search=search_id)).rowcount == 0:
        raise UnknownSearch


@prepared
def _own(who: Who) -> Delete:
    own = searches.c.search_id == bindparam("search"), searches.c.owner_id == who.actor_id
    return scoped(searches, who).delete().where(*own)
