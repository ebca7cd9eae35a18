"""What the forms of a customer's page share: where they lead, and finding another customer in one of them."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from flask import request

from chassis.web import the_asker
from gateway.pages import rooms
from gateway.pages.asking import in_dialog, wrong_in
from gateway.pages.company import the_company
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.language import text
from gateway.pages.rooms import Answer

CUSTOMERS = "/api/v1/customers"
_FOUND = 8


def path_of(*words: str) -> str:
    """The customers' service's path of a customer, or of what belongs to one."""
    return "/".join([CUSTOMERS, *(quote(word, safe="") for word in words)])


def page_of(customer_id: str) -> str:
    """Where a customer is looked at."""
    return f"/customers/{quote(customer_id, safe='')}"


def form(name: str, customer_id: str, wrong: str = "", status: int = 200, **facts: Any) -> Answer:
    """A form about a customer, in the dialog of the page or without scripts on a page of its own."""
    shared = {"way": request.path, "back": page_of(customer_id), "who": the_asker(), "company": the_company()}
    return in_dialog(name, shared | facts, "", wrong, status)


def done(customer_id: str, code: str) -> Answer:
    """What follows an act: the customer's page, with a word about it."""
    return rooms.done(page_of(customer_id), code)


def typed(name: str) -> str | None:
    """What stands in a field of the form; None when it is empty."""
    return request.form.get(name, "").strip() or None


def wrong_by_field(reply: Reply, called: Mapping[str, str]) -> str:
    """What a form has to say about it, each field that is not right by its name on the form; `called` has the texts."""
    errors = [(called.get(str(one["field"]).partition(".")[0]), one["detail"]) for one in reply.body.get("errors", ())]
    if reply.ok or not errors or not all(code for code, _detail in errors):
        return wrong_in(reply)
    return " ".join(text("form.wrong", field=text(str(code)), detail=detail) for code, detail in errors)


def the_file(customer_id: str) -> Reply:
    """The customer's file."""
    return ask(path_of(customer_id))


def wants_to_find() -> bool:
    """Whether the form asks who another customer is, instead of doing what it is for."""
    return "find" in request.form


def found(customer_id: str) -> list[dict[str, Any]] | None:
    """The others in reach by what was typed; None: nothing was looked for. Those found before stay with the form."""
    text = typed("text")
    if text is None or not (wants_to_find() or "other_id" in request.form):
        return None
    reply = tell(f"{CUSTOMERS}/search", {"text": text, "limit": _FOUND}, "")
    items = reply.body["items"] if reply.ok else []
    return [one for one in items if one["customer_id"] != customer_id]
