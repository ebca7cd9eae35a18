"""Logs: structured, as JSON or for the console, and without anything that names a person."""

import logging
import sys
import traceback
from collections.abc import Iterator, MutableMapping
from typing import Any, Literal, cast

import structlog

Format = Literal["json", "console"]
REFUSED_KEYS = frozenset(
    {"name", "names", "phone", "phones", "body", "text", "personal", "query", "url", "path", "password", "token"}
    | {"authorization", "cookie", "email", "address", "note", "said", "payload", "data"}
)
REFUSED = "[refused]"


def configure_logs(form: Format = "json", level: str = "INFO") -> None:
    """Set up logging for this process; everything goes to standard error."""
    last: Any = structlog.processors.JSONRenderer() if form == "json" else structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            refuse_personal,
            last,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=lambda *_names: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def log() -> Any:
    """The logger: `log().info("what_happened", key=value)`."""
    return structlog.get_logger()


def refuse_personal(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Put `[refused]` in place of what stands under a key that could name a person."""
    return cast(MutableMapping[str, Any], _without_personal(event))


def trail_of(error: BaseException) -> dict[str, Any]:
    """Where an error comes from: kinds and places. Not its message: databases quote rows in theirs."""
    chain = list(_chain(error))
    frames = traceback.extract_tb(chain[-1].__traceback__)
    return {
        "error": " < ".join(type(one).__name__ for one in chain),
        "trail": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]],
    }


def _chain(error: BaseException) -> Iterator[BaseException]:
    one: BaseException | None = error
    while one is not None:
        yield one
        one = one.__cause__


def _without_personal(value: Any) -> Any:
    if isinstance(value, MutableMapping):
        return {
            key: REFUSED if str(key).lower() in REFUSED_KEYS else _without_personal(one) for key, one in value.items()
        }
    return [_without_personal(one) for one in value] if isinstance(value, list) else value
