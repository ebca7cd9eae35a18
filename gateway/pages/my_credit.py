"""One's own credit ledger 业绩, to the cent, month by month."""

import re
from datetime import date, timedelta
from typing import Any

from flask import render_template, request

from chassis.web import permits
from gateway.pages.api import Answer
from gateway.pages.blueprint import blueprint
from gateway.pages.here import here
from gateway.pages.inside import Reply, ask, asked_in_turn
from gateway.pages.mine import CREDIT

_LOOKED_BACK = 6  # months whose totals stand beside the one that is shown


@blueprint.get("/mine/credit")
@permits("followups.see")
def show_credit() -> Answer:
    """Each line of a month with why it is there, and the totals of the months before."""
    place = here()
    months = months_until(place.today, _LOOKED_BACK)
    asked = request.args.get("month", "")
    month = asked if re.fullmatch(r"[1-9][0-9]{3}-(0[1-9]|1[0-2])", asked) else months[0]
    shown, *others = asked_in_turn(*[_of(one) for one in dict.fromkeys([month, *months])])
    replies = {one.body["month"]: one.body["total_cents"] for one in (shown, *others) if one.ok}
    facts: dict[str, Any] = {"reply": shown, "month": month, "months": months, "totals": replies}
    return render_template("pages/my_credit.html", here_at=place, part="credit", yuan=yuan, **facts)


def months_until(day: date, count: int) -> list[str]:
    """The month of a day and those before it, the latest first: `2026-03`."""
    found = []
    for _ in range(count):
        found.append(f"{day:%Y-%m}")
        day = day.replace(day=1) - timedelta(days=1)
    return found


def yuan(cents: int | None) -> str:
    """Cents as people write money: `1,234.50`; nothing for what has no amount yet."""
    if cents is None:
        return "—"
    whole, rest = divmod(abs(cents), 100)
    return f"{'−' if cents < 0 else ''}{whole:,}.{rest:02d}"


def _of(month: str) -> Any:
    def asking() -> Reply:
        return ask(CREDIT, month=month)

    return asking
