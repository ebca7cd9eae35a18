"""Personal PINs: who stands at a shared tablet says so with each act."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from chassis.audit import note
from chassis.clock import Clock
from chassis.database import Database, Transaction, scoped, upsert
from chassis.identity import Who, system
from gateway.identity.passwords import hash_password, password_fits
from gateway.identity.tables import staff
from gateway.sign_in import throttle
from gateway.sign_in.actions import Session, open_session
from gateway.sign_in.rules import PinRefused, Policy, SignInRefused, check_pin
from gateway.sign_in.tables import pins

_EVERYONE = system("gateway", None)


@dataclass(frozen=True)
class PinAttempt:
    """Who somebody at a tablet says to be, with which PIN, and from which address."""

    staff_id: str
    pin: str
    address: str

    def __repr__(self) -> str:  # what is logged by accident holds no PIN
        return f"PinAttempt(address={self.address!r})"


def set_pin(tx: Transaction, who: Who, password: str, pin: str) -> None:
    """Another PIN for the asker, who proves it by password; raises SignInRefused or PinTooSimple."""
    check_pin(pin)
    mine = scoped(staff, _EVERYONE).select().where(staff.c.id == who.actor_id)
    person = tx.execute(mine).mappings().one_or_none()
    if not password_fits(person["password_hash"] if person else None, password):
        raise SignInRefused
    values = {"staff_id": who.actor_id, "branch_id": who.branch_id, "pin_hash": hash_password(pin), "set_at": tx.now()}
    upsert(tx, scoped(pins, _EVERYONE).table, values, ["staff_id"])
    note(tx, who, "pin.set", f"staff/{who.actor_id}", who.branch_id)


def act_as(database: Database, wall: Clock, policy: Policy, tablet: Who, attempt: PinAttempt) -> Session:
    """A session of a minute for who stands at the tablet; raises PinRefused, TooManyAttempts.

    Counted as sign-ins are, per person and per address, in transactions of its own.
    """
    with database.write() as tx:
        reserved = throttle.reserve(tx, policy, f"pin {attempt.staff_id}", attempt.address, wall.now())
    person = _person(database, tablet, attempt.staff_id)
    if not password_fits(person["pin_hash"] if person else None, attempt.pin) or person is None:
        raise PinRefused
    with database.write() as tx:
        throttle.release(tx, reserved)
        note(tx, tablet, "pin.used", f"staff/{attempt.staff_id}", person["branch_id"])
        return open_session(tx, person, "token", wall.now(), replace(policy, lasting=policy.lasting_by_pin))


def _person(database: Database, tablet: Who, staff_id: str) -> Mapping[str, Any] | None:
    """An active colleague of the tablet's own branch who has a PIN."""
    with database.read() as tx:
        theirs = scoped(staff, _EVERYONE).table.c.id == pins.c.staff_id
        query = scoped(pins, _EVERYONE).select(staff, pins.c.pin_hash).join(scoped(staff, _EVERYONE).table, theirs)
        here = staff.c.id == staff_id, staff.c.active, staff.c.branch_id == tablet.branch_id
        row = tx.execute(query.where(*here)).mappings().one_or_none()
        return dict(row) if row else None
