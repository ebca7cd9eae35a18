"""Counting attempts exactly, with any number of threads and processes: the count and the new attempt are one step."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import delete, insert, select

from chassis.clock import Clock
from chassis.database import Database, Transaction, upsert
from gateway.sign_in.rules import Policy, TooManyAttempts, free_again, seconds_until
from gateway.sign_in.tables import attempt_turns, attempts


@contextmanager
def counted(database: Database, wall: Clock, policy: Policy, username: str, address: str) -> Iterator[None]:
    """An attempt that counts unless it ends well; raises TooManyAttempts before it begins.

    In short transactions of its own, as a refused attempt must stay counted and a password takes long to check.
    """
    with database.write() as tx:
        reserved = _reserve(tx, policy, username, address, wall.now())
    yield
    with database.write() as tx:
        tx.execute(delete(attempts).where(attempts.c.id == reserved))


def _reserve(tx: Transaction, policy: Policy, username: str, address: str, now: datetime) -> str:
    """Store an attempt as if it had failed, and answer its id; raises TooManyAttempts without storing anything."""
    allowed = {
        _key("username", username): policy.failures_per_username,
        _key("address", address): policy.failures_per_address,
    }
    _forget_old(tx, now - policy.window)
    for key in sorted(allowed):  # one order for all, so that two attempts never wait for each other crosswise
        upsert(tx, attempt_turns, {"key": key, "at": now}, ["key"])
        free = free_again(_failures(tx, key), allowed[key], policy.window)
        if free is not None:
            raise TooManyAttempts(seconds_until(free, now))
    attempt = tx.new_id()
    tx.execute(insert(attempts), [{"id": attempt, "key": key, "at": now} for key in allowed])
    return attempt


def _failures(tx: Transaction, key: str) -> list[datetime]:
    query = select(attempts.c.at).where(attempts.c.key == key).order_by(attempts.c.at)
    return list(tx.execute(query).scalars())


def _forget_old(tx: Transaction, before: datetime) -> None:
    tx.execute(delete(attempts).where(attempts.c.at <= before))
    tx.execute(delete(attempt_turns).where(attempt_turns.c.at <= before))


def _key(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()
