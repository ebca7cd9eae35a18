"""The identity for the inside: a short-lived EdDSA JWT that the gateway signs and every service checks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Request

from chassis.clock import Clock, SystemClock
from chassis.identity import Who
from chassis.web.refusals import IdentityExpired, IdentityForged

LIFETIME = timedelta(seconds=60)
LEEWAY = timedelta(seconds=30)
"""How far the clocks of two machines may differ, either way."""

_REMEMBERED = 1000  # signatures
_KINDS = ("person", "client", "system")
_REACHES = ("own", "team", "branch", "all")
_CLAIMS: Mapping[str, Callable[[Any], bool]] = {
    "sub": lambda value: isinstance(value, str),
    "iat": lambda value: type(value) is int,
    "exp": lambda value: type(value) is int,
    "kind": lambda value: value in _KINDS,
    "role": lambda value: isinstance(value, str),
    "branch": lambda value: value is None or isinstance(value, str),
    "team": lambda value: value is None or isinstance(value, str),
    "reach": lambda value: value in _REACHES,
    "permissions": lambda value: isinstance(value, list) and all(isinstance(one, str) for one in value),
}


@dataclass(frozen=True)
class KeyPair:
    """An Ed25519 key pair as PEM texts: the private one for who signs, the public one for everybody."""

    private_pem: str
    public_pem: str


def new_key_pair() -> KeyPair:
    """A fresh key pair."""
    private = Ed25519PrivateKey.generate()
    private_pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public_pem = private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return KeyPair(private_pem.decode(), public_pem.decode())


class IdentitySigner:
    """Signs identities that hold for a minute of wall time."""

    def __init__(self, private_pem: str, clock: Clock | None = None) -> None:
        self._key = serialization.load_pem_private_key(private_pem.encode(), password=None)
        self._clock = clock or SystemClock()

    def sign(self, who: Who) -> str:
        """The token of `who`."""
        now = self._clock.now()
        claims = {
            "sub": who.actor_id,
            "iat": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "kind": who.kind,
            "role": who.role,
            "branch": who.branch_id,
            "team": who.team_id,
            "reach": who.reach,
            "permissions": sorted(who.permissions),
        }
        return jwt.encode(claims, self._key, algorithm="EdDSA")  # type: ignore[arg-type]


class IdentityVerifier:
    """Checks identities against one public key, or several while keys are being changed.

    The gateway uses a signature for a while, and a good signature stays good: the last ones are remembered, and only
    their times are checked anew.
    """

    def __init__(self, *public_pems: str, clock: Clock | None = None) -> None:
        self._keys = [serialization.load_pem_public_key(pem.encode()) for pem in public_pems]
        self._clock = clock or SystemClock()
        self._signed = lru_cache(_REMEMBERED)(self._claims_of)

    def verify(self, token: str) -> Who:
        """Who the token names; raises IdentityForged or IdentityExpired."""
        claims = self._signed(token)
        now = self._clock.now().timestamp()
        if claims["exp"] + LEEWAY.total_seconds() <= now:
            raise IdentityExpired
        if claims["iat"] - LEEWAY.total_seconds() > now:
            raise IdentityForged
        return _who(claims)

    def _claims_of(self, token: str) -> Mapping[str, Any]:
        for key in self._keys:
            try:
                claims = jwt.decode(
                    token,
                    key,  # type: ignore[arg-type]
                    algorithms=["EdDSA"],
                    options={"verify_exp": False, "verify_iat": False},  # by our own clock, below
                )
            except jwt.InvalidTokenError:
                continue
            if all(name in claims and right(claims[name]) for name, right in _CLAIMS.items()):
                return claims
        raise IdentityForged


def bearer(verifier: IdentityVerifier) -> Callable[[Request], Who | None]:
    """An authenticator that reads `Authorization: Bearer <token>`; None when the header is not there."""

    def authenticate(request: Request) -> Who | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        return verifier.verify(token.strip())

    return authenticate


def _who(claims: Mapping[str, Any]) -> Who:
    return Who(
        actor_id=claims["sub"],
        kind=claims["kind"],
        role=claims["role"],
        branch_id=claims["branch"],
        team_id=claims["team"],
        reach=claims["reach"],
        permissions=frozenset(claims["permissions"]),
    )
