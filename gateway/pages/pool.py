"""The pool 公海 on the screen: what is in it, drawing by lot, applying, and who is about to go back."""

import re
from typing import Any

from flask import redirect, render_template, request

from chassis.web import permits, the_asker
from gateway.pages import forms
from gateway.pages.api import Answer
from gateway.pages.blueprint import blueprint
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.language import text

CUSTOMERS = "/api/v1/customers"
COLUMNS = ("code", "name", "customer_type", "grade", "region", "local_day", "waits")
_SHOWN = 20
_ID = re.compile(r"[0-9a-f-]{36}")


@blueprint.get("/pool")
@permits("customers.see")
def show_pool() -> Answer:
    """The branch's pool; after a draw also what was drawn, and all it takes to check it."""
    return _page(forms.said(), "", 200)


@blueprint.post("/pool/draws")
@permits("customers.claim")
def draw() -> Answer:
    """The reader draws customers by lot."""
    wanted = request.form.get("wanted", "")
    number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 4 else 0
    reply = tell(f"{CUSTOMERS}/draws", {"wanted": number}, forms.key())
    if not reply.ok:
        return _page("", _wrong(reply), reply.status)
    return redirect(f"/pool?said=drawn&draw={reply.body['draw_id']}", 303)


@blueprint.post("/pool/applications")
@permits("customers.claim")
def apply() -> Answer:
    """The reader applies for one customer."""
    body = {name: request.form.get(name, "").strip() for name in ("customer_id", "reason")}
    reply = tell(f"{CUSTOMERS}/applications", body, forms.key())
    if not reply.ok:
        return _page("", _wrong(reply), reply.status)
    return redirect("/pool?said=applied", 303)


@blueprint.post("/pool/applications/<application_id>/decision")
@permits("customers.manage")
def decide(application_id: str) -> Answer:
    """The reader approves somebody's application, or refuses it with a reason."""
    body: dict[str, Any] = {"approved": request.form.get("approved") == "yes"}
    body |= {"reason": reason} if (reason := request.form.get("reason", "").strip()) else {}
    reply = tell(f"{CUSTOMERS}/applications/{application_id}/decision", body, forms.key())
    if not reply.ok:
        return _page("", _wrong(reply), reply.status)
    return redirect("/pool?said=decided", 303)


def _page(said: str, wrong: str, status: int) -> Answer:
    pool = ask(f"{CUSTOMERS}/pool", after=request.args.get("after"))
    claims, decides = the_asker().may("customers.claim"), the_asker().may("customers.manage")
    facts = {
        "pool": pool,
        "rows": [_row(one) for one in pool.body["items"]] if pool.ok else [],
        "next": ask(f"{CUSTOMERS}/draws/next") if pool.ok and claims else None,
        "going": ask(f"{CUSTOMERS}/going-back") if pool.ok else None,
        "asked_for": ask(f"{CUSTOMERS}/applications", state="open" if decides else None, limit=_SHOWN),
        "decides": decides,
        "drawn": _drawn(request.args.get("draw", "")),
        "columns": COLUMNS,
        "typed": {},
        "said": said,
        "wrong": wrong,
    }
    return render_template("pages/pool.html", **facts), status if pool.ok or pool.away else pool.status


def _row(customer: dict[str, Any]) -> dict[str, Any]:
    region = "".join(customer[name] or "" for name in ("province", "city", "district"))
    return customer | {"region": region or None, "waits": customer["cooling_off_until"]}


def _drawn(draw_id: str) -> dict[str, Any] | None:
    """A draw that was done, with the files it gave as far as the reader may see them."""
    draw = ask(f"{CUSTOMERS}/draws/{draw_id}") if _ID.fullmatch(draw_id) else None
    if draw is None or not draw.ok or not draw.body["drawn_at"]:
        return None
    files = [ask(f"{CUSTOMERS}/{one}") for one in draw.body["given"][:_SHOWN]]
    return draw.body | {"files": [file.body for file in files if file.ok]}


def _wrong(reply: Reply) -> str:
    return reply.detail or text("says.away")
