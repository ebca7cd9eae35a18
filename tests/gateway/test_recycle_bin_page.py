"""The pages of the recycle bin without a browser: what they ask of customers, and what they show of the answers."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from chassis.database import Database
from chassis.web import IdentitySigner
from gateway.office import Options
from gateway.routing.table import Routes
from tests.gateway.company import PASSWORD
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock
from tests.gateway.test_customer_pages import FILE
from tests.gateway.told import Told, sent

_CUSTOMERS = "/api/v1/customers"
_BIN, _PAGE = f"{_CUSTOMERS}/recycle-bin", "/office/recycle-bin"
_AT = "2026-03-02T01:00:00+00:00"
_GONE = {
    "customer_id": "c1",
    "branch_id": "east",
    "code": "A007",
    "name": "王<b>",
    "deleted_at": _AT,
    "deleted_by": None,
    "reason": "重复录入",
    "purged_on": "2026-05-31",
}


@pytest.fixture
def customers() -> Told:
    told = Told()
    told.answers = {_BIN: (200, {"items": [_GONE], "next_after": "further"}), f"{_CUSTOMERS}/c1": (200, FILE)}
    for part in ("contacts", "tags", "relations", "register", "group", "amendments", "candidates", "owners"):
        told.answers[f"{_CUSTOMERS}/c1/{part}"] = 409, {"code": "in_recycle_bin"}
    return told


@pytest.fixture
def manager(database: Database, wall: WallClock, customers: Told) -> FlaskClient:
    door = Door(database, Routes({"customers": customers}), IdentitySigner(KEYS.private_pem), wall, Options())
    client = door.client()
    client.post("/sign-in", data={"username": "manager", "password": PASSWORD})
    return client


def test_who_was_deleted_is_listed(manager: FlaskClient, customers: Told) -> None:
    """Code, name, why, until when, with the way to restore and to purge and to the next page; or that it is away."""
    page = manager.get(_PAGE).text
    for shown in ("A007 王&lt;b&gt;", "重复录入", "2026-05-31", "c1/restore", "c1/purge", "after=further"):
        assert shown in page
    customers.down = True
    assert "暂时" in manager.get(_PAGE).text


def test_deleting_on_the_customers_page(manager: FlaskClient, customers: Told) -> None:
    """For a reason; what is refused is said in the form. One who is deleted is shown as such, and nothing to change."""
    assert "/customers/c1/delete" in manager.get("/customers/c1").text
    answer = sent(manager, "/customers/c1/delete", {"reason": " 重复录入 "})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/customers/c1?said=bin.deleted")
    assert customers.acts == [(f"POST {_CUSTOMERS}/c1/recycle-bin", {"reason": "重复录入"})]
    customers.answers[f"POST {_CUSTOMERS}/c1/recycle-bin"] = 422, {"detail": "请写明理由"}
    refused = sent(manager, "/customers/c1/delete", {"reason": ""})
    assert refused.status_code == 422 and "请写明理由" in refused.text
    customers.answers[f"{_CUSTOMERS}/c1"] = 200, FILE | {"deleted_at": _AT}
    page = manager.get("/customers/c1?said=bin.deleted").text
    assert "只有经理能看到" in page and page.count("恢复后可见") == 4
    assert "c1/delete" not in page and "c1/edit" not in page


def test_restoring_says_what_happened_meanwhile(manager: FlaskClient, customers: Told) -> None:
    """What is left to put right stands on the page; where nothing is, or it is refused, that."""
    path = f"POST {_BIN}/c1/restore"
    back: dict[str, Any] = FILE | {"notices": []}
    customers.answers[path] = 200, back
    assert sent(manager, f"{_PAGE}/c1/restore", {}).headers["Location"] == f"{_PAGE}?said=bin.restored"
    customers.answers[path] = 200, back | {"notices": [{"code": "owner_left", "text": "原业务员已不在本机构"}]}
    assert "原业务员已不在本机构" in sent(manager, f"{_PAGE}/c1/restore", {}).text
    customers.answers[path] = 409, {"detail": "不在回收站里"}
    refused = sent(manager, f"{_PAGE}/c1/restore", {})
    assert refused.status_code == 409 and "不在回收站里" in refused.text


def test_purging_asks_for_the_code(manager: FlaskClient, customers: Told) -> None:
    """Before anything is done; another code is refused in the form."""
    assert 'name="code"' in manager.get(f"{_PAGE}/c1/purge").text
    answer = sent(manager, f"{_PAGE}/c1/purge", {"code": " A007 "})
    assert answer.headers["Location"] == f"{_PAGE}?said=bin.purged"
    assert customers.acts == [(f"POST {_BIN}/c1/purge", {"code": "A007", "family_too": False})]
    customers.answers[f"POST {_BIN}/c1/purge"] = 422, {"detail": "编号不符"}
    assert "编号不符" in sent(manager, f"{_PAGE}/c1/purge", {"code": "A1"}).text


def test_purging_a_family_asks_whether_all_are_meant(manager: FlaskClient, customers: Told) -> None:
    """一.5: only where the customer stands for relatives too, and what is ticked is handed on."""
    assert "family_too" not in manager.get(f"{_PAGE}/c1/purge").text
    refused = {"code": "stands_for_relatives", "detail": "还代表亲属"}
    customers.answers[f"POST {_BIN}/c1/purge"] = 409, refused
    page = sent(manager, f"{_PAGE}/c1/purge", {"code": "A007"}).text
    assert "还代表亲属" in page and 'name="family_too"' in page
    sent(manager, f"{_PAGE}/c1/purge", {"code": "A007", "family_too": "1"})
    assert customers.acts[-1][1] == {"code": "A007", "family_too": True}
