"""What a view says of who may call it. Permission is checked before the body is read."""

from collections.abc import Callable
from typing import Any, TypeVar

from chassis.identity import Who
from chassis.web.context import the_asker
from chassis.web.refusals import PermissionMissing

ANYONE = "anyone"
"""Instead of a permission: nobody is asked who they are."""

SIGNED_IN = "signed_in"
"""Instead of a permission: whoever is known may."""

NOBODY = Who("anyone", "client", "anyone", None, None, "own", frozenset())
"""Who acts on a route for anyone."""

View = TypeVar("View", bound=Callable[..., Any])


def permits(permission: str, *, body_limit: int | None = None) -> Callable[[View], View]:
    """Mark a view that opens no transaction by itself. `body_limit` in bytes, None: the app's."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        view.body_limit = body_limit  # type: ignore[attr-defined]
        return view

    return mark


def the_actor(permission: str) -> Who:
    """Who acts on a route of this permission."""
    return NOBODY if permission == ANYONE else the_asker()


def check(permission: str) -> None:
    """Raise Unauthenticated or PermissionMissing unless the present asker has `permission`."""
    if permission == ANYONE:
        return
    who = the_asker()
    if permission != SIGNED_IN and not who.may(permission):
        raise PermissionMissing(permission)
