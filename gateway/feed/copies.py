"""Copying every event of every service into the gateway's own log."""

from sqlalchemy import insert, select, update

from chassis.database import Transaction, insert_if_new
from chassis.events import Consumers, Envelope
from gateway.feed.bell import BELL
from gateway.feed.tables import event_log, event_log_head

consumers = Consumers()
_RAISE = update(event_log_head).values(position=event_log_head.c.position + 1).returning(event_log_head.c.position)
_INSERT = insert(event_log)


@consumers.on_every
def copy_into_the_log(tx: Transaction, envelope: Envelope) -> None:
    """Give the event the next position. The inbox has seen to it that it comes once."""
    row = {
        "position": _next_position(tx),
        "source": envelope.source,
        "event_id": envelope.id,
        "type": envelope.type,
        "subject": envelope.subject,
        "branch_id": envelope.branch,
        "body": envelope.to_json(),
    }
    tx.execute(_INSERT, row)
    tx.after_commit(BELL.ring)


def _next_position(tx: Transaction) -> int:
    position = tx.execute(_RAISE).scalar_one_or_none()
    if position is not None:
        return int(position)
    insert_if_new(tx, event_log_head, {"id": 1, "position": 0}, ["id"])
    tx.execute(select(event_log_head).with_for_update())
    return int(tx.execute(_RAISE).scalar_one())
