"""The page of one customer: all that the services know (360°), each part from the service whose it is."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any

from flask import render_template, request

from chassis.web import permits, the_asker
from gateway.pages import forms
from gateway.pages.blueprint import blueprint
from gateway.pages.candidates import decided_about
from gateway.pages.company import the_company
from gateway.pages.customer_forms import page_of, path_of
from gateway.pages.customer_register import lacking
from gateway.pages.inside import Reply, ask, asked_in_turn
from gateway.pages.language import text, the_language
from gateway.pages.rooms import Answer
from gateway.whole_customer.rules import Code, Told
from gateway.whole_customer.views import whole_customer

SHOWN = ("basics", "contacts", "tags", "family", "register", "group", "receptions", "followups", "plan", "points")
"""The parts with a place of their own on the page; the others are named at its end."""

DEMAND = ("purpose", "budget", "layout", "area", "preference", "purchasing_power")
_RELATIVES = 12
"""So many are named on the page; a family is not larger."""


@blueprint.get("/customers/<customer_id>")
@permits("customers.see")
def show_customer(customer_id: str) -> Answer:
    """One customer; a part that is away says so, and the rest shows."""
    return customer_page(customer_id, forms.said(), "", 200)


def customer_page(customer_id: str, said: str, wrong: str, status: int) -> Answer:
    """The page, with a word about what was just done or could not be."""
    parts = whole_customer(customer_id, the_language())
    basics = parts["basics"].body or {}
    facts: dict[str, Any] = {"parts": parts, "customer": basics, "others": _others(parts), "own": _own_values(basics)}
    deleted, may = basics.get("deleted_at"), the_asker().may
    acts = bool(basics) and not deleted
    facts |= {"may_edit": acts and may("customers.edit"), "may_manage": acts and may("customers.manage")}
    facts["may_erase"] = bool(basics) and may("customers.manage")
    facts |= {"said": said, "wrong": wrong, "demand": DEMAND, "deleted": deleted}
    facts |= {"yuan": yuan, "here": Code.HERE, "company": the_company(), "who": the_asker(), "typed": request.form}
    shown_id = basics.get("customer_id", customer_id)  # under the id of who was merged it is another's page
    facts |= {"more": _more(customer_id) if acts else None, "here_at": page_of(shown_id)}
    facts["relatives"] = _relatives(parts["family"].body or {"items": []})
    register = parts["register"].body
    facts["registered"] = _registered(register or {"entries": []})
    facts["lacks"] = lacking(register) if register and acts and may("customers.register") else ""
    facts["verdicts"] = _verdicts(facts["more"], {shown_id, *facts["registered"]})
    return render_template("pages/customer.html", **facts), status


def _more(customer_id: str) -> dict[str, Reply]:
    """What the whole of a customer does not hold, each as its service says it."""
    names = ("amendments", "candidates", "owners")
    replies = asked_in_turn(*(partial(ask, path_of(customer_id, name)) for name in names))
    return dict(zip(names, replies, strict=True))


def _verdicts(more: Mapping[str, Reply] | None, ids: Collection[str]) -> list[dict[str, Any]]:
    reply = more["candidates"] if more else None
    return decided_about(reply.body, ids) if reply and reply.ok else []


def _relatives(family: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The files of the family, as far as they are in reach, by their ids."""
    ids = list(dict.fromkeys(one["relative_id"] for one in family["items"]))[:_RELATIVES]
    replies = asked_in_turn(*(partial(ask, path_of(one)) for one in ids))
    return {one: reply.body for one, reply in zip(ids, replies, strict=True) if reply.ok}


def _registered(register: Mapping[str, Any]) -> dict[str, str | None]:
    """Under which name each id was registered: who is one customer with another (一.5) has no file of their own."""
    return {entry["customer_id"]: entry["name"] for entry in register["entries"]}


def _others(parts: Mapping[str, Told]) -> dict[str, list[str]]:
    """The parts without a place on the page, by what became of them."""
    named: dict[str, list[str]] = defaultdict(list)
    for name, told in parts.items():
        if name not in SHOWN:
            named[told.code.value].append(text(f"parts.{name}"))
    return named


def _own_values(customer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The values of the company's own fields, by their names in the reader's language; none while they are away."""
    details = customer.get("details") or {}
    reply = ask("/api/v1/customers/fields", branch_id=customer["branch_id"]) if details else None
    fields = reply.body["items"] if reply is not None and reply.ok else []
    name = f"name_{the_language()}"
    return [(one[name], _said(details[one["field_id"]])) for one in fields if one["field_id"] in details]


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return text("customer.yes" if value else "customer.no")
    return "、".join(value) if isinstance(value, list) else str(value)


def yuan(cents: int) -> str:
    """An amount of money as people write it."""
    return f"¥{cents // 100:,}.{cents % 100:02}"
