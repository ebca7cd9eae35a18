"""Who stands behind a token or a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam

from chassis.database import Transaction, scoped
from chassis.identity import Who, system
from gateway.identity.rules import ROLES
from gateway.identity.tables import staff
from gateway.keys.rules import fingerprint
from gateway.keys.tables import api_keys
from gateway.sign_in.rules import Kind
from gateway.sign_in.tables import sessions

_EVERYONE = system("gateway", None)


@dataclass(frozen=True)
class Known:
    """Someone who may pass, under which name, and until when (None: until revoked)."""

    who: Who
    name: str
    expires_at: datetime | None


# Built once: it is asked for each session once a second, and building costs as much as asking.
_LIVING_SESSION = (
    scoped(sessions, _EVERYONE)
    .select(staff.c.id, staff.c.branch_id, staff.c.team_id, staff.c.role, staff.c.name, sessions.c.expires_at)
    .join(scoped(staff, _EVERYONE).table, sessions.c.staff_id == staff.c.id)
    .where(sessions.c.token_hash == bindparam("token_hash"), sessions.c.kind == bindparam("kind"))
    .where(sessions.c.revoked_at.is_(None), sessions.c.expires_at > bindparam("now"))
    .where(staff.c.active, staff.c.generation == sessions.c.generation)
)


def who_holds_token(tx: Transaction, token: str, kind: Kind, now: datetime) -> Known | None:
    """The person of a living session."""
    asked = {"token_hash": fingerprint(token), "kind": kind, "now": now}
    row = tx.execute(_LIVING_SESSION, asked).mappings().one_or_none()
    return None if row is None else Known(person_of(dict(row)), row["name"], row["expires_at"])


def who_holds_key(tx: Transaction, key: str) -> Known | None:
    """The program of a living API key."""
    query = scoped(api_keys, _EVERYONE).select().where(api_keys.c.key_hash == fingerprint(key))
    row = tx.execute(query.where(api_keys.c.revoked_at.is_(None))).mappings().one_or_none()
    return None if row is None else Known(_program(dict(row)), row["name"], None)


def person_of(row: Mapping[str, Any]) -> Who:
    """The person of this row of staff, with what their role may."""
    role = ROLES[row["role"]]
    return Who(row["id"], "person", role.name, row["branch_id"], row["team_id"], role.reach, role.permissions)


def _program(row: Mapping[str, Any]) -> Who:
    reach = "branch" if row["branch_id"] else "all"
    scopes = set(row["scopes"])
    if "events.read" in scopes:  # who may read events may also be told that there are some
        scopes.add("events.watch")
    return Who(row["id"], "client", "api_client", row["branch_id"], None, reach, frozenset(scopes))  # type: ignore[arg-type]
