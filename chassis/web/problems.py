"""One table from exception to RFC 9457 problem: what may go wrong, how it is answered, in the reader's language."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree
from werkzeug.exceptions import HTTPException

from chassis.database import DatabaseBusy
from chassis.database.scope import OutOfReach
from chassis.events.dead_letters import DeadLetterDecided, NoSuchDeadLetter
from chassis.service import Service
from chassis.texts import Texts, UnknownText
from chassis.web import refusals
from chassis.web.context import locale, request_id, say, the_web
from chassis.web.database_trouble import trouble_of
from chassis.web.field_errors import field_errors

MEDIA_TYPE = "application/problem+json"

TABLE: Mapping[type[Exception], tuple[int, str]] = {
    refusals.MalformedBody: (400, "malformed_body"),
    refusals.IdentityMissing: (401, "identity_missing"),
    refusals.IdentityExpired: (401, "identity_expired"),
    refusals.IdentityForged: (401, "identity_forged"),
    refusals.Unauthenticated: (401, "identity_missing"),
    refusals.PermissionMissing: (403, "permission_missing"),
    OutOfReach: (404, "not_found"),
    NoSuchDeadLetter: (404, "no_such_dead_letter"),
    DeadLetterDecided: (409, "dead_letter_decided"),
    refusals.KeyInProgress: (409, "key_in_progress"),
    refusals.StaleVersion: (412, "stale_version"),
    refusals.WrongContentType: (415, "wrong_content_type"),
    refusals.Invalid: (422, "invalid"),
    refusals.KeyReused: (422, "key_reused"),
    refusals.AnswerForgotten: (410, "answer_forgotten"),
    refusals.BadCursor: (422, "bad_cursor"),
    refusals.VersionRequired: (428, "version_required"),
    DatabaseBusy: (503, "database_busy"),
    NoConnectionFree: (503, "database_busy"),
}
OF_HTTP: Mapping[int, str] = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "body_too_large",
    415: "wrong_content_type",
    429: "too_many_requests",
    503: "unavailable",
}
_HEADERS_OF_HTTP = ("Allow", "Retry-After", "WWW-Authenticate", "ETag")


@dataclass(frozen=True)
class Problem:
    """What is answered instead of what was asked for. `code` names the text `problems.<code>` and never changes."""

    status: int
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    errors: tuple[dict[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def problem_of(error: Exception) -> Problem:
    """The problem that answers `error`; 500 without a word of it for what nobody foresaw."""
    for kind in type(error).__mro__:
        status = the_web().service.problems.get(kind)
        if status is not None:
            headers = _retry_of(error, status)
            return Problem(status, _own_code(error, code_of(kind)), _facts_of(error), headers=headers)
        if kind in TABLE:
            return _of_table(error, *TABLE[kind])
    if isinstance(error, HTTPException):
        return _of_http(error)
    if isinstance(error, DBAPIError):
        status, code = trouble_of(error)
        return Problem(status, code, headers=_retry(status))
    return Problem(500, "internal")


def answer(problem: Problem) -> Response:
    """The problem as a response, in the language of the present request."""
    body = {
        "type": f"urn:anchang:problem:{problem.code}",
        "title": say(f"titles.{problem.status}") if the_web().texts.knows(f"titles.{problem.status}") else "",
        "status": problem.status,
        "detail": _detail(problem),
        "code": problem.code,
        "instance": request_id(),
    }
    if problem.errors:
        body["errors"] = list(problem.errors)
    headers = {**problem.headers, "Content-Language": locale()}
    return Response(json.dumps(body, ensure_ascii=False), problem.status, headers, content_type=MEDIA_TYPE)


def code_of(kind: type[Exception]) -> str:
    """`NotNextInLine` → `not_next_in_line`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", kind.__name__).lower()


def codes_without_text(service: Service, texts: Texts) -> list[str]:
    """The codes of the service's problems that `texts` does not know."""
    codes = (code_of(kind) for kind in service.problems)
    return sorted(code for code in codes if not texts.knows(f"problems.{code}"))


def _of_table(error: Exception, status: int, code: str) -> Problem:
    errors = tuple(field_errors(error.messages)) if isinstance(error, refusals.Invalid) else ()
    headers = _retry(status) | _challenge(status)
    return Problem(status, _own_code(error, code), _facts_of(error), errors, headers)


def _own_code(error: Exception, code: str) -> str:
    """A subclass that has a text of its own has a code of its own."""
    own = code_of(type(error))
    return own if the_web().texts.knows(f"problems.{own}") else code


def _of_http(error: HTTPException) -> Problem:
    status = error.code or 500
    headers = {name: value for name, value in error.get_headers() if name in _HEADERS_OF_HTTP}
    return Problem(status, OF_HTTP.get(status, "refused"), {"expected": "application/json"}, (), headers)


def _retry(status: int) -> dict[str, str]:
    return {"Retry-After": "1"} if status in (409, 503) else {}


def _retry_of(error: Exception, status: int) -> dict[str, str]:
    """An exception that knows better says so by `retry_after`, in seconds."""
    seconds = getattr(error, "retry_after", None)
    return _retry(status) if seconds is None else {"Retry-After": str(seconds)}


def _challenge(status: int) -> dict[str, str]:
    return {"WWW-Authenticate": "Bearer"} if status == 401 else {}


def _facts_of(error: Exception) -> dict[str, Any]:
    """What the text about it may name: what every such error says (its article, a limit), and what this one does."""
    kinds = (vars(kind).items() for kind in reversed(type(error).__mro__))
    said = {name: value for items in kinds for name, value in items if isinstance(value, str | int)}
    return {name: value for name, value in (said | vars(error)).items() if not name.startswith("_")}


def _detail(problem: Problem) -> str:
    try:
        return say(f"problems.{problem.code}", **problem.facts)
    except UnknownText:
        return say("problems.refused")
