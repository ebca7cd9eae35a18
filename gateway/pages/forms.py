"""What the forms of the hall bring, as the services want it."""

import re
import secrets
from typing import Any

from flask import request

from gateway.pages.language import TEXTS, text

INTENTS = ("有意向徘徊犹豫", "确定购买意向")
"""The field's own words (product.md: intent); nothing chosen is none yet."""

_KEY = re.compile(r"[A-Za-z0-9_-]{8,64}")


def new_key() -> str:
    """An Idempotency-Key, made with the form: a double tap sends it twice and acts once."""
    return secrets.token_urlsafe(18)


def key() -> str:
    """The key that the present form brings; a form without one acts each time."""
    sent = request.form.get("key", "")
    return sent if _KEY.fullmatch(sent) else ""


def party_size() -> int:
    """How many came together; reception refuses what is no party."""
    sent = request.form.get("party_size", "1")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 4 else 0


def completion() -> dict[str, Any]:
    """The visitor as typed; what was left empty is not sent."""
    names = ("name", "phone", "intent", "note", "next_contact")
    return {name: sent for name in names if (sent := request.form.get(name, "").strip())}


def said() -> str:
    """The word about what was just done, after a redirect."""
    code = f"says.{request.args.get('said', '')}"
    return text(code) if TEXTS.knows(code) else ""
