"""What the forms of the hall bring, as the services want it."""

import re
import secrets
from typing import Any

from flask import request

from gateway.pages.language import TEXTS, text

INTENTS = ("有意向徘徊犹豫", "确定购买意向")
"""The field's own words (product.md: intent); nothing chosen is none yet."""

KINDS = ("returning", "referral", "not_buying", "other", "first_visit")
THEIRS = {"returning": "self", "referral": "friend"}
"""Kinds of visitors who are somebody's, and what they are to that customer unless it is said."""

FAMILY = ("self", "spouse", "parent", "child", "fiance")
OTHERS = ("sibling", "in_law", "friend", "other")
"""Reception's relations: family is the customer, others are brought by one (一.5)."""

CAUSES = ("quarrel", "late", "absent", "not_greeted")
"""What a manager records by hand; too many forfeits are counted by reception alone."""

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


def arrival() -> dict[str, Any]:
    """The arrival as the door said it: one tap is a first visit, and whose it is goes with 老客户 and 老带新.

    A customer that was found goes before the phone by which it was looked for.
    """
    kind = request.form.get("kind", "first_visit")
    said: dict[str, Any] = {"kind": kind, "party_size": party_size()}
    if kind in THEIRS:
        whose = _typed("customer_id", "phone", "original_id")
        if "customer_id" in whose:
            whose.pop("phone", None)
        said |= {"relation": THEIRS[kind]} | whose | _typed("relation")
    return said | (_typed("trade") if kind == "not_buying" else {})


def look_up() -> dict[str, str]:
    """Who is asked for at the door: by the whole phone or its last four digits."""
    return look_up_of(request.form.get("phone", "").strip())


def look_up_of(typed: str) -> dict[str, str]:
    """The same for a phone that was typed."""
    return {"last_four" if re.fullmatch(r"[0-9]{4}", typed) else "phone": typed}


def not_buying() -> dict[str, str]:
    """As what the visitor came, and who heard it; nobody named: any colleague may confirm."""
    return _typed("trade", "witness_id")


def completion() -> dict[str, Any]:
    """The visitor as typed, and who came along; what was left empty is not sent."""
    companions = [dict(zip(("name", "phone"), one, strict=True)) for one in companions_typed() if any(one)]
    return _typed("name", "phone", "intent", "note", "next_contact") | (
        {"companions": companions} if companions else {}
    )


def because() -> dict[str, str]:
    """Why somebody steps out, or may: always sent, so that reception says what is missing."""
    return {"reason": request.form.get("reason", "").strip()}


def pin() -> tuple[str, str] | None:
    """Who says at a shared tablet that it is them who acts, and the PIN; None until both are typed."""
    typed = _typed("actor_id", "pin")
    return (typed["actor_id"], typed["pin"]) if len(typed) == 2 else None


def penalty() -> dict[str, Any]:
    """What is proposed of whom; how late, in minutes on the form, only of lateness."""
    said: dict[str, Any] = {name: request.form.get(name, "").strip() for name in ("staff_id", "cause", "note")}
    late_by = request.form.get("late_by", "").strip()
    if said["cause"] == "late":
        said["late_by"] = int(late_by) * 60 if late_by.isascii() and late_by.isdigit() and len(late_by) < 6 else late_by
    return said | _typed("day")


def companions_typed() -> list[tuple[str, str]]:
    """Name and phone of everybody who came along, as typed."""
    names, phones = request.form.getlist("companion_name"), request.form.getlist("companion_phone")
    return [(name.strip(), phone.strip()) for name, phone in zip(names, phones, strict=False)]


def rows_for_companions() -> int:
    """How many rows the form offers: as many as came along, and some where that is not known."""
    sent = request.values.get("party", "1")
    party = int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 3 else 1
    return min(20, max(party - 1, len(companions_typed()), 2))


def _typed(*names: str) -> dict[str, str]:
    return {name: sent for name in names if (sent := request.form.get(name, "").strip())}


def said() -> str:
    """The word about what was just done, after a redirect."""
    code = f"says.{request.args.get('said', '')}"
    return text(code) if TEXTS.knows(code) else ""
