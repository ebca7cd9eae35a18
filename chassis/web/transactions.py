"""One transaction per request, opened at the edge and handed on.

    @blueprint.post("/api/v1/notes/<folder_id>/pages")
    @blueprint.arguments(PageSchema)
    @acts("notes.write")
    @blueprint.response(201, PageSchema)
    def write_page(tx: Transaction, who: Who, body: dict[str, Any], folder_id: str) -> Page: ...

The order matters: above `response`, so that the answer is made before the commit and an answer that cannot be made
leaves nothing behind; below `arguments`, so that no transaction is open while a body is read.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Response, make_response

from chassis.web.context import the_web, traceparent
from chassis.web.etags import tagged
from chassis.web.idempotency import in_its_turn, once
from chassis.web.permits import permits, the_actor

View = Callable[..., Any]


def acts(permission: str, *, body_limit: int | None = None) -> Callable[[View], View]:
    """The view changes something: it is called as `view(tx, who, *arguments, **path)` in one write transaction.

    With an Idempotency-Key the answer is kept in that transaction; raising anything leaves nothing behind.
    """

    def decorate(view: View) -> View:
        @permits(permission, body_limit=body_limit)
        @wraps(view)
        def in_a_transaction(*arguments: Any, **path: Any) -> Response:
            who = the_actor(permission)
            with in_its_turn(who) as key, the_web().database.write(traceparent()) as tx:
                return once(tx, key, lambda: tagged(make_response(view(tx, who, *arguments, **path))))

        in_a_transaction.acts = True  # type: ignore[attr-defined]
        return in_a_transaction

    return decorate


def reads(permission: str, *, body_limit: int | None = None) -> Callable[[View], View]:
    """The view changes nothing: it is called as `view(tx, who, *arguments, **path)` on one snapshot of the data."""

    def decorate(view: View) -> View:
        @permits(permission, body_limit=body_limit)
        @wraps(view)
        def on_one_view(*arguments: Any, **path: Any) -> Response:
            who = the_actor(permission)
            with the_web().database.read(traceparent()) as tx:
                return tagged(make_response(view(tx, who, *arguments, **path)))

        return on_one_view

    return decorate
