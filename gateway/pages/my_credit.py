"""One's own credit ledger 业绩, to the cent, month by month."""

import re
from typing import Any

from flask import render_template, request

from chassis.web import permits
from gateway.pages.api import Answer
from gateway.pages.blueprint import blueprint
from gateway.pages.here import here
from gateway.pages.inside import Reply, ask, asked_in_turn
from gateway.pages.mine import CREDIT

_SHOWN = 100
_MONTH = re.compile(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])")


@blueprint.get("/mine/credit")
@permits("followups.see")
def show_credit() -> Answer:
    """Each line of a month with why it is there, and the totals of the months of its year."""
    asked, after = request.args.get("month", ""), request.args.get("after")
    month = asked if _MONTH.fullmatch(asked) else f"{here().today:%Y-%m}"
    lines, year = asked_in_turn(
        lambda: ask(CREDIT, month=month, limit=_SHOWN, after=after),
        lambda: ask(f"{CREDIT}/months", year=month[:4]),
    )
    facts = {"month": month, "months": totals_of(year, month), "later": after is not None}
    return render_template("pages/my_credit.html", part="credit", yuan=yuan, reply=lines, year=year, **facts)


def totals_of(year: Reply, month: str) -> list[dict[str, Any]]:
    """The months of the year that have lines, and the one that is shown, the latest first."""
    if not year.ok:
        return []
    found = {month: {"month": month, "total_cents": 0, "deals": 0}} | {one["month"]: one for one in year.body["months"]}
    return [found[name] for name in sorted(found, reverse=True)]


def yuan(cents: int | None) -> str:
    """Cents as people write money: `1,234.50`; nothing for what has no amount yet."""
    if cents is None:
        return "—"
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}{whole:,}.{rest:02d}"
