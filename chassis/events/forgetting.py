"""Forgetting whom stored events speak of: their personal part goes, with its salt; what happened stays, and when.

An event speaks of somebody when it names their id, in whatever field. Who is forgotten stays so: an event that comes
later is kept without its personal part too, in whatever order it and the news arrive. The digest in the envelope stays
and tells nothing without the salt.
"""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Table, func, select, update

from chassis.database import Transaction, insert_if_new
from chassis.database.write_back import write_back
from chassis.events.envelope import BrokenEvent, Envelope
from chassis.events.tables import dead_letters, forgotten, outbox
from chassis.jobs.job import Job, Task
from chassis.jobs.queue import enqueue
from chassis.json_values import texts_in

_PAGE = 20_000  # events that are looked through in one go
_LONGEST = 36  # characters of an id


def forget_personal(tx: Transaction, identifier: str) -> list[str]:
    """From now on no event that this service stores says whom it is about, of those that name this id.

    Dead letters at once, with why somebody decided about them; the outbox by a job, once the transaction has committed.
    What waits in `pending` is left: it is handled within minutes, and may bring others besides. Said again it does
    nothing. Answers the letters: answers to requests that are kept may say of them why.
    """
    if not insert_if_new(tx, forgotten, {"id": identifier, "at": tx.now()}, ["id"]):
        return []
    enqueue(tx, FORGET_PERSONAL.name, {"id": identifier}, identifier)
    return _forget_letters(tx, identifier)


def forgotten_among(tx: Transaction, identifiers: Collection[str]) -> frozenset[str]:
    """Those of these ids that are to be forgotten here."""
    if not identifiers:
        return frozenset()
    return frozenset(tx.execute(select(forgotten.c.id).where(forgotten.c.id.in_(list(identifiers)))).scalars())


def as_kept(tx: Transaction, envelope: Envelope) -> Envelope:
    """The event as it may be stored here: without its personal part if it names one who is forgotten."""
    named = {envelope.subject.partition("/")[2], *(one for one in texts_in(envelope.data) if len(one) <= _LONGEST)}
    return _without_personal(envelope) if envelope.data.get("personal") and forgotten_among(tx, named) else envelope


def text_as_kept(tx: Transaction, body: str) -> str:
    """The same for the text of an event; what cannot be read as one stays as it is."""
    try:
        before = Envelope.from_json(body)
    except BrokenEvent:
        return body
    after = as_kept(tx, before)
    return body if after is before else after.to_json()


def _without_personal(envelope: Envelope) -> Envelope:
    return replace(envelope, data={**envelope.data, "personal": None})


def sweep(task: Task, table: Table, key: Column[int], identifier: str) -> int:
    """Go through all events of a table (`body`, numbered by `key`) some at a time; answers how many lost a part.

    Reading keeps nobody from writing; what names the id is rare.
    """
    done, after, last = 0, 0, _last(task, key)
    while after < last:
        up_to = after + _PAGE
        with task.database.read() as tx:
            named = list(tx.execute(_naming(table, key, identifier).where(key > after, key <= up_to)).scalars())
        with task.write({"done": min(up_to, last), "of": last}) as tx:
            done += sum(_rewrite(tx, table, key, number) for number in named)
        after = up_to
    return done


def _forget(task: Task) -> Mapping[str, Any]:
    swept = sweep(task, outbox, outbox.c.n, task.payload["id"])
    write_back(task.database)
    return {"events": swept}


FORGET_PERSONAL = Job("forget_personal", _forget)
"""Takes the personal part out of the events in the outbox that name an id."""


def _last(task: Task, key: Column[int]) -> int:
    with task.database.read() as tx:
        return tx.execute(select(func.max(key))).scalar() or 0


def _forget_letters(tx: Transaction, identifier: str) -> list[str]:
    letters = list(tx.execute(_naming(dead_letters, dead_letters.c.id, identifier)).scalars())
    for letter_id in letters:
        _rewrite(tx, dead_letters, dead_letters.c.id, letter_id)
    tx.execute(update(dead_letters).where(dead_letters.c.id.in_(letters)).values(reason=None))
    return letters


def _rewrite(tx: Transaction, table: Table, key: Column[Any], number: Any) -> int:
    """1 if there was a part to take out."""
    body = tx.execute(select(table.c.body).where(key == number).with_for_update()).scalar_one()
    try:
        envelope = Envelope.from_json(body)
    except BrokenEvent:
        return 0
    if not envelope.data.get("personal"):
        return 0
    tx.execute(update(table).where(key == number).values(body=_without_personal(envelope).to_json()))
    return 1


def _naming(table: Table, key: Column[Any], identifier: str) -> Any:
    return select(key).where(table.c.body.contains(identifier, autoescape=True))
