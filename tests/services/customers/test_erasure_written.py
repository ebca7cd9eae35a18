"""Somebody is erased however they are written: in titles, refused rows, answers that are kept, and saved questions."""

from io import BytesIO
from typing import Any

import openpyxl
import pytest

from chassis.database import Database
from services.customers.app import SERVICE
from services.customers.spreadsheets.tables import import_rows
from tests.services.asking import Ask, asking, code_of
from tests.services.customers.erasing import BASE, KEEPER, after_the_jobs, erase, sent
from tests.services.customers.house import LI, furnished, upload
from tests.services.grep import where_they_stand
from tests.services.synthetic import rows_of

HER = {"name": "欧兰", "phone": "13900139000"}
OTHERS = [["上官飞", "13700137000", "D", "麻"], ["欧小兰", "13711137000", "D", "棉"]]
WRITTEN = {
    "another space": ["欧　兰", "1.39E+10", "A", "云锦"],
    "a space": ["欧 兰", "", "D", "云锦"],
    "hyphens": ["无名", "139-0013-9000", "D", "云锦"],
    "another width": ["无名", "１３９００１３９０００", "D", "云锦"],
    "in passing": ["无名", "", "D", "云锦，欧·兰介绍"],
}


@pytest.fixture
def her(quick_ask: Ask) -> Any:
    return sent(quick_ask, LI, "POST", "", 201, json=HER)


def sheet(*rows: list[str], titles: str = "姓名,电话,等级,料子") -> bytes:
    return "\n".join([titles, *(",".join(row) for row in rows), ""]).encode()


def taken_in(ask: Ask, database: Database, content: bytes, columns: list[str | None]) -> str:
    """The path of an import whose columns somebody named."""
    held = upload(ask, content, KEEPER, "sheet.csv", "?hold=true").get_json()
    path = f"/imports/{held['import_id']}"
    sent(ask, KEEPER, "PUT", f"{path}/columns", json={"fields": columns})
    sent(ask, KEEPER, "POST", f"{path}/begin", 202)
    after_the_jobs(database)
    return path


def refused(ask: Ask, path: str) -> list[list[Any]]:
    """The rows of the workbook of what did not come in, its titles first."""
    answer = ask(KEEPER, "GET", f"{BASE}{path}/refused.xlsx")
    return [list(row) for row in openpyxl.load_workbook(BytesIO(answer.data)).active.iter_rows(values_only=True)]


@pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
def test_titles_that_are_a_row_are_forgotten(kind: str, request: pytest.FixtureRequest) -> None:
    """A sheet without a header has her row as titles: nothing of it is shown any more, nor said as a reason."""
    database = furnished(request.getfixturevalue(kind))
    ask = asking(SERVICE, database)
    her = sent(ask, LI, "POST", "", 201, json=HER | {"name": "欧阳兰"})
    rows = [["上官飞", "139", "麻"], ["司马风", "13700137000", "棉"]]
    path = taken_in(ask, database, sheet(*rows, titles="欧阳兰,13900139000,丝绸"), ["name", "phone", None])
    assert refused(ask, path)[0][:3] == ["欧阳兰", "13900139000", "丝绸"]
    erase(ask, her["customer_id"], her["code"])
    after_the_jobs(database)
    shown = sent(ask, KEEPER, "GET", path)
    assert [(one["title"], one["field"]) for one in shown["columns"]] == [("", "name"), ("", "phone"), ("", None)]
    (_titles, (*cells, reason)) = refused(ask, path)
    assert (cells, reason == shown["rows"][0]["reason_text"]) == (["上官飞", "139", "麻"], True)
    assert where_they_stand(database, ["欧阳兰", "13900139000", "丝绸"]) == []
    database.close()


