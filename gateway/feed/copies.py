"""Copying every event of every service into the gateway's own log.

An event that tells that somebody was erased (`….erased.v1`, about whom its subject says) is a word to the log as well:
the personal part goes from every event that names them, those that come later included.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select, update

from chassis.database import Transaction, insert_if_new
from chassis.database.write_back import write_back
from chassis.events import Consumers, Envelope
from chassis.events.forgetting import as_kept, forget_personal, sweep
from chassis.jobs import Job, Task, enqueue
from chassis.web.idempotency import forget_answers
from gateway.feed.bell import BELL
from gateway.feed.tables import event_log, event_log_head

consumers = Consumers()
_ERASED = ".erased.v1"
_RAISE = update(event_log_head).values(position=event_log_head.c.position + 1).returning(event_log_head.c.position)
_INSERT = insert(event_log)


@consumers.on_every
def copy_into_the_log(tx: Transaction, envelope: Envelope) -> None:
    """Give the event the next position. The inbox has seen to it that it comes once."""
    if envelope.type.endswith(_ERASED):
        _forget(tx, envelope.subject.partition("/")[2])
    row = {
        "position": _next_position(tx),
        "source": envelope.source,
        "event_id": envelope.id,
        "type": envelope.type,
        "subject": envelope.subject,
        "branch_id": envelope.branch,
        "body": as_kept(tx, envelope).to_json(),
    }
    tx.execute(_INSERT, row)
    tx.after_commit(BELL.ring)


def _forget(tx: Transaction, identifier: str) -> None:
    letters = forget_personal(tx, identifier)
    forget_answers(tx, [identifier, *letters])
    enqueue(tx, FORGET_IN_LOG.name, {"id": identifier}, identifier)


def _forget_in_log(task: Task) -> Mapping[str, Any]:
    swept = sweep(task, event_log, event_log.c.position, task.payload["id"])
    write_back(task.database)
    return {"events": swept}


FORGET_IN_LOG = Job("gateway.forget_in_log", _forget_in_log)
"""Takes the personal part out of the events in the log that name an id."""


def _next_position(tx: Transaction) -> int:
    position = tx.execute(_RAISE).scalar_one_or_none()
    if position is not None:
        return int(position)
    insert_if_new(tx, event_log_head, {"id": 1, "position": 0}, ["id"])
    tx.execute(select(event_log_head).with_for_update())
    return int(tx.execute(_RAISE).scalar_one())
