"""Handing in the journal of a hall that was cut off, and settling what did not fit."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import RowMapping, Update, bindparam

from chassis import audit, ledger
from chassis.database import Transaction, prepared, scoped
from chassis.events import about, record
from chassis.identity import Who
from chassis.web.problems import code_of
from services.reception.journal import events, views
from services.reception.journal.deeds import Done, do
from services.reception.journal.rules import Outcome, SettledAlready, Times
from services.reception.journal.tables import journal_entries
from services.reception.policy.views import policy_of
from services.reception.receptions.actions import watch
from services.reception.receptions.rules import State
from services.reception.receptions.telling import change
from services.reception.receptions.views import open_in
from services.reception.rotation.views import chain_of, hall_of
from services.reception.stepping_out.leaving import allow_anew
from services.reception.stepping_out.rules import State as StepOut
from services.reception.stepping_out.views import open_in as open_step_outs

_PERSONAL = {"arrival": ("phone",), "visitor": ("name", "phone", "note", "companions")}
_SAID = ("arrival_id", "reception_id", "server_id", "whose_id", "arrival", "visitor", "not_buying", "out", "granted")
_PUBLIC = [field.name for field in fields(events._JournalConflict) if field.name != "conflict_id"]

Refusals = tuple[type[Exception], ...]


def hand_in(
    tx: Transaction, who: Who, hall_id: str, entries: Sequence[Mapping[str, Any]], refusals: Refusals
) -> list[Mapping[Any, Any]]:
    """What the hall did while it was cut off, in order; answers what became of each entry.

    `entries` are what EntrySchema loads. An entry that was handed in before is not done again. What raises one of
    `refusals` leaves nothing behind but the conflict. Raises UnknownHall.
    """
    hall = hall_of(tx, who, hall_id, lock=True)
    told: dict[str, Mapping[Any, Any]] = {**views.handed_in(tx, who, hall_id, [one["entry_id"] for one in entries])}
    times = Times(tx.now(), views.changed_by_others(tx, who, hall_id))
    called, out, before = _called(tx, who, hall_id), _out(tx, who, hall_id), len(told)
    for entry in entries:
        if entry["entry_id"] not in told:
            done = _tried(tx, who, hall, entry, times, refusals)
            told[entry["entry_id"]] = _enter(tx, who, hall, entry, done, times.floor)
    if len(told) > before:
        _call_anew(tx, who, hall, called)
        _allow_anew(tx, who, hall_id, out)
        _close(tx, who, hall_id)
    return [told[entry["entry_id"]] for entry in entries]


def settle(tx: Transaction, who: Who, hall_id: str, entry_id: str, reason: str) -> None:
    """The manager has seen to a conflict, and says how; raises UnknownHall, UnknownConflict or SettledAlready."""
    hall = hall_of(tx, who, hall_id, lock=True)
    row = views.conflict_of(tx, who, hall_id, entry_id)
    if row["settled_at"] is not None:
        raise SettledAlready
    settled = {"settled_at": tx.now(), "settled_by": who.actor_id, "reason": reason}
    tx.execute(*_one(who, hall=hall_id, entry=entry_id, **settled))
    _announce(tx, {**row, **settled}, events.JournalConflictSettled, 2)
    audit.note(tx, who, "journal.settled", f"journal/{entry_id}", hall["branch_id"])
    body = {"entry_id": entry_id, "by": who.actor_id}
    ledger.append(tx, chain_of(hall_id), "journal.settled", f"journal/{entry_id}", body, {"said": reason})


def _tried(
    tx: Transaction, who: Who, hall: RowMapping, entry: Mapping[str, Any], times: Times, refusals: Refusals
) -> Done:
    try:
        with tx.attempt():
            return do(tx, who, hall, entry, times)
    except refusals as error:
        return Done(None, refused=error)


def _enter(
    tx: Transaction, who: Who, hall: RowMapping, entry: Mapping[str, Any], done: Done, floor: datetime | None
) -> Mapping[Any, Any]:
    """Keep what became of the entry, in the hall's register too; of a conflict, all that was said, and announce it."""
    refused = done.refused
    row = {
        "hall_id": hall["id"],
        "entry_id": entry["entry_id"],
        "branch_id": hall["branch_id"],
        "n": views.count_of(tx, who, hall["id"]) + 1,
        "kind": entry["kind"],
        "staff_id": entry["staff_id"],
        "happened_at": entry["happened_at"],
        "counts_as_of": done.at,
        "handed_in_at": tx.now(),
        "handed_in_by": who.actor_id,
        "outcome": (Outcome.CONFLICT if refused else Outcome.APPLIED).value,
        "reception_id": done.reception_id,
        "server_id": done.server_id,
        "code": refused and code_of(type(refused)),
        "facts": refused and {name: _as_json(value) for name, value in vars(refused).items() if name[0] != "_"},
        "said": _said(entry) if refused else None,
        "personal": (_personal(entry) or None) if refused else None,
        "settled_at": None,
        "settled_by": None,
        "reason": None,
        "floor": floor,
    }
    row["register_n"] = _register(tx, row)
    tx.execute(*scoped(journal_entries, who).new(row))
    if refused:
        _announce(tx, row, events.JournalConflictFound, 1)
    return row


