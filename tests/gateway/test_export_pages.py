"""Customers going out, without a browser: what one may, what is asked for, and what headquarters lets each role."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.gateway.told import TeamRoom, Told, sent

_RIGHT: dict[str, Any] = {
    "role": "manager",
    "allowed": True,
    "scope": "branch",
    "fields": ["name", "demand.budget"],
    "whole_phones": False,
    "most_rows": 20_000,
    "version": 2,
}
_NOW = datetime.now(UTC)
_EXPORT: dict[str, Any] = {
    "export_id": "x1",
    "state": "done",
    "asked_at": _NOW.isoformat(),
    "fields": ["name"],
    "whole_phones": False,
    "total": 9,
    "rows": 8,
}
_OLD = _EXPORT | {"export_id": "x2", "asked_at": (_NOW - timedelta(days=8)).isoformat()}
_SAVED = {"search_id": "q1", "name": "本月A类", "question": {"text": None, "conditions": [{"field": "grade"}]}}


@pytest.fixture
def customers(customers_room: TeamRoom) -> Told:
    told = customers_room.forget()
    told.answers = {
        "export-rights/manager": (200, _RIGHT),
        "export-rights": (200, {"items": [_RIGHT, _RIGHT | {"role": "headquarters", "allowed": False}]}),
        "exports": (200, {"items": [_EXPORT, _OLD], "next_after": None}),
        "searches": (200, {"items": [_SAVED], "next_after": None}),
    }
    return told


@pytest.fixture
def manager(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("manager")


def test_one_sees_what_one_may_and_has_exported(manager: FlaskClient, customers: Told) -> None:
    """Scope, fields and limit of the role; a file can be fetched while it is kept. Whose role may not, is told so."""
    page = manager.get("/exports").text
    for shown in ("本机构的客户", "20,000 行", "姓名、预算", "8 行", "本月A类"):
        assert shown in page
    assert "/exports/x1/customers.xlsx" in page and "/exports/x2/customers.xlsx" not in page
    assert "data-active" not in page and "/exports/rights" not in page
    customers.answers["export-rights/manager"] = (200, _RIGHT | {"allowed": False})
    assert "总部没有允许您的角色导出客户" in manager.get("/exports").text


def test_what_was_searched_for_goes_along(manager: FlaskClient, customers: Told) -> None:
    """From the list the words come into the form; a saved search goes on as saved, with what is typed besides."""
    assert 'value="王&lt;b&gt;"' in sent(manager, "/exports/of-search", {"text": "王<b>"}).text
    assert sent(manager, "/exports", {"text": "", "search_id": ""}).status_code == 303
    sent(manager, "/exports", {"text": " 王 ", "search_id": "q1"})
    assert customers.acts == [
        ("POST exports", {}),
        ("POST exports", {"text": "王", "conditions": [{"field": "grade"}]}),
    ]
    assert sent(manager, "/exports", {"search_id": "q9"}).status_code == 404
    customers.answers["POST exports"] = (422, {"detail": "名单超过了 20000 行"})
    assert "名单超过了 20000 行" in sent(manager, "/exports", {}).text


def test_an_export_is_watched(manager: FlaskClient, customers: Told) -> None:
    """While one is being written the list says so, and is fetched alone."""
    running = _EXPORT | {"state": "running", "rows": None}
    customers.answers["exports"] = (200, {"items": [running], "next_after": None})
    assert "about=x1" in manager.get("/exports").text
    part = manager.get("/exports/now").text
    assert "data-active" in part and "9 行" in part and "<html" not in part and "customers.xlsx" not in part


def test_headquarters_says_what_a_role_may(customers_room: TeamRoom, customers: Told) -> None:
    """Every role is shown; what the form says goes on in the version it shows, and what is refused comes back."""
    hq = customers_room.as_("headquarters")
    assert "不可以导出" in hq.get("/exports/rights").text
    assert 'value="demand.budget" checked' in hq.get("/exports/rights/manager").text
    form = {"allowed": "yes", "scope": "team", "whole_phones": "no", "most_rows": "500", "field": ["code", "name"]}
    assert sent(hq, "/exports/rights/manager", form | {"version": "2"}).status_code == 303
    said = {"allowed": True, "scope": "team", "fields": ["code", "name"], "whole_phones": False, "most_rows": 500}
    assert customers.acts == [("PATCH export-rights/manager", said)]
    assert customers.headers[0]["If-Match"] == '"2"'
    customers.answers["PATCH export-rights/manager"] = (422, {"detail": "至少选一个字段"})
    again = sent(hq, "/exports/rights/manager", form | {"field": []})
    assert again.status_code == 422 and "至少选一个字段" in again.text and 'value="500"' in again.text


def test_away_is_said(manager: FlaskClient, customers: Told) -> None:
    """With customers down the page stands and says so."""
    customers.down = True
    assert manager.get("/exports").text.count("客户服务暂时无法连接") == 2
