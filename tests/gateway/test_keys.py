"""API keys."""

import pytest

from tests.gateway.company import Company
from tests.gateway.door import Door

_KEYS = "/api/v1/identity/api-keys"


def make(door: Door, scopes: list[str], branch_id: str | None) -> dict[str, str]:
    body = {"name": "道闸", "scopes": scopes, "branch_id": branch_id}
    answer = door.as_("headquarters", "POST", _KEYS, json=body)
    assert answer.status_code == 201, answer.json
    return answer.json  # type: ignore[return-value]


def test_scopes(door: Door, company: Company) -> None:
    """A key opens what its scopes say, in its branch, and nothing else."""
    key = make(door, ["identity.see"], company.west)["key"]
    staff = door.ask(key, "GET", "/api/v1/identity/staff")
    assert {row["branch_id"] for row in staff.json["items"]} == {company.west}
    assert door.ask(key, "GET", "/api/v1/events").status_code == 403
    assert door.ask(key, "POST", "/api/v1/identity/branches", json={}).status_code == 403
    me = door.ask(key, "GET", "/api/v1/auth/me").json
    assert (me["kind"], me["reach"], me["permissions"]) == ("client", "branch", ["identity.see"])


def test_company_wide(door: Door, company: Company) -> None:
    """A key without branch reaches all branches."""
    key = make(door, ["identity.see"], None)["key"]
    seen = door.ask(key, "GET", "/api/v1/identity/branches").json["items"]
    assert {row["branch_id"] for row in seen} == {company.east, company.west}


def test_shown_once(door: Door) -> None:
    """The key is shown when it is made and never again."""
    made = make(door, ["identity.see"], None)
    listed = door.as_("headquarters", "GET", _KEYS)
    assert made["key"] not in listed.text
    assert [row["key_id"] for row in listed.json["items"]] == [made["key_id"]]


def test_revoked(door: Door) -> None:
    """A revoked key opens nothing; revoking it again finds nothing."""
    made = make(door, ["identity.see"], None)
    assert door.ask(made["key"], "GET", "/api/v1/auth/me").status_code == 200
    path = f"{_KEYS}/{made['key_id']}"
    assert door.as_("headquarters", "DELETE", path).status_code == 204
    assert door.ask(made["key"], "GET", "/api/v1/auth/me").status_code == 401
    assert door.as_("headquarters", "DELETE", path).status_code == 404


@pytest.mark.parametrize("scopes", [["everything"], []])
def test_unknown_scope(door: Door, scopes: list[str]) -> None:
    """A key is made for known scopes, and for some."""
    answer = door.as_("headquarters", "POST", _KEYS, json={"name": "x", "scopes": scopes})
    assert answer.status_code == 422


def test_no_wider_than_the_maker(door: Door, company: Company) -> None:
    """A key that may manage identity in one branch makes no key, and takes on nobody, beyond what it may itself."""
    key = make(door, ["identity.manage", "identity.see"], company.east)["key"]
    wider = {"name": "x", "scopes": ["operations.manage"], "branch_id": company.east}
    assert door.ask(key, "POST", _KEYS, json=wider).json["code"] == "grant_too_wide"
    farther = {"name": "x", "scopes": ["identity.see"], "branch_id": None}
    assert door.ask(key, "POST", _KEYS, json=farther).status_code == 404
    person = {"username": "x.y", "password": "a long password", "name": "x", "role": "headquarters"}
    assert door.ask(key, "POST", "/api/v1/identity/staff", json=person).json["code"] == "grant_too_wide"


@pytest.mark.parametrize("role", ["manager", "sales_administrator", "auditor"])
def test_only_administrators(door: Door, role: str) -> None:
    """Keys are the administrators' business."""
    assert door.as_(role, "GET", _KEYS).status_code == 403
