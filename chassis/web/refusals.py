"""What the web edge itself refuses, one exception each; problems.py says how each is answered.

The attributes of an exception are the facts that its text may use.
"""

from collections.abc import Mapping
from typing import Any


class Unauthenticated(Exception):
    """Nobody known asks. Each way of not being known is a class of its own, with its own text."""


class IdentityMissing(Unauthenticated):
    """The request says nothing of who asks."""


class IdentityExpired(Unauthenticated):
    """The identity was good and is too old."""


class IdentityForged(Unauthenticated):
    """The identity was not issued here, or was changed on its way."""


class PermissionMissing(Exception):
    """The one who asks is known, and may not do this."""

    def __init__(self, permission: str) -> None:
        super().__init__(permission)
        self.permission = permission


class MalformedBody(Exception):
    """The body is not JSON."""


class WrongContentType(Exception):
    """The body is of another media type than the route takes."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected


class Invalid(Exception):
    """The body or the parameters do not have the announced form; `messages` as marshmallow nests them."""

    def __init__(self, messages: Mapping[str, Any]) -> None:
        super().__init__("invalid")
        self.messages = messages


class VersionRequired(Exception):
    """A change came without If-Match."""


class StaleVersion(Exception):
    """What is to be changed has been changed by somebody else."""

    def __init__(self, current: int | str) -> None:
        super().__init__(current)
        self.current = current


class KeyReused(Exception):
    """An idempotency key came again with another body."""


class KeyInProgress(Exception):
    """The first request with this idempotency key has not ended yet."""

    retry_after = 1


class AnswerForgotten(Exception):
    """What this idempotency key stands for was done; whom the answer spoke of has been forgotten since."""


class BadCursor(Exception):
    """`after` is not a cursor that this list has handed out."""
