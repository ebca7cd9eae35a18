"""What happens before and after each view: who may, how much, and what is said of the request."""

from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from chassis.web.blueprint import flaws, json_of
from chassis.web.context import locale, request_id, traceparent
from chassis.web.permits import check
from chassis.web.refusals import Invalid, WrongContentType


class Unmarked(Exception):
    """A view that does not say who may call it: nobody may."""


def guard(app: Flask, unguarded: frozenset[str]) -> None:
    """Check every request of `app` but those of the blueprints in `unguarded`, which guard themselves."""

    def before() -> None:
        request_id()
        traceparent()
        if request.endpoint is None or request.blueprint in unguarded:
            return
        view: Any = current_app.view_functions[request.endpoint]
        _allow_size(getattr(view, "body_limit", None))  # whoever sends a form is known by what stands in it
        _check_permission(view)
        _check_size()
        _check_path()
        if getattr(view, "acts", False) and not _takes_a_body(view):
            _check_no_body()

    app.before_request(before)
    app.after_request(_say_what_it_was)


def unmarked(app: Flask) -> list[str]:
    """The endpoints that do not say who may call them."""
    return sorted(name for name, view in app.view_functions.items() if not hasattr(view, "permission"))


def _check_permission(view: Any) -> None:
    if request.method == "OPTIONS":
        return
    if not hasattr(view, "permission"):
        raise Unmarked(request.endpoint)
    check(view.permission)


def _allow_size(limit: int | None) -> None:
    if limit is not None:
        request.max_content_length = limit


def _check_size() -> None:
    most = request.max_content_length
    if most is not None and (request.content_length or 0) > most:
        raise RequestEntityTooLarge


def _check_path() -> None:
    for path, code in flaws(dict(request.view_args or {})):
        raise Invalid({"path": {path[0] if path else "": [code]}})


def _takes_a_body(view: Any) -> bool:
    arguments = getattr(view, "_apidoc", {}).get("arguments", {}).get("parameters", ())
    return any(argument["in"] in ("json", "form", "files") for argument in arguments)


def _check_no_body() -> None:
    raw = request.get_data(cache=True)
    if not raw:
        return
    if not request.is_json:
        raise WrongContentType("application/json")
    if json_of(raw) != {}:
        raise Invalid({"json": {"_schema": ["no_body"]}})


def _say_what_it_was(answer: Response) -> Response:
    answer.headers["X-Request-Id"] = request_id()
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    if answer.status_code == 204:
        answer.set_data(b"")
        answer.headers.pop("Content-Type", None)
    if "language" in g:
        answer.headers.setdefault("Content-Language", locale())
        answer.vary.add("Accept-Language")
    return answer
