"""Tells from a request who asks, remembering each answer for a moment.

Asking the database each time would cost a transaction per request. An answer is remembered for `REMEMBERED` seconds, so
a revocation holds everywhere within that time, and at once in the process that revoked (`forget`).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

from werkzeug.wrappers import Request

from chassis.clock import Clock
from chassis.database import Database
from chassis.identity import Who
from gateway.keys.rules import KEY_PREFIX
from gateway.sign_in.rules import TOKEN_PREFIX, CrossSiteRequest, Kind, is_proof
from gateway.sign_in.views import Known, who_holds_key, who_holds_token

COOKIE = "anchang_session"
CSRF_HEADER = "X-CSRF-Token"
CSRF_FIELD = "csrf_token"
REMEMBERED = 1.0  # seconds
_AT_MOST = 10_000  # people and programs remembered at once
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_FORMS = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})


@dataclass(frozen=True)
class _Memory:
    known: Known
    until: float  # of the monotonic clock


class Doorkeeper:
    """Knows tokens, cookies and keys. `wall` is the machine's time: a standing business clock ends no session."""

    def __init__(self, database: Database, wall: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._wall = wall
        self._monotonic = monotonic
        self._lock = Lock()
        self._memory: dict[tuple[str, Kind], _Memory] = {}
        self._epoch = 0

    def who(self, request: Request) -> Who | None:
        """Who asks; None: nobody known. Raises CrossSiteRequest."""
        known = self.known(request)
        return known.who if known else None

    def known(self, request: Request) -> Known | None:
        """The same with name and expiry. What the Authorization header says goes before a cookie."""
        secret, kind = secret_of(request)
        if secret is None:
            return None
        known = self._recall(secret, kind)
        if known and kind == "cookie" and request.method not in _SAFE:
            _check_origin(request, secret)
        return known

    def forget(self) -> None:
        """Something about sessions, people or keys was changed in this process: ask the database again."""
        with self._lock:
            self._epoch += 1
            self._memory.clear()

    def _recall(self, secret: str, kind: Kind) -> Known | None:
        memory = self._memory.get((secret, kind))
        now = self._monotonic()
        if memory is not None and now < memory.until:
            return memory.known if _living(memory.known, self._wall) else None
        epoch = self._epoch
        known = self._look_up(secret, kind)
        if known is not None:
            self._remember((secret, kind), _Memory(known, now + REMEMBERED), epoch)
        return known

    def _remember(self, key: tuple[str, Kind], memory: _Memory, epoch: int) -> None:
        with self._lock:
            if epoch != self._epoch:
                return  # changed while we looked
            if len(self._memory) >= _AT_MOST:
                self._memory.clear()
            self._memory[key] = memory

    def _look_up(self, secret: str, kind: Kind) -> Known | None:
        with self._database.read() as tx:
            if secret.startswith(TOKEN_PREFIX):
                return who_holds_token(tx, secret, kind, self._wall.now())
            return who_holds_key(tx, secret) if kind == "token" and secret.startswith(KEY_PREFIX) else None


def secret_of(request: Request) -> tuple[str | None, Kind]:
    """The token, key or cookie that a request brings."""
    header: str | None = request.environ.get("HTTP_AUTHORIZATION")
    if header is not None:
        scheme, _, secret = header.partition(" ")
        return (secret.strip() if scheme.lower() == "bearer" else None), "token"
    return request.cookies.get(COOKIE) if "HTTP_COOKIE" in request.environ else None, "cookie"


def _living(known: Known, wall: Clock) -> bool:
    return known.expires_at is None or wall.now() < known.expires_at


def _check_origin(request: Request, token: str) -> None:
    """SameSite=Lax keeps most of this out already; the proof keeps out what it lets in."""
    offered = request.headers.get(CSRF_HEADER)
    if offered is None and request.mimetype in _FORMS and not request.path.startswith("/api/"):
        offered = request.form.get(CSRF_FIELD)
    if not is_proof(token, offered):
        raise CrossSiteRequest
