"""The identity for the inside."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from chassis.clock import StandingClock
from chassis.identity import Who
from chassis.web import IdentityExpired, IdentityForged, IdentitySigner, IdentityVerifier, new_key_pair
from tests.chassis.web.house import ANNA, MORNING

KEYS = new_key_pair()


@pytest.fixture
def wall() -> StandingClock:
    return StandingClock(MORNING)


@pytest.mark.parametrize(
    "who",
    [
        ANNA,
        replace(ANNA, branch_id=None, reach="all", permissions=frozenset()),
        Who("key-1", "client", "client", "north", "team", "own", frozenset({"notes.see"})),
    ],
)
def test_what_is_signed_is_read(wall: StandingClock, who: Who) -> None:
    """Whoever is signed is read back, with every fact."""
    token = IdentitySigner(KEYS.private_pem, wall).sign(who)
    assert IdentityVerifier(KEYS.public_pem, clock=wall).verify(token) == who


@pytest.mark.parametrize(
    ("seconds", "holds"), [(0, True), (59, True), (89, True), (90, False), (3600, False), (-30, True)]
)
def test_it_holds_for_a_minute_of_wall_time(wall: StandingClock, seconds: int, holds: bool) -> None:
    """It holds for 60 seconds and the thirty by which clocks may differ."""
    token = IdentitySigner(KEYS.private_pem, wall).sign(ANNA)
    wall.move_to(MORNING + timedelta(seconds=seconds))
    verifier = IdentityVerifier(KEYS.public_pem, clock=wall)
    if holds:
        assert verifier.verify(token) == ANNA
    else:
        with pytest.raises(IdentityExpired):
            verifier.verify(token)


def test_one_from_the_future_is_forged(wall: StandingClock) -> None:
    """One signed more than thirty seconds ahead of us is not believed."""
    token = IdentitySigner(KEYS.private_pem, wall).sign(ANNA)
    wall.move_to(MORNING - timedelta(seconds=31))
    with pytest.raises(IdentityForged):
        IdentityVerifier(KEYS.public_pem, clock=wall).verify(token)


def test_keys_can_be_changed_while_running(wall: StandingClock) -> None:
    """A verifier with the old and the new key reads both."""
    new = new_key_pair()
    verifier = IdentityVerifier(KEYS.public_pem, new.public_pem, clock=wall)
    for pair in (KEYS, new):
        assert verifier.verify(IdentitySigner(pair.private_pem, wall).sign(ANNA)) == ANNA


def test_one_changed_character_forges_it(wall: StandingClock) -> None:
    """Changing any part of a token forges it."""
    token = IdentitySigner(KEYS.private_pem, wall).sign(ANNA)
    verifier = IdentityVerifier(KEYS.public_pem, clock=wall)
    for place in range(0, len(token) - 2, 5):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        with pytest.raises(IdentityForged):
            verifier.verify(changed)


def _signed(claims: object) -> str:
    key: Any = load_pem_private_key(KEYS.private_pem.encode(), None)
    return jwt.PyJWS().encode(json.dumps(claims).encode(), key, algorithm="EdDSA")


def _claims(wall: StandingClock) -> dict[str, Any]:
    token = IdentitySigner(KEYS.private_pem, wall).sign(ANNA)
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    assert IdentityVerifier(KEYS.public_pem, clock=wall).verify(_signed(claims)) == ANNA
    return claims


@pytest.mark.parametrize(
    "change",
    [{"kind": "god"}, {"reach": "galaxy"}, {"sub": 7}, {"sub": None}, {"exp": "soon"}, {"iat": 1.5}, {"iat": "now"}]
    + [{"permissions": "all"}, {"permissions": [1]}, {"branch": 5}, {"kind": []}],
)
def test_claims_that_make_no_identity(wall: StandingClock, change: dict[str, object]) -> None:
    """A signed token whose claims are not an identity's is forged."""
    token = _signed({**_claims(wall), **change})
    with pytest.raises(IdentityForged):
        IdentityVerifier(KEYS.public_pem, clock=wall).verify(token)


@pytest.mark.parametrize("missing", ["sub", "iat", "exp", "kind", "role", "branch", "team", "reach", "permissions"])
def test_a_missing_claim(wall: StandingClock, missing: str) -> None:
    """A signed token without one of the claims is forged."""
    claims = {name: value for name, value in _claims(wall).items() if name != missing}
    for forged in (claims, [], "anna"):
        with pytest.raises(IdentityForged):
            IdentityVerifier(KEYS.public_pem, clock=wall).verify(_signed(forged))
