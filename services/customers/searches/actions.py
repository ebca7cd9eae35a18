"""Saving questions under a name."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Delete, bindparam, or_

from chassis.database import Transaction, insert_if_new, prepared, scoped
from chassis.identity import Who, system
from services.customers.searches.rules import SearchNameTaken, UnknownSearch, words_of, written
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


def forget(tx: Transaction, branch_id: str, tells: Callable[[str], bool]) -> None:
    """Remove the searches of this branch and of the whole company that tell who somebody is, by name or by what they
    ask.
    """
    who = system(tx.service, None)
    theirs = or_(searches.c.branch_id == branch_id, searches.c.branch_id.is_(None))
    saved = scoped(searches, who).select(searches.c.search_id, searches.c.name, searches.c.question).where(theirs)
    gone = [row.search_id for row in tx.execute(saved).all() if any(map(tells, (row.name, *words_of(row.question))))]
    tx.execute(scoped(searches, who).delete().where(searches.c.search_id.in_(gone)))


@prepared
def _own(who: Who) -> Delete:
    own = searches.c.search_id == bindparam("search"), searches.c.owner_id == who.actor_id
    return scoped(searches, who).delete().where(*own)
