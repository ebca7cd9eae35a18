"""What happens before and after each view: who may, how much, and what is said of the request."""

from typing import Any

from flask import Flask, Response, current_app, g, request
from werkzeug.exceptions import RequestEntityTooLarge

from chassis.web.blueprint import flaws
from chassis.web.context import request_id, traceparent
from chassis.web.permits import check
from chassis.web.refusals import Invalid


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
        _check_permission(view)
        _check_size(getattr(view, "body_limit", None))
        _check_path()

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


def _check_size(limit: int | None) -> None:
    if limit is not None:
        request.max_content_length = limit
    most = request.max_content_length
    if most is not None and (request.content_length or 0) > most:
        raise RequestEntityTooLarge


def _check_path() -> None:
    for path, code in flaws(dict(request.view_args or {})):
        raise Invalid({"path": {path[0] if path else "": [code]}})


def _say_what_it_was(answer: Response) -> Response:
    answer.headers["X-Request-Id"] = request_id()
    answer.headers.setdefault("Cache-Control", "private, no-cache")
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    if answer.status_code == 204:
        answer.set_data(b"")
        answer.headers.pop("Content-Type", None)
    if "spoke" in g:
        answer.vary.add("Accept-Language")
    return answer
