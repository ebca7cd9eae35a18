"""Whether a process lives, whether it is ready and if not why, and the clock that stands still."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import marshmallow as ma
from flask import Response, jsonify
from marshmallow import fields
from sqlalchemy.exc import SQLAlchemyError

from chassis.clock import StandingClock
from chassis.texts import UnknownText
from chassis.web.blueprint import Blueprint
from chassis.web.context import say, the_web
from chassis.web.permits import ANYONE, permits


@dataclass(frozen=True)
class Check:
    """One thing that must be well for the process to be ready.

    `ask` answers None when it is, else the code of the reason (`[health.<code>]` in texts.toml) or a plain sentence.
    One that is not `essential` is told and does not make the process unready. `tells` adds what one may want to know
    of it, well or not.
    """

    name: str
    ask: Callable[[], str | None]
    essential: bool = True
    tells: Callable[[], str] | None = None


class ClockSchema(ma.Schema):
    """Where the clock stands."""

    now = fields.AwareDateTime(required=True)


def health_blueprint(checks: Sequence[Check], clock: StandingClock | None) -> Blueprint:
    """`/health/live`, `/health/ready`, and with a standing clock `/health/clock`."""
    blueprint = Blueprint("health", __name__)

    @blueprint.get("/health/live")
    @permits(ANYONE)
    def live() -> Response:
        """The process runs."""
        return jsonify(status="live")

    @blueprint.get("/health/ready")
    @permits(ANYONE)
    def ready() -> tuple[Response, int]:
        """The process can do its work, and if not, why."""
        found = [_finding(check) | _told(check) for check in checks]
        well = all(one["ok"] for one, check in zip(found, checks, strict=True) if check.essential)
        return jsonify(ready=well, checks=found), 200 if well else 503

    if clock is not None:
        _add_clock(blueprint, clock)
    return blueprint


def database_check() -> str | None:
    """Whether the present app's database answers."""
    try:
        return None if the_web().database.answers() else "database_away"
    except SQLAlchemyError:
        return "database_away"


def _add_clock(blueprint: Blueprint, clock: StandingClock) -> None:
    @blueprint.get("/health/clock")
    @permits(ANYONE)
    @blueprint.response(200, ClockSchema)
    def read_clock() -> dict[str, Any]:
        """Where the clock stands."""
        return {"now": clock.now()}

    @blueprint.put("/health/clock")
    @blueprint.arguments(ClockSchema)
    @permits(ANYONE)
    @blueprint.response(200, ClockSchema)
    def move_clock(body: dict[str, Any]) -> dict[str, Any]:
        """Move the clock, forwards or backwards."""
        clock.move_to(body["now"])
        return {"now": clock.now()}


def _finding(check: Check) -> dict[str, Any]:
    try:
        reason = check.ask()
    except Exception as error:  # whatever a check stumbles over is a reason not to be ready
        reason = f"{check.name}: {type(error).__name__}"
    if reason is None:
        return {"name": check.name, "ok": True}
    return {"name": check.name, "ok": False, "reason": _said(reason)}


def _told(check: Check) -> dict[str, Any]:
    """What the check tells beside; a part that is away has nothing to tell."""
    if check.tells is None:
        return {}
    try:
        return {"says": check.tells()}
    except SQLAlchemyError:
        return {}


def _said(reason: str) -> str:
    try:
        return say(f"health.{reason}")
    except UnknownText:
        return reason
