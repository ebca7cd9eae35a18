"""How often one may try, how long a session lasts, and what a form must bring along."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal

Kind = Literal["token", "cookie"]  # a token never passes as a cookie, nor a cookie as a token
TOKEN_PREFIX = "at_"  # noqa: S105  the mark of an access token, not a secret


@dataclass(frozen=True)
class Policy:
    """Failures allowed per `window`, for one username and for one address; `lasting` is a session's life."""

    failures_per_username: int = 10
    failures_per_address: int = 50  # an office behind one address is many people
    window: timedelta = timedelta(minutes=15)
    lasting: timedelta = timedelta(hours=12)
    lasting_by_pin: timedelta = timedelta(minutes=1)  # one act at a shared tablet


class SignInRefused(Exception):
    """Unknown username, wrong password, or someone who has left: the asker is not told which."""


class TooManyAttempts(Exception):
    """Too many failures of this username or address; `retry_after` is in whole seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class PinRefused(Exception):
    """Wrong PIN, none set, or nobody of the tablet's branch: the asker is not told which."""


class PinTooSimple(Exception):
    """A PIN is four to eight digits that are not all the same and do not just count up or down."""


class CrossSiteRequest(Exception):
    """A request by cookie that does not bring the session's own proof: another site may have sent it."""


def free_again(failures: Sequence[datetime], allowed: int, window: timedelta) -> datetime | None:
    """When the next attempt is free, given the failures of the window, oldest first; None: now."""
    if len(failures) < allowed:
        return None
    return failures[len(failures) - allowed] + window


def seconds_until(instant: datetime, now: datetime) -> int:
    """Whole seconds, rounded up, at least one."""
    return max(1, -int((now - instant).total_seconds() // 1))


def check_pin(pin: str) -> None:
    """Raises PinTooSimple for what anybody would try first."""
    steps = {int(after) - int(before) for before, after in pairwise(pin)} if pin.isascii() and pin.isdigit() else set()
    if not 4 <= len(pin) <= 8 or not steps or steps in ({0}, {1}, {-1}):
        raise PinTooSimple


def csrf_proof(token: str) -> str:
    """What a page of this session sends along with each change; nobody else can make it."""
    return hashlib.sha256(b"csrf:" + token.encode()).hexdigest()


def is_proof(token: str, offered: str | None) -> bool:
    return offered is not None and hmac.compare_digest(csrf_proof(token).encode(), offered.encode())
