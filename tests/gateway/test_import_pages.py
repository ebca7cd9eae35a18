"""Sheets coming in, without a browser: what is refused, what the columns are read as, and what shows of the rows."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.gateway.told import TeamRoom, Told, sent

_ROW = {"row_number": 3, "fate": "new_customer", "code": None, "customer_id": None, "like_row": None, "warnings": []}
_IMPORT: dict[str, Any] = {
    "import_id": "i1",
    "branch_id": "east",
    "file_name": "三月<b>.xlsx",
    "state": "tried",
    "requested_by": "somebody",
    "requested_at": "2026-03-02T01:00:00+00:00",
    "progress": {"done": 3, "of": 3},
    "counts": {"new_customer": 1, "known_customer": 1, "no_customer": 0, "refused": 1, "seen_before": 0},
    "columns": [
        {"title": "称呼", "field": None, "samples": ["王小明"]},
        {"title": "电话", "field": "phone", "samples": ["13800138000"]},
    ],
    "offered": [{"name": "name", "title": "姓名"}, {"name": "phone", "title": "电话"}],
    "rows": [
        _ROW | {"reason_text": None},
        _ROW | {"row_number": 4, "fate": "known_customer", "like_row": 3, "reason_text": None},
        _ROW | {"row_number": 5, "fate": "refused", "reason_text": "电话：号码已经丢失"},
    ],
    "next_after": "further",
}


@pytest.fixture
def customers(customers_room: TeamRoom) -> Told:
    told = customers_room.forget()
    told.answers = {"imports/i1": (200, _IMPORT), "POST imports": (202, _IMPORT)}
    return told


@pytest.fixture
def clerk(customers_room: TeamRoom, customers: Told) -> FlaskClient:
    return customers_room.as_("sales_administrator")


def _handed_in(client: FlaskClient, content: bytes, **more: str) -> Any:
    form: dict[str, Any] = {"file": (BytesIO(content), "三月.xlsx")} | more
    return sent(client, "/imports", form, content_type="multipart/form-data")


def test_a_sheet_is_held_until_it_was_looked_at(clerk: FlaskClient, customers: Told) -> None:
    """Larger than any other form it goes on whole, is only read, and leads to its page."""
    answer = _handed_in(clerk, b"x" * 2_000_000)
    assert (answer.status_code, answer.location) == (303, "/imports/i1")
    ((path, body),) = customers.acts
    assert path == "POST imports" and body.count(b"x") >= 2_000_000 and customers.queries["imports"] == "hold=true"


def test_what_is_no_sheet_is_said_on_the_form(clerk: FlaskClient, customers: Told) -> None:
    """Nothing, too much, and what customers cannot read: each is answered where the file was chosen."""
    assert "请选择一个有内容的文件" in _handed_in(clerk, b"").text
    large = _handed_in(clerk, b"x" * 10_000_001)
    assert large.status_code == 413 and "超过 10 MB" in large.text and customers.acts == []
    customers.answers["POST imports"] = (422, {"detail": "这个工作簿有打开密码"})
    locked = _handed_in(clerk, b"x")
    assert locked.status_code == 422 and "这个工作簿有打开密码" in locked.text and 'type="file"' in locked.text


def test_what_was_handed_in_is_listed(clerk: FlaskClient, customers: Told) -> None:
    """Each with its name, state and counts, and the way to it and to earlier ones; or that the list is away."""
    others = [_IMPORT | {"import_id": "i2", "file_name": "", "state": "running"}]
    customers.answers["imports"] = 200, {"items": [_IMPORT, *others], "next_after": "further"}
    page = clerk.get("/imports?after=here").text
    assert customers.queries["imports"] == "limit=20&after=here"
    for shown in ("三月&lt;b&gt;.xlsx", "试导入完成", "新客户 1 · 已有客户 1 · 不能导入 1", "/imports?after=further"):
        assert shown in page
    assert 'href="/imports/i2">未命名的文件' in page and "正在导入" in page
    customers.answers["imports"] = 200, {"items": [], "next_after": None}
    assert "还没有上传过文件" in clerk.get("/imports").text
    customers.away.add("imports")
    away = clerk.get("/imports").text
    assert "暂时" in away and 'type="file"' in away


def test_much_too_large_is_refused_unread(clerk: FlaskClient) -> None:
    """A form of more than fifty megabytes is refused by its length, with a page that says so."""
    length = {"CONTENT_LENGTH": "50000001"}
    answer = clerk.post("/imports", content_type="multipart/form-data", environ_overrides=length)
    assert answer.status_code == 413 and "请减小后再试" in answer.text


def test_headquarters_says_into_which_branch(customers_room: TeamRoom, customers: Told) -> None:
    """Who belongs to no branch chooses one."""
    hq = customers_room.as_("headquarters")
    assert 'name="branch_id" required' in hq.get("/imports").text
    assert _handed_in(hq, b"x", branch_id="b1").status_code == 303
    assert customers.queries["imports"] == "hold=true&branch_id=b1"


def test_every_row_shows_its_fate(clerk: FlaskClient, customers: Told) -> None:
    """After the trial: how many of each fate and the way to those alone, whose each row is, why one is refused, the
    refused ones as a workbook, and the way on.
    """
    page = clerk.get("/imports/i1?fate=refused&after=here").text
    assert customers.queries["imports/i1"] == "limit=50&after=here&fate=refused"
    for shown in ("三月&lt;b&gt;.xlsx", "正式导入 2 行", "第 5 行", "与第 3 行是同一位客户", "号码已经丢失"):
        assert shown in page
    assert 'href="/imports/i1?fate=known_customer#rows"' in page and "fate=no_customer" not in page
    assert "/api/v1/customers/imports/i1/refused.xlsx" in page and "after=further" in page
    assert "fate" not in _query_of(clerk, customers, "/imports/i1?fate=strange")


def _query_of(client: FlaskClient, customers: Told, path: str) -> str:
    client.get(path)
    return customers.queries["imports/i1"]


def test_columns_are_said_before_the_trial(clerk: FlaskClient, customers: Told) -> None:
    """What was chosen goes on by place; what is wrong with it is said, and the choice stays."""
    assert sent(clerk, "/imports/i1/trial", {"field": ["name", ""]}).status_code == 303
    assert customers.acts == [
        ("PUT imports/i1/columns", {"fields": ["name", None]}),
        ("POST imports/i1/trial", None),
    ]
    customers.answers["PUT imports/i1/columns"] = (422, {"detail": "没有姓名列"})
    again = sent(clerk, "/imports/i1/trial", {"field": ["", "name"]})
    assert again.status_code == 422 and "没有姓名列" in again.text
    assert '<option value="name" selected>' in again.text and '<option value="phone" selected>' not in again.text


def test_a_begun_import_is_watched(clerk: FlaskClient, customers: Told) -> None:
    """It begins by a button; while it runs the part that changes says so, and there is nothing to change any more."""
    assert sent(clerk, "/imports/i1/begin", {}).status_code == 303
    assert customers.acts == [("POST imports/i1/begin", None)]
    customers.answers["imports/i1"] = (200, _IMPORT | {"state": "running", "progress": {"done": 2, "of": 3}})
    page = clerk.get("/imports/i1?fate=new_customer").text
    assert 'data-stream="/api/v1/events/stream?about=i1"' in page and 'action="/imports/i1/trial"' not in page
    assert 'data-url="/imports/i1/now?fate=new_customer"' in page
    part = clerk.get("/imports/i1/now").text
    assert "data-active" in part and 'value="2"' in part and "<html" not in part and "/begin" not in part


def test_a_forgotten_sheet_says_so(clerk: FlaskClient, customers: Told) -> None:
    """A sheet that is no longer kept is to be handed in again: there is nothing to try, to begin or to wait for."""
    customers.answers["imports/i1"] = (200, _IMPORT | {"state": "forgotten"})
    page = clerk.get("/imports/i1").text
    assert "文件已清除" in page and "请重新上传" in page
    assert "data-active" not in page and "/trial" not in page and "/begin" not in page


def test_an_import_may_be_unknown_or_away(clerk: FlaskClient, customers: Told) -> None:
    """Out of reach it is not found; with customers down the page says so."""
    customers.answers["imports/i1"] = (404, {"detail": "没有找到这次导入"})
    assert clerk.get("/imports/i1").status_code == 404 and "没有找到这次导入" in clerk.get("/imports/i1/now").text
    customers.down = True
    assert "客户服务暂时无法连接" in clerk.get("/imports/i1").text
