"""The receipt of a registration 登记回执: shown, printed, and checked against the register."""

from typing import Any

from flask import render_template, request

from chassis.web import permits
from gateway.pages.api import RECEPTIONS, Answer
from gateway.pages.blueprint import blueprint
from gateway.pages.here import here
from gateway.pages.inside import Reply, ask, tell

_VERIFY = "/api/v1/reception/receipts/verify"


@blueprint.get("/receptions/<reception_id>/receipt")
@permits("reception.see")
def show_receipt(reception_id: str) -> Answer:
    """The receipt, as it is printed."""
    reply = ask(f"{RECEPTIONS}/{reception_id}/receipt")
    shown = render_template("pages/receipt.html", reply=reply, here_at=here(), **_shown_by(reply))
    return shown, 200 if reply.ok or reply.away else reply.status


@blueprint.get("/receipts")
@permits("reception.see")
def show_verification() -> Answer:
    """Where a receipt that somebody shows is checked."""
    return render_template("pages/receipt_check.html", verdict=None, number="", digest="")


@blueprint.post("/receipts")
@permits("reception.see")
def verify_receipt() -> Answer:
    """Whether the receipt stands; what was typed stays."""
    number, digest = (request.form.get(name, "").strip() for name in ("reception_id", "hash"))
    verdict = tell(_VERIFY, {"reception_id": number, "hash": digest.lower()}, "")
    facts: dict[str, Any] = {"verdict": verdict, "number": number, "digest": digest}
    return render_template("pages/receipt_check.html", **facts), 200 if verdict.ok or verdict.away else verdict.status


def _shown_by(reply: Reply) -> dict[str, str]:
    """What the form for checking is filled with."""
    return {"number": reply.body["reception_id"], "digest": reply.body["hash"]} if reply.ok else {}
