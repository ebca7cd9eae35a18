"""The customers in the reader's reach: the list, and finding by what is typed into one box."""

from flask import redirect, render_template, request

from chassis.web import permits
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.inside import Reply, ask, tell
from gateway.pages.rooms import Answer
from gateway.pages.search_ways import ways_from_the_list

_CUSTOMERS = "/api/v1/customers"
_ROWS = 30
COLUMNS = ("code", "name", "phone", "customer_type", "grade", "company", "owner", "local_day")


@blueprint.get("/customers")
@permits("customers.see")
def show_customers() -> Answer:
    """The last registered first, page by page."""
    return _page(ask(_CUSTOMERS, after=request.args.get("after"), limit=_ROWS), "")


@blueprint.post("/customers")
@permits("customers.see")
def find_customers() -> Answer:
    """Those found by a part of a name, a code or a phone: sent as a form, as no address is to hold a name."""
    text = request.form.get("text", "").strip()
    if not text:
        return redirect("/customers", 303)
    asked = {"text": text, "after": request.form.get("after") or None, "limit": _ROWS}
    return _page(tell(f"{_CUSTOMERS}/search", asked, ""), text)


def _page(reply: Reply, text: str) -> tuple[str, int]:
    company = the_company()
    facts = {"reply": reply, "text": text, "columns": COLUMNS, "company": company}
    facts |= ways_from_the_list(company) if reply.ok and not text else {}
    return render_template("pages/customers.html", **facts), 200 if reply.ok or reply.away else reply.status