def _announce(tx: Transaction, row: Mapping[Any, Any], fact: type[events._JournalConflict], version: int) -> None:
    said = fact(f"{row['hall_id']}/{row['entry_id']}", **{name: row[name] for name in _PUBLIC})
    record(tx, said, about("journal_conflict", said.conflict_id, version, row["branch_id"]))


def _register(tx: Transaction, row: Mapping[str, Any]) -> int:
    names = ("entry_id", "kind", "staff_id", "handed_in_by", "outcome", "code", "reception_id", "server_id")
    body = {name: row[name] for name in names} | {"happened_at": row["happened_at"].isoformat()}
    return ledger.append(tx, chain_of(row["hall_id"]), "journal", f"journal/{row['entry_id']}", body)


def _said(entry: Mapping[str, Any]) -> dict[str, Any]:
    """What the entry said, but for what identifies a visitor."""
    plain = {name: entry[name] for name in _SAID if entry[name] is not None}
    hidden = {
        name: {field: value for field, value in plain[name].items() if field not in fields}
        for name, fields in _PERSONAL.items()
        if name in plain
    }
    return {name: _as_json(value) for name, value in (plain | hidden).items()}


def _personal(entry: Mapping[str, Any]) -> dict[str, Any]:
    said = [(name, field) for name, fields in _PERSONAL.items() if entry[name] is not None for field in fields]
    return {field: entry[name][field] for name, field in said if entry[name][field]}


def _as_json(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _as_json(inner) for name, inner in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def _called(tx: Transaction, who: Who, hall_id: str) -> dict[str, datetime]:
    """Who is to be greeted, and since when."""
    return {row["id"]: row["called_at"] for row in open_in(tx, who, hall_id) if row["state"] == State.ASSIGNED}


def _call_anew(tx: Transaction, who: Who, hall: RowMapping, called: Mapping[str, datetime]) -> None:
    """The time to greet begins now for whoever the journal left to be greeted: until now nobody could be told."""
    within = policy_of(tx, who, hall["branch_id"]).greet_within
    for row in open_in(tx, who, hall["id"]):
        if row["state"] == State.ASSIGNED and called.get(row["id"]) != row["called_at"]:
            change(tx, who, row, {"called_at": tx.now()})
            watch(tx, row, within)


def _out(tx: Transaction, who: Who, hall_id: str) -> dict[str, datetime | None]:
    """Who is out, and until when."""
    return {row["id"]: row["until"] for row in open_step_outs(tx, who, hall_id) if row["state"] == StepOut.AWAY}


def _allow_anew(tx: Transaction, who: Who, hall_id: str, out: Mapping[str, datetime | None]) -> None:
    """The time to be back begins now for whoever the journal left out: until now nobody could be told."""
    for row in open_step_outs(tx, who, hall_id):
        if row["state"] == StepOut.AWAY and row["until"] is not None and out.get(row["id"]) != row["until"]:
            allow_anew(tx, who, row)


def _close(tx: Transaction, who: Who, hall_id: str) -> None:
    """The register up to here is the journal's doing."""
    head, _at = ledger.head(tx, chain_of(hall_id))
    tx.execute(*_nth(who, hall=hall_id, nth=views.count_of(tx, who, hall_id), register_n=head))


@prepared
def _one(who: Who) -> Update:
    here = journal_entries.c.hall_id == bindparam("hall"), journal_entries.c.entry_id == bindparam("entry")
    return scoped(journal_entries, who).update().where(*here)


@prepared
def _nth(who: Who) -> Update:
    here = journal_entries.c.hall_id == bindparam("hall"), journal_entries.c.n == bindparam("nth")
    return scoped(journal_entries, who).update().where(*here)
