"""Customers who may be one 可能重复: seen side by side, and decided by a person."""

from collections.abc import Collection
from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.customer_forms import CUSTOMERS, form, page_of, path_of, the_file
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.language import local_path, text
from gateway.pages.rooms import Answer, room
from gateway.pages.rooms import done as done_at

_LOOKED_AT = 200
CHOICES = {"same": True, "different": False}


@blueprint.get("/office/candidates")
@permits("customers.sign")
def show_candidates() -> Answer:
    """Those about whom nobody has decided, each with whom they may be."""
    reply = ask(f"{CUSTOMERS}/candidates", after=request.args.get("after"), limit=_LOOKED_AT)
    return room("candidates", reply=reply)


@blueprint.get("/customers/<customer_id>/candidates/<other_id>")
@permits("customers.sign")
def show_candidate(customer_id: str, other_id: str) -> Answer:
    """The two side by side."""
    return _form(customer_id, other_id, "", 200)


@blueprint.post("/customers/<customer_id>/candidates/<other_id>")
@permits("customers.sign")
def decide_candidate(customer_id: str, other_id: str) -> Answer:
    """They are the same person, or are not, or what was decided is taken back."""
    path, choice = path_of(customer_id, "candidates", other_id), request.form.get("choice", "")
    if choice == "take_back":
        reply = tell(f"{path}/take-back", forms.because(), forms.key())
    elif choice in CHOICES:
        reply = tell(f"{path}/decide", {"same": CHOICES[choice]} | forms.because(), forms.key())
    else:
        reply = Reply(422, {"detail": text("matters.decided_meanwhile")})
    if reply.ok:
        return done_at(_back(customer_id), f"candidate.{choice}")
    return _form(customer_id, other_id, wrong_in(reply), reply.status)


def decided_about(body: dict[str, Any], ids: Collection[str]) -> list[dict[str, Any]]:
    """What was decided and holds, each with the two whom it is about: first the one of these ids, the customer's."""
    verdicts = [one for one in body["decided"] if one["active"]]
    pairs = [(one["first_id"], one["second_id"]) for one in verdicts]
    ordered = [(first, second) if first in ids else (second, first) for first, second in pairs]
    return [one | {"one_id": two[0], "other_id": two[1]} for one, two in zip(verdicts, ordered, strict=True)]


def _form(customer_id: str, other_id: str, wrong: str, status: int) -> Answer:
    reply, other = ask(path_of(customer_id, "candidates")), the_file(other_id)
    if not reply.ok:
        return form("candidate", customer_id, wrong_in(reply), reply.status, two=[])
    near = next((one for one in reply.body["others"] if one["customer"]["customer_id"] == other_id), None)
    facts: dict[str, Any] = {"two": _side_by_side(customer_id, other_id, reply.body["customer"], other), "near": near}
    verdicts = decided_about(reply.body, [customer_id])
    asked = (customer_id, other_id)
    facts["verdict"] = next((one for one in verdicts if (one["one_id"], one["other_id"]) == asked), None)
    return form("candidate", customer_id, wrong, status, **facts | {"back": _back(customer_id)})


def _side_by_side(one_id: str, other_id: str, file: dict[str, Any], other: Reply) -> list[dict[str, Any]]:
    """The two files; of two who are one customer now, and have one file, what was registered of each."""
    if not other.ok or other.body["customer_id"] != file["customer_id"]:
        return [file, *([other.body] if other.ok else [])]
    register = ask(path_of(one_id, "register"))
    said = {one["customer_id"]: one for one in reversed(register.body["entries"])} if register.ok else {}
    return [file | (_registered(said[one]) if one in said else {}) for one in (one_id, other_id)]


def _registered(entry: dict[str, Any]) -> dict[str, Any]:
    told = {"name": entry["name"], "phone": entry["phone"], "owner_id": entry["registered_by"]}
    return told | {"code": "", "registered_at": entry["at"]}


def _back(customer_id: str) -> str:
    """Where the reader came from: the list of all, or the customer's page."""
    wanted = local_path(request.values.get("back"))
    return wanted if wanted == "/office/candidates" else page_of(customer_id)
