"""Passwords: argon2id with the parameters of the OWASP cheat sheet (19 MiB, 2 passes, 1 lane).

The memory counts: a wave of sign-ins must not cost the single machine its budget, so no more hashes run at once than
there are processors, and the others wait.
"""

import os
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = BoundedSemaphore(os.cpu_count() or 1)


def hash_password(password: str) -> str:
    """What is stored: salted, and slow to guess from."""
    with _AT_ONCE:
        return _HASHER.hash(password)


def password_fits(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one. None (nobody of that name) takes as long as a wrong password."""
    with _AT_ONCE:
        try:
            _HASHER.verify(stored or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return stored is not None


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash(os.urandom(16).hex())
