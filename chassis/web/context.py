"""What every request of an app can ask of its app, and what is known of the request itself."""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from flask import Request, current_app, g, request

from chassis.clock import Clock
from chassis.database import Database
from chassis.identity import Who
from chassis.ids import Ids
from chassis.service import Service
from chassis.texts import LOCALES, Locale, Texts
from chassis.web.refusals import IdentityMissing

Authenticate = Callable[[Request], Who | None]

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})")


@dataclass(frozen=True)
class Web:
    """What one app stands on."""

    service: Service
    database: Database
    authenticate: Authenticate
    wall_clock: Clock
    texts: Texts
    ids: Ids
    key_patience: float


def the_web() -> Web:
    """What the present app stands on."""
    return cast(Web, current_app.extensions["chassis"])


def the_asker() -> Who:
    """Who makes the present request; raises IdentityMissing, IdentityExpired or IdentityForged."""
    if "who" not in g:
        g.who = the_web().authenticate(request)
    if g.who is None:
        raise IdentityMissing
    return cast(Who, g.who)


def locale() -> Locale:
    """The language of the present request, by Accept-Language: zh unless en is preferred."""
    if "language" not in g:
        g.language = request.accept_languages.best_match(LOCALES, default="zh")
    return cast(Locale, g.language)


def say(code: str, /, **facts: object) -> str:
    """A text of the service (or of the chassis) in the language of the present request."""
    return the_web().texts.say(code, locale(), **facts)


def request_id() -> str:
    """The present request's id: the one that came in X-Request-Id, or a new one."""
    if "request_id" not in g:
        g.request_id = request_id_of(request.headers.get("X-Request-Id", ""), the_web().ids)
    return cast(str, g.request_id)


def traceparent() -> str:
    """This hop of the present trace (W3C Trace Context): the trace that came, or a new one."""
    if "traceparent" not in g:
        g.traceparent = next_hop_of(request.headers.get("traceparent", ""))
    return cast(str, g.traceparent)


def request_id_of(came: str, ids: Ids) -> str:
    """The id that came, or a new one where none did or it is none."""
    return came if _REQUEST_ID.fullmatch(came) else ids.new()


def next_hop_of(came: str) -> str:
    """The next hop of the trace that came, or the first of a new one."""
    parts = _TRACEPARENT.fullmatch(came)
    trace, flags = parts.groups() if parts else (secrets.token_hex(16), "01")
    return f"00-{trace}-{secrets.token_hex(8)}-{flags}"
