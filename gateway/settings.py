"""What an operator decides of the gateway, by environment variables (docs/settings.md)."""

from collections.abc import Mapping
from typing import Any

from limits import parse

from chassis.processes.web import SERVING
from chassis.settings import (
    DATABASE_POOL_SIZE,
    DATABASE_URL,
    IDENTITY_PRIVATE_KEY,
    POINTS,
    Setting,
    text,
    whole_number,
    yes_or_no,
)
from gateway.limits import PER_PROCESS
from gateway.routing.table import SERVICES


def addresses(value: str) -> Mapping[str, str]:
    """`name=http://host:port`, separated by commas, one for each service."""
    found = dict(part.strip().partition("=")[::2] for part in value.split(","))
    if sorted(found) != sorted(SERVICES) or not all(url.startswith(("http://", "https://")) for url in found.values()):
        raise ValueError(",".join(f"{name}=http://host:port" for name in SERVICES))
    return found


def rate(value: str) -> str:
    """A rate in the notation of `limits`."""
    try:
        parse(value)
    except ValueError as error:
        raise ValueError("500/second") from error
    return value


SERVICE_ADDRESSES = Setting(
    "SERVICE_ADDRESSES",
    "Where the gateway reaches each service: `" + ",".join(f"{name}=http://host:port" for name in SERVICES) + "`.",
    addresses,
)
SECURE_COOKIE = Setting("SECURE_COOKIE", "Whether people come by https only.", yes_or_no, False)
PROXIES = Setting(
    "PROXIES",
    "How many of our own proxies stand in front of the gateway and are believed about who asks.",
    whole_number(0, 9),
    0,
)
STREAMS = Setting("STREAMS", "Live boards that the gateway's `live` process holds at once.", whole_number(1, 400), 240)
RATE = Setting("RATE", "How often one actor may ask: a number per second, minute or hour.", rate, "500/second")
LIMITER = Setting(
    "LIMITER",
    "Where requests are counted for RATE: `memory://` in each process apart, `redis://host:port` for all together.",
    text,
    PER_PROCESS,
)

ALL: tuple[Setting[Any], ...] = (
    DATABASE_URL,
    DATABASE_POOL_SIZE,
    IDENTITY_PRIVATE_KEY,
    *SERVING,
    SERVICE_ADDRESSES,
    SECURE_COOKIE,
    PROXIES,
    STREAMS,
    RATE,
    LIMITER,
    POINTS,
)
