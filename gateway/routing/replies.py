"""Asking a service for the gateway itself: what came of it is a value, also when the service could not be asked."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from chassis.texts import Locale
from chassis.web import request_id, the_asker, traceparent
from gateway.office import the_office
from gateway.routing.rules import IdentityRefusedInside, ServiceDown, ServiceSlow
from gateway.routing.table import Routes
from gateway.routing.transport import Outgoing

_ACCEPTED: Mapping[Locale, str] = {"zh": "zh", "en": "en, zh;q=0.5"}


@dataclass(frozen=True)
class Reply:
    """What a service said: its status and its JSON; `away` when it could not be asked."""

    status: int
    body: dict[str, Any]

    @property
    def ok(self) -> bool:
        return self.status < 300

    @property
    def away(self) -> bool:
        return self.status in (503, 504)

    @property
    def detail(self) -> str:
        """What went wrong, in the reader's language, the fields that are not right included."""
        errors = [str(error["detail"]) for error in self.body.get("errors", ())]
        return " ".join([str(self.body.get("detail", "")), *errors]).strip()


def headers_inside(language: Locale) -> dict[str, str]:
    """What a service is told of the present request: who asks, in which language, and as part of what."""
    return {
        "Accept": "application/json",
        "Accept-Language": _ACCEPTED[language],
        "Authorization": the_office().signatures.of(the_asker()),
        "X-Request-Id": request_id(),
        "traceparent": traceparent(),
    }


def reply_to(routes: Routes, outgoing: Outgoing) -> Reply:
    """What the service of this path says; 503 or 504 without a body when it cannot be asked."""
    try:
        answer = routes.send(outgoing.path, outgoing)
    except (ServiceDown, IdentityRefusedInside):
        return Reply(503, {})
    except ServiceSlow:
        return Reply(504, {})
    try:
        said = b"".join(answer.body)
    finally:
        close = getattr(answer.body, "close", None)
        if close is not None:
            close()
    return Reply(answer.status, json.loads(said) if said else {})
