"""What a company lists for its customers: their types 客户类型, its own fields 自定义字段 and the tags in use 标签."""

from typing import Any

from flask import request

from chassis.web import permits
from gateway.pages import forms
from gateway.pages.asking import wrong_in
from gateway.pages.blueprint import blueprint
from gateway.pages.company import the_company
from gateway.pages.customer_forms import path_of, typed, wrong_by_field
from gateway.pages.inside import Reply, ask, put, tell
from gateway.pages.rooms import WHOLE_COMPANY, Answer, branch_or_company, dialog, done, room

PAGE = "/office/customer-settings"
_CALLED = {"names": "customer_types.title", "tag": "tag_names.title", "new": "tag_names.new"}


@blueprint.get("/office/customer-settings")
@permits("office.see")
def show_customer_settings() -> Answer:
    """What holds in a branch, or in all that decide nothing for themselves."""
    return _room()


@blueprint.get("/office/customer-settings/types")
@permits("customers.manage")
def show_types() -> Answer:
    """The types in the order in which they are offered."""
    return _types(Reply(200, {}))


@blueprint.post("/office/customer-settings/types")
@permits("customers.manage")
def set_types() -> Answer:
    """The list is as it was typed, line by line, unless somebody else changed it meanwhile."""
    branch_id = branch_or_company(the_company())
    names = [name for line in request.form.get("names", "").splitlines() if (name := line.strip())]
    said = {"names": names, "branch_id": branch_id}
    reply = put(path_of("types"), said, forms.key(), request.form.get("version", ""))
    return done(PAGE, "types_set", branch=branch_id or WHOLE_COMPANY) if reply.ok else _types(reply)


@blueprint.post("/office/customer-settings/tags")
@permits("customers.manage")
def rename_tag() -> Answer:
    """The tag has another name. Where that is a tag already it is asked first: merged, the two are not told apart."""
    branch_id = branch_or_company(the_company())
    tag, new = request.form.get("tag", ""), typed("new") or ""
    if new != tag and request.form.get("merge") != new and new in _counted(_tags(branch_id)):
        return _room(renaming={"tag": tag, "new": new, "merges": True})
    reply = tell(path_of("tags", "rename"), {"tag": tag, "new": new, "branch_id": branch_id}, forms.key())
    if reply.ok:
        code = "tags_merged" if "merge" in request.form else "tag_renamed"
        return done(PAGE, code, branch=branch_id or WHOLE_COMPANY)
    return _room(reply.status, wrong=wrong_by_field(reply, _CALLED), renaming={"tag": tag, "new": new})


def _room(status: int = 200, **said: Any) -> Answer:
    company = the_company()
    branch_id = branch_or_company(company)
    tags = _tags(branch_id)
    facts: dict[str, Any] = {"company": company, "branch_id": branch_id, "whole": WHOLE_COMPANY, "typed": {}}
    facts |= {
        "types": ask(path_of("types"), branch_id=branch_id),
        "fields": ask(path_of("fields"), branch_id=branch_id),
    }
    facts |= {"tags": tags, "counted": _counted(tags), "renaming": {}}
    return room("customer_settings", status, **facts | said)


def _tags(branch_id: str | None) -> Reply | None:
    """A branch's tags; None for the whole company, which has none of its own."""
    return ask(path_of("tags"), branch_id=branch_id) if branch_id else None


def _counted(tags: Reply | None) -> dict[str, int]:
    return {one["tag"]: one["count"] for one in tags.body["items"]} if tags and tags.ok else {}


def _types(reply: Reply) -> Answer:
    """The form; `reply` is what it has to say of the act that was refused."""
    company = the_company()
    branch_id = branch_or_company(company)
    held = ask(path_of("types"), branch_id=branch_id)
    failed = held if reply.ok else reply
    facts = {"company": company, "branch_id": branch_id, "whole": WHOLE_COMPANY, "held": held}
    wrong = wrong_in(held) or wrong_by_field(reply, _CALLED)
    back = f"{PAGE}?branch={branch_id or WHOLE_COMPANY}"
    return dialog("customer_types", back, wrong, failed.status, **facts)
