"""Journals over HTTP."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.texts import UnknownText
from chassis.web import Blueprint, Page, acts, reads, say, the_web
from services.reception.journal import actions, views
from services.reception.journal.rules import Outcome
from services.reception.journal.schemas import (
    ConflictPageSchema,
    ConflictsArguments,
    ConflictSchema,
    HandedInSchema,
    JournalSchema,
    SettlingSchema,
)

blueprint = Blueprint("journal", __name__)


@blueprint.post("/api/v1/reception/halls/<hall_id>/journal")
@blueprint.arguments(JournalSchema)
@acts("reception.hand_in", body_limit=512 * 1024)
@blueprint.response(200, HandedInSchema)
def hand_in(tx: Transaction, who: Who, journal: dict[str, Any], hall_id: str) -> dict[str, Any]:
    """A hall that was cut off hands in what was done, in order. The same entries again answer the same."""
    rows = actions.hand_in(tx, who, hall_id, journal["entries"], tuple(the_web().service.problems))
    conflicts = sum(row["outcome"] == Outcome.CONFLICT for row in rows)
    return {"hall_id": hall_id, "entries": [_told(row) for row in rows], "conflicts": conflicts}


@blueprint.get("/api/v1/reception/halls/<hall_id>/journal/conflicts")
@blueprint.arguments(ConflictsArguments, location="query")
@reads("reception.manage")
@blueprint.response(200, ConflictPageSchema)
def list_conflicts(tx: Transaction, who: Who, asked: dict[str, Any], hall_id: str) -> Page:
    """What did not fit, and waits for the manager."""
    page = views.conflicts_of(tx, who, hall_id, asked)
    return replace(page, items=[_told(row) for row in page.items])


@blueprint.post("/api/v1/reception/halls/<hall_id>/journal/conflicts/<entry_id>/settle")
@blueprint.arguments(SettlingSchema)
@acts("reception.manage")
@blueprint.response(200, ConflictSchema)
def settle_conflict(tx: Transaction, who: Who, said: dict[str, Any], hall_id: str, entry_id: str) -> dict[str, Any]:
    """The manager has seen to it, and says how."""
    actions.settle(tx, who, hall_id, entry_id, said["reason"])
    return _told(views.conflict_of(tx, who, hall_id, entry_id))


def _told(row: Mapping[Any, Any]) -> dict[str, Any]:
    """The row with the conflict in the reader's language."""
    if row["code"] is None:
        return {**row, "conflict": None}
    return {**row, "conflict": {"code": row["code"], "facts": row["facts"], "text": _words(row)}}


def _words(row: Mapping[Any, Any]) -> str:
    """The refusal's words; a conflict older than its words, which now ask for other facts, must still be seen."""
    try:
        return say(f"problems.{row['code']}", **row["facts"])
    except UnknownText:
        return say("problems.refused")
