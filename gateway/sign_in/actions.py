"""Signing in and out."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chassis.clock import Clock
from chassis.database import Database, Transaction, scoped
from chassis.identity import system
from gateway.identity.passwords import password_fits
from gateway.identity.rules import plain_username
from gateway.identity.tables import staff
from gateway.keys.rules import fingerprint
from gateway.sign_in import throttle
from gateway.sign_in.rules import TOKEN_PREFIX, Kind, Policy, SignInRefused
from gateway.sign_in.tables import sessions

_EVERYONE = system("gateway", None)


@dataclass(frozen=True)
class Session:
    """An opened session; `token` is known only to who opened it."""

    token: str
    staff_id: str
    expires_at: datetime
    expires_in: int  # seconds


@dataclass(frozen=True)
class Attempt:
    """What someone at the door offers, and from which address."""

    username: str
    password: str
    address: str

    def __repr__(self) -> str:  # what is logged by accident holds no password
        return f"Attempt(address={self.address!r})"


def sign_in(database: Database, wall: Clock, policy: Policy, attempt: Attempt, kind: Kind) -> Session:
    """Open a session; raises SignInRefused, TooManyAttempts."""
    username = plain_username(attempt.username)
    with throttle.counted(database, wall, policy, username, attempt.address):
        person = _person(database, username)
        fits = password_fits(person["password_hash"] if person else None, attempt.password)
        if person is None or not fits or not person["active"]:
            raise SignInRefused
    with database.write() as tx:
        return open_session(tx, person, kind, wall.now(), policy)


def sign_out(tx: Transaction, token: str, now: datetime) -> None:
    """End the session of this token; nothing happens when there is none."""
    mine = scoped(sessions, _EVERYONE).update().where(sessions.c.token_hash == fingerprint(token))
    tx.execute(mine.where(sessions.c.revoked_at.is_(None)).values(revoked_at=now))


def _person(database: Database, username: str) -> Mapping[str, Any] | None:
    with database.read() as tx:
        query = scoped(staff, _EVERYONE).select().where(staff.c.username == username)
        row = tx.execute(query).mappings().one_or_none()
        return dict(row) if row else None


def open_session(tx: Transaction, person: Mapping[str, Any], kind: Kind, now: datetime, policy: Policy) -> Session:
    """A session of this row of staff; expired ones of everybody are forgotten."""
    token = TOKEN_PREFIX + secrets.token_urlsafe(32)
    tx.execute(scoped(sessions, _EVERYONE).delete().where(sessions.c.expires_at <= now))
    row = {
        "id": tx.new_id(),
        "branch_id": person["branch_id"],
        "staff_id": person["id"],
        "kind": kind,
        "token_hash": fingerprint(token),
        "generation": person["generation"],
        "created_at": now,
        "expires_at": now + policy.lasting,
        "revoked_at": None,
    }
    tx.execute(scoped(sessions, _EVERYONE).insert(row))
    return Session(token, person["id"], row["expires_at"], int(policy.lasting.total_seconds()))
