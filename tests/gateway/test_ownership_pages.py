"""Handing over and the policy about owners, without a browser."""

from dataclasses import asdict
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.pages.ownership_policy import SETTINGS
from services.customers.policy.rules import BUILT_IN
from tests.gateway.company import Company
from tests.gateway.told import TeamRoom, Told, sent

_HELD: dict[str, Any] = {
    "draw_batch": 5,
    "draw_daily": 10,
    "draw_among": 500,
    "hold_at_most": 200,
    "cooling_off_days": 30,
    "idle_days": 45,
    "warning_days": 7,
    "bin_days": 90,
    "first_visit_owns": True,
    "keep_key_accounts": True,
    "keep_closed_deals": False,
}
_BEGUN, _TO_COME = "2026-01-01", "2999-01-01"
_MADE = {"made_by": "m", "made_at": "2026-01-01T01:00:00+00:00", "reason": "旺<b>季"}


def _version(branch_id: str | None, n: int, holds_from: str, **values: Any) -> dict[str, Any]:
    return {"branch_id": branch_id, "n": n, "holds_from": holds_from, "values": values} | _MADE


@pytest.fixture
def customers(customers_room: TeamRoom, company: Company) -> Told:
    told = customers_room.forget()
    versions = [
        _version(company.east, 3, _TO_COME, idle_days=10),
        _version(company.east, 2, _BEGUN, idle_days=45, keep_closed_deals=False),
        _version(company.west, 1, _BEGUN, idle_days=97531),
        _version(None, 1, _BEGUN, draw_daily=10),
    ]
    told.answers = {
        "leavers": (200, {"items": [{"staff_id": "gone", "branch_id": company.east, "customers": 12}]}),
        "policies": (200, {"items": versions, "next_after": None}),
        "policies/current": (200, {"values": _HELD}),
    }
    return told


@pytest.fixture
def manager(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("manager")


def test_a_leavers_customers_are_handed_over(manager: FlaskClient, customers: Told) -> None:
    """Who has left is listed with how many; all go to those who are chosen, for a reason."""
    page = manager.get("/office/handovers").text
    assert "12 位客户待移交" in page and "from_id=gone" in page
    assert 'name="from_id" value="gone"' in manager.get("/office/handovers/new?from_id=gone").text
    form = {"from_id": "gone", "to_id": ["a", "b"], "reason": "离职"}
    assert sent(manager, "/office/handovers/new", form).status_code == 303
    assert customers.acts == [("POST handovers", {"from_id": "gone", "to_ids": ["a", "b"], "reason": "离职"})]
    customers.answers["POST handovers"] = (422, {"detail": "无需移交"})
    again = sent(manager, "/office/handovers/new", form)
    assert again.status_code == 422 and "无需移交" in again.text


def test_what_holds_and_what_was_decided(manager: FlaskClient) -> None:
    """Every setting as it holds, and the versions of the branch and the company: none of another branch."""
    page = manager.get("/office/ownership").text
    assert "多少天没有联系就回公海" in page and "45" in page and "旺&lt;b&gt;季" in page
    assert _TO_COME in page and "未生效" in page and "97531" not in page


def test_every_setting_can_be_decided(manager: FlaskClient) -> None:
    """Whatever customers knows as a setting about owners has its place in the form, and its name."""
    page = manager.get("/office/ownership/new").text
    assert {*SETTINGS} == {*asdict(BUILT_IN)} == {*_HELD}
    assert [name for name in SETTINGS if f'name="{name}"' not in page or f"settings.{name}" in page] == []
    assert "首次接待后客户归接待人" in page and "在回收站保留多少天" in page


def test_a_version_decides_what_is_filled_in(manager: FlaskClient, customers: Told, company: Company) -> None:
    """The form holds what the version in force says, not one to come; what is emptied follows the company again."""
    page = manager.get("/office/ownership/new").text
    assert 'name="idle_days" inputmode="numeric" maxlength="6" value="45"' in page
    assert "不单独定（现在 200）" in page and '<option value="no" selected>' in page
    form = {"draw_daily": "x", "idle_days": "30", "keep_key_accounts": "no", "holds_from": _TO_COME, "reason": "淡季"}
    assert sent(manager, "/office/ownership/new", form).status_code == 303
    values = {"draw_daily": "x", "idle_days": 30, "keep_key_accounts": False}
    wish = {"branch_id": company.east, "holds_from": _TO_COME, "values": values, "reason": "淡季"}
    assert customers.acts == [("POST policies", wish)]
    customers.answers["POST policies"] = (422, {"detail": "设置 idle_days 应在 1 到 3650 之间。"})
    again = sent(manager, "/office/ownership/new", form)
    assert again.status_code == 422 and "设置 多少天没有联系就回公海 应在" in again.text and 'value="30"' in again.text


def test_headquarters_decides_for_the_company(customers_room: TeamRoom, customers: Told) -> None:
    """What holds for all is what a branch holds that does not decide for itself; the company's version is its own."""
    hq = customers_room.as_("headquarters")
    page = hq.get("/office/ownership?branch=company").text
    assert 'id="setting-draw_daily"' in page and "旺&lt;b&gt;季" in page and _TO_COME not in page
    form = {"branch": "company", "idle_days": "90", "holds_from": _TO_COME, "reason": "统一"}
    assert sent(hq, "/office/ownership/new", form).status_code == 303
    assert customers.acts[0][1]["branch_id"] is None and customers.acts[0][1]["values"] == {"idle_days": 90}


def test_away_is_said(manager: FlaskClient, customers: Told) -> None:
    """With customers down both rooms stand and say so."""
    customers.down = True
    for path in ("handovers", "ownership", "ownership/new"):
        page = manager.get(f"/office/{path}")
        assert page.status_code == 200 and "暂时无法" in page.text, path
