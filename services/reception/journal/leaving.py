"""Leaving the floor and coming back as a journal tells it: as people do it online, but for the limits.

Until a journal is handed in nobody could be told that a time was over, so none is held against anybody.
"""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.identity import Who
from services.reception.journal.rules import BackInTime, Deed, check_not_overtaken
from services.reception.stepping_out import actions
from services.reception.stepping_out.leaving import end
from services.reception.stepping_out.rules import State, StepOutIsOver, is_over
from services.reception.stepping_out.views import away_of, open_of

Entry = Mapping[str, Any]


def on_the_floor(tx: Transaction, who: Who, hall: RowMapping, entry: Entry) -> Exception | None:
    """Do what ON_THE_FLOOR names, as of `tx.now()`; answers what does not fit of what was done all the same.

    Raises Overtaken, and what the action raises. The caller has locked the hall.
    """
    return _DEEDS[Deed(entry["kind"])](tx, who, hall, entry)


def end_what_is_open(tx: Transaction, who: Who) -> None:
    """Who goes off duty is out no longer, nor asks to be; raises Overtaken."""
    row = open_of(tx, who, who.actor_id)
    if row is not None:
        _check(tx, row)
        end(tx, who, row, State.OFF_DUTY)


def _step_out(tx: Transaction, who: Who, hall: RowMapping, entry: Entry) -> None:
    out = entry["out"]
    actions.step_out(tx, who, hall["id"], out["reason"], without_stand_in=out["without_stand_in"])


def _accept(tx: Transaction, who: Who, hall: RowMapping, entry: Entry) -> None:
    actions.accept(tx, who, _asked(tx, who, hall, entry))


def _grant(tx: Transaction, who: Who, hall: RowMapping, entry: Entry) -> None:
    actions.grant(tx, who, _asked(tx, who, hall, entry), entry["granted"]["reason"])


def _cancel(tx: Transaction, who: Who, hall: RowMapping, entry: Entry) -> None:
    actions.cancel(tx, who, _asked(tx, who, hall, entry))


def _return(tx: Transaction, who: Who, hall: RowMapping, _entry: Entry) -> Exception | None:
    row = away_of(tx, who, hall["id"], who.actor_id)
    _check(tx, row)
    actions.be_back(tx, who, hall, row)
    wronged = row["state"] == State.OVERSTAYED and not is_over(row["until"], tx.now())
    return BackInTime() if wronged else None


def _walk_off(tx: Transaction, who: Who, hall: RowMapping, entry: Entry) -> None:
    actions.report(tx, who, hall, entry["whose_id"])


def _ready(tx: Transaction, who: Who, hall: RowMapping, _entry: Entry) -> None:
    actions.confirm_ready(tx, who, hall["id"])


def _asked(tx: Transaction, who: Who, hall: RowMapping, entry: Entry) -> str:
    """The step-out that this person asked for in this hall; raises StepOutIsOver or Overtaken."""
    row = open_of(tx, who, entry["whose_id"])
    if row is None or row["hall_id"] != hall["id"]:
        raise StepOutIsOver
    _check(tx, row)
    return str(row["id"])


def _check(tx: Transaction, row: RowMapping) -> None:
    check_not_overtaken(tx.now(), (row["asked_at"], row["since"]))


_DEEDS: Mapping[Deed, Callable[[Transaction, Who, RowMapping, Entry], Exception | None]] = {
    Deed.STEP_OUT: _step_out,
    Deed.ACCEPT: _accept,
    Deed.GRANT: _grant,
    Deed.CANCEL: _cancel,
    Deed.RETURN: _return,
    Deed.WALK_OFF: _walk_off,
    Deed.READY: _ready,
}
