"""What a page may load and run: its own files by a nonce of this answer, and nothing from anywhere else."""

import hashlib
import secrets
from functools import cache
from pathlib import Path
from typing import cast

from flask import Response, g

STATIC = Path(__file__).with_name("static")

_POLICY = (
    "default-src 'none'",
    "script-src 'nonce-{nonce}'",
    "style-src 'nonce-{nonce}'",
    "img-src 'self' data:",  # the style sheet's own pictures are written inside it
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
)


def nonce() -> str:
    """The present answer's nonce."""
    if "page_nonce" not in g:
        g.page_nonce = secrets.token_urlsafe(16)
    return cast(str, g.page_nonce)


def say_policy(answer: Response) -> Response:
    """Put the policy on a page; pages hold what one person may see, so that nobody keeps them."""
    if answer.mimetype == "text/html":
        answer.headers["Content-Security-Policy"] = "; ".join(_POLICY).format(nonce=nonce())
        answer.headers["Cache-Control"] = "private, no-store"
        answer.vary.add("Cookie")
    return answer


@cache
def mark_of(name: str) -> str:
    """A few letters that change when the file under static/ does, so that it may be kept for ever."""
    return hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
