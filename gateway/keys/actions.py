"""Making and revoking API keys."""

import secrets
from collections.abc import Mapping
from typing import Any

from chassis.audit import note
from chassis.database import Transaction, scoped
from chassis.identity import Who
from gateway.identity.rules import PERMISSIONS, ElsewherePlaced, check_grant
from gateway.identity.tables import branches
from gateway.keys.rules import KEY_PREFIX, UnknownKey, check_scopes, fingerprint
from gateway.keys.tables import api_keys

Row = Mapping[str, Any]


def make_key(tx: Transaction, who: Who, name: str, scopes: list[str], branch_id: str | None) -> Row:
    """A new key with its `key`, which is shown this once; raises UnknownScope, GrantTooWide, ElsewherePlaced."""
    check_scopes(scopes, PERMISSIONS)
    if who.kind != "system":
        check_grant(who.permissions, scopes)
    if branch_id is not None:
        _check_branch(tx, who, branch_id)
    key = KEY_PREFIX + secrets.token_urlsafe(32)
    row = {
        "id": tx.new_id(),
        "branch_id": branch_id,
        "name": name,
        "scopes": sorted(set(scopes)),
        "key_hash": fingerprint(key),
        "created_by": who.actor_id,
        "created_at": tx.now(),
        "revoked_at": None,
    }
    tx.execute(scoped(api_keys, who).insert(row))
    note(tx, who, "api_key.made", f"api_key/{row['id']}", branch_id, scopes=row["scopes"])
    return {**row, "key": key}


def revoke_key(tx: Transaction, who: Who, key_id: str) -> None:
    """The key opens nothing from now on; raises UnknownKey."""
    living = scoped(api_keys, who).update().where(api_keys.c.id == key_id, api_keys.c.revoked_at.is_(None))
    if not tx.execute(living.values(revoked_at=tx.now())).rowcount:
        raise UnknownKey
    note(tx, who, "api_key.revoked", f"api_key/{key_id}", who.branch_id)


def _check_branch(tx: Transaction, who: Who, branch_id: str) -> None:
    if tx.execute(scoped(branches, who).select().where(branches.c.branch_id == branch_id)).first() is None:
        raise ElsewherePlaced("branches")
