"""What the gateway's views ask of their app, beside what every app has."""

from dataclasses import dataclass, field
from typing import cast

from flask import current_app

from chassis.clock import Clock
from chassis.database import Database
from gateway.feed.cursors import Cursors
from gateway.feed.hub import Hub
from gateway.routing.signatures import Signatures
from gateway.routing.table import Routes
from gateway.sign_in.doorkeeper import Doorkeeper
from gateway.sign_in.rules import Policy


@dataclass(frozen=True)
class Options:
    """What an operator decides of the gateway. `rate` is per actor, in the notation of `limits`.

    `secure_cookie`: where people come by https only; `proxies` is how many of our own stand in front and may be
    believed about addresses; `limiter` is where requests are counted, and `processes` how
    many of us count. `points`: whether the company keeps points.
    """

    sign_in: Policy = field(default_factory=Policy)
    secure_cookie: bool = False
    proxies: int = 0
    streams: int = 64
    rate: str = "500/second"
    limiter: str = "memory://"
    processes: int = 1
    points: bool = False


@dataclass(frozen=True)
class Office:
    """The parts of one gateway."""

    database: Database
    wall: Clock
    options: Options
    doorkeeper: Doorkeeper
    routes: Routes
    signatures: Signatures
    hub: Hub
    cursors: Cursors


def the_office() -> Office:
    """The parts of the present app."""
    return cast(Office, current_app.extensions["gateway"])
