"""Personal PINs: who stands at a shared tablet says so with each act."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chassis.audit import note
from chassis.clock import Clock
from chassis.database import Database, scoped, upsert
from chassis.identity import Who, system
from gateway.identity.passwords import hash_password, password_fits
from gateway.identity.tables import staff
from gateway.sign_in import throttle
from gateway.sign_in.actions import Session, open_session
from gateway.sign_in.rules import PinRefused, Policy, SignInRefused, check_pin
from gateway.sign_in.tables import pins
from gateway.sign_in.views import person_of

_EVERYONE = system("gateway", None)


@dataclass(frozen=True)
class PinAttempt:
    """Who somebody at a tablet says to be, with which PIN, and from which address."""

    staff_id: str
    pin: str
    address: str

    def __repr__(self) -> str:  # what is logged by accident holds no PIN
        return f"PinAttempt(address={self.address!r})"


@dataclass(frozen=True)
class NewPin:
    """The PIN somebody wants, with the password that proves them, and from which address."""

    pin: str
    password: str
    address: str

    def __repr__(self) -> str:  # what is logged by accident holds neither
        return f"NewPin(address={self.address!r})"


def set_pin(database: Database, wall: Clock, policy: Policy, who: Who, new: NewPin) -> None:
    """Another PIN for the asker; raises PinTooSimple, SignInRefused, TooManyAttempts (counted with their sign-ins)."""
    check_pin(new.pin)
    person = _asker(database, who)
    with throttle.counted(database, wall, policy, person["username"], new.address):
        if not password_fits(person["password_hash"], new.password):
            raise SignInRefused
    hashed = hash_password(new.pin)
    with database.write() as tx:
        values = {"staff_id": who.actor_id, "branch_id": who.branch_id, "pin_hash": hashed, "set_at": tx.now()}
        upsert(tx, scoped(pins, _EVERYONE).table, values, ["staff_id"])
        note(tx, who, "pin.set", f"staff/{who.actor_id}", who.branch_id)


def who_acts(database: Database, wall: Clock, policy: Policy, tablet: Who, attempt: PinAttempt) -> Who:
    """Who stands at the tablet, for one act; no session is opened. Raises PinRefused, TooManyAttempts."""
    return person_of(_recognised(database, wall, policy, tablet, attempt))


def act_as(database: Database, wall: Clock, policy: Policy, tablet: Who, attempt: PinAttempt) -> Session:
    """A session of a minute for who stands at the tablet; raises PinRefused, TooManyAttempts."""
    person = _recognised(database, wall, policy, tablet, attempt)
    with database.write() as tx:
        return open_session(tx, person, "token", wall.now(), replace(policy, lasting=policy.lasting_by_pin))


def _recognised(database: Database, wall: Clock, policy: Policy, tablet: Who, attempt: PinAttempt) -> Mapping[str, Any]:
    """The colleague whose PIN this is; counted as sign-ins are, per person and per address."""
    with throttle.counted(database, wall, policy, f"pin {attempt.staff_id}", attempt.address):
        person = _person(database, tablet, attempt.staff_id)
        if not password_fits(person["pin_hash"] if person else None, attempt.pin) or person is None:
            raise PinRefused
    with database.write() as tx:
        note(tx, tablet, "pin.used", f"staff/{attempt.staff_id}", person["branch_id"])
    return person


def _asker(database: Database, who: Who) -> Mapping[str, Any]:
    """Raises SignInRefused for a program: it has no password."""
    with database.read() as tx:
        mine = scoped(staff, _EVERYONE).select().where(staff.c.id == who.actor_id)
        row = tx.execute(mine).mappings().one_or_none()
        if row is None:
            raise SignInRefused
        return dict(row)


def _person(database: Database, tablet: Who, staff_id: str) -> Mapping[str, Any] | None:
    """An active colleague of the tablet's own branch who has a PIN."""
    with database.read() as tx:
        theirs = scoped(staff, _EVERYONE).table.c.id == pins.c.staff_id
        query = scoped(pins, _EVERYONE).select(staff, pins.c.pin_hash).join(scoped(staff, _EVERYONE).table, theirs)
        here = staff.c.id == staff_id, staff.c.active, staff.c.branch_id == tablet.branch_id
        row = tx.execute(query.where(*here)).mappings().one_or_none()
        return dict(row) if row else None
