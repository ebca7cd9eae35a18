"""Receipts over HTTP."""

from collections.abc import Mapping
from typing import Any

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Blueprint, reads, say
from services.reception.receipts import views
from services.reception.receipts.rules import Verdict
from services.reception.receipts.schemas import (
    DaysArguments,
    OwnRegistrationsSchema,
    ReceiptSchema,
    ShownReceiptSchema,
    VerdictSchema,
)

blueprint = Blueprint("receipts", __name__)


@blueprint.get("/api/v1/reception/receptions/<reception_id>/receipt")
@reads("reception.see")
@blueprint.response(200, ReceiptSchema)
def show_receipt(tx: Transaction, who: Who, reception_id: str) -> dict[str, Any]:
    """The receipt of the registration (登记回执)."""
    receipt = views.receipt_of(tx, who, reception_id)
    return receipt | {"text": _text(receipt)}


@blueprint.get("/api/v1/reception/receipts/mine")
@blueprint.arguments(DaysArguments, location="query")
@reads("reception.attend")
@blueprint.response(200, OwnRegistrationsSchema)
def list_own_registrations(tx: Transaction, who: Who, asked: dict[str, Any]) -> dict[str, Any]:
    """Whom one received and registered on some days: each has a receipt."""
    return {"items": views.own_registrations(tx, who, asked["first"], asked["last"])}


@blueprint.post("/api/v1/reception/receipts/verify")
@blueprint.arguments(ShownReceiptSchema)
@reads("reception.see")
@blueprint.response(200, VerdictSchema)
def verify_receipt(tx: Transaction, who: Who, shown: dict[str, Any]) -> dict[str, Any]:
    """Whether a receipt that somebody shows stands in the register."""
    found = views.verdict_of(tx, who, shown["reception_id"], shown["hash"])
    stands = found["verdict"] == Verdict.STANDS
    return found | {"stands": stands, "text": say(f"receipt.{found['verdict']}")}


def _text(receipt: Mapping[str, Any]) -> str:
    """What stands on the paper."""
    named = {name: receipt[name] or "" for name in ("visitor_name", "visitor_phone", "owner_name", "server_name")}
    when = receipt["local_time"].strftime("%Y-%m-%d %H:%M:%S")
    text = "receipt.text_of_erased" if receipt["erased"] else "receipt.text"
    return say(text, when=when, number=receipt["number"], hash=receipt["hash"], **named)
