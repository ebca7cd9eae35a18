"""What a key is, and what it may be made for."""

import hashlib
from collections.abc import Collection

KEY_PREFIX = "ak_"  # so that secret scanners, and people, recognise one


class UnknownScope(Exception):
    """No such permission; `scopes` names those that are not known."""

    def __init__(self, scopes: str) -> None:
        super().__init__(scopes)
        self.scopes = scopes


class UnknownKey(Exception):
    """No such key in reach, or revoked already."""


def check_scopes(scopes: Collection[str], permissions: Collection[str]) -> None:
    """Raises UnknownScope unless each scope is the name of a permission."""
    unknown = sorted(set(scopes) - set(permissions))
    if unknown:
        raise UnknownScope(", ".join(unknown))


def fingerprint(secret: str) -> str:
    """What is stored of a random secret: SHA-256 suffices for 256 random bits, and is quick at every request."""
    return hashlib.sha256(secret.encode()).hexdigest()