def test_usual_titles_stay(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """Of titles among which one names her the usual ones stay; a sheet that does not name her keeps all of its."""
    columns: list[str | None] = ["name", "phone", "grade", None]
    path = taken_in(quick_ask, quick_database, sheet(*OTHERS, titles="姓名,电话,等级,欧兰介绍的"), columns)
    other = taken_in(quick_ask, quick_database, sheet(OTHERS[0]), columns)
    erase(quick_ask, her["customer_id"], her["code"])
    assert refused(quick_ask, path)[0][:4] == ["姓名", "电话", "等级", None]
    assert refused(quick_ask, other)[0][:4] == ["姓名", "电话", "等级", "料子"]
    assert sent(quick_ask, KEEPER, "GET", path)["rows"][0]["reason_text"].startswith("等级: ")


@pytest.mark.parametrize("way", WRITTEN)
def test_a_refused_row_is_forgotten_however_it_names_her(
    quick_ask: Ask, quick_database: Database, her: Any, way: str
) -> None:
    """The whole row goes, not the cell alone; that it was refused, and why, stays, and so do the rows of others."""
    path = taken_in(quick_ask, quick_database, sheet(WRITTEN[way], *OTHERS), ["name", "phone", "grade", None])
    assert len(refused(quick_ask, path)) == 4
    erase(quick_ask, her["customer_id"], her["code"])
    _titles, hers, *others = refused(quick_ask, path)
    assert hers[:4] == [None] * 4 and hers[4]
    assert [row[:4] for row in others] == OTHERS
    assert where_they_stand(quick_database, ["云锦"]) == []


def test_a_row_that_has_her_code_alone_is_hers(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """The code of the fact that stays leads to no word: neither in the row nor in the answers that showed it."""
    row = [her["code"].lower(), "", "D", "云锦"]
    content = sheet(row, *OTHERS, titles="编号,姓名,等级,料子")
    key = {"Idempotency-Key": "handed in"}
    held = quick_ask(
        KEEPER,
        "POST",
        f"{BASE}/imports?hold=true",
        data={"file": (BytesIO(content), "sheet.csv")},
        content_type="multipart/form-data",
        headers=key,
    ).get_json()
    sent(quick_ask, KEEPER, "POST", f"/imports/{held['import_id']}/trial", 202)
    after_the_jobs(quick_database)
    erase(quick_ask, her["customer_id"], her["code"])
    assert [row[-1] is None for row in rows_of(quick_database, import_rows)] == [True, False, False]
    assert where_they_stand(quick_database, ["云锦"]) == []


def test_answers_that_tell_of_her_are_forgotten(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """An answer in which she stands as nobody types her is not given again; nor is one that shows rows of a sheet."""
    question = {"text": None, "conditions": [], "sort": "code", "descending": False}
    saved = {name: {"name": name, "question": question} for name in ("欧　兰的\n客户", "王的客户")}
    for name, body in saved.items():
        key = {"Idempotency-Key": str(len(name))}
        sent(quick_ask, LI, "POST", "/searches", 201, json=body, headers=key)
    erase(quick_ask, her["customer_id"], her["code"])
    first, other = (
        quick_ask(LI, "POST", f"{BASE}/searches", json=body, headers={"Idempotency-Key": str(len(name))})
        for name, body in saved.items()
    )
    assert code_of(first) == "answer_forgotten"
    assert (other.status_code, other.headers["Idempotent-Replayed"]) == (201, "true")


def test_saved_questions_are_compared_in_plain_form(quick_ask: Ask, quick_database: Database) -> None:
    """Those that ask for her in other spaces, widths and case go; one for a surname or a part of a word stays."""
    her = sent(quick_ask, LI, "POST", "", 201, json={"name": "Li Na 李娜", "phone": HER["phone"]})
    shared = sent(quick_ask, LI, "POST", "", 201, json={"name": "王", "phone": "13700137000"})
    question = {"text": None, "conditions": [], "sort": "code", "descending": False}
    asked = ["ＬＩ　ｎａ", "李·娜", "１３９-0013 9000", "Carolina", "李", "王", "王先生"]
    for text in asked:
        sent(quick_ask, LI, "POST", "/searches", 201, json={"name": text[::-1], "question": question | {"text": text}})
    for one in (her, shared):
        erase(quick_ask, one["customer_id"], one["code"])
    left = {one["question"]["text"] for one in sent(quick_ask, LI, "GET", "/searches")["items"]}
    assert left == {"Carolina", "李", "王", "王先生"}
