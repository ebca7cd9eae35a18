"""Cursors hide the position they hold: it would tell a branch how much happens in the others.

AES-GCM with a fresh nonce: two cursors of the same place look different, so that nothing can be read off comparing
them either.
"""

import base64
import secrets
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import select

from chassis.database import Database, insert_if_new
from gateway.feed.rules import UnknownCursor
from gateway.feed.tables import cursor_keys

_NONCE = 12


class Cursors:
    """Seals and opens positions with the key of a database, made on first use and shared by all processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def seal(self, position: int) -> str:
        """A cursor for this position."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = nonce + self._cipher.encrypt(nonce, position.to_bytes(8, "big"), None)
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, cursor: str | None) -> int:
        """The position of a cursor, 0 for None (the beginning); raises UnknownCursor."""
        if cursor is None:
            return 0
        try:
            sealed = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
            return int.from_bytes(self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], None), "big")
        except (InvalidTag, ValueError) as error:  # what is no base64 is a ValueError too
            raise UnknownCursor from error

    @cached_property
    def _cipher(self) -> AESGCM:
        return AESGCM(_key_of(self._database))


def _key_of(database: Database) -> bytes:
    with database.read() as tx:
        key: bytes | None = tx.execute(select(cursor_keys.c.key)).scalar_one_or_none()
    if key is not None:
        return key
    with database.write() as tx:
        insert_if_new(tx, cursor_keys, {"id": 1, "key": AESGCM.generate_key(128)}, ["id"])
        return bytes(tx.execute(select(cursor_keys.c.key)).scalar_one())
