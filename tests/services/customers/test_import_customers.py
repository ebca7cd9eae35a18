"""Sheets of customers coming in: what the columns mean, a trial, duplicates, and rows that come back."""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from chassis.database import Database, Transaction
from chassis.identity import system
from chassis.jobs import JobLoop
from chassis.ledger import verify
from services.customers.app import SERVICE
from services.customers.files.registering import Opening, register
from services.customers.files.tables import customers
from services.customers.register.tables import register as registrations
from services.customers.spreadsheets import actions, taking_in
from services.customers.spreadsheets.fates import Known
from services.customers.spreadsheets.rules import MOST_ROWS, Row
from services.customers.spreadsheets.tables import import_rows, imports
from tests.services import synthetic as say
from tests.services.asking import Ask, code_of
from tests.services.customers.house import ADMIN, HEADQUARTERS, LI, announced, furnished, imported, person, upload
from tests.services.synthetic import EAST, NOW, WEST, deliver, named

TITLES = "客户姓名 联系电话（必填） 等级 公司 预算 重点客户 业务员 幸运色".split()
ROWS: list[list[Any]] = [
    ["王小明", "138 0013 8000", "A级", "东方贸易", "200万", "是", "li", "红"],
    ["李美丽", 13900139000.0, "b", None, None, "否", None, None],
    ["王小明", "１３８００１３８０００", None, None, None, None, "li", None],
    ["王先生", "+86 137-0013-7000", None, None, None, None, "nobody", None],
    ["陈大文", "1.38E+10", None, None, None, None, None, None],
    [None, "13600136000", None, None, None, None, None, None],
    ["赵一", "13500135000", "D", None, None, None, None, None],
    ["王明", "138-0013-8000", None, None, None, None, None, None],
    ["=1+1", "13400134000", None, "@SUM(A1)", None, None, None, None],
]
FATES = ["new_customer", "new_customer", "known_customer", "new_customer", "refused", "refused", "refused"]
FATES += ["known_customer", "new_customer"]


def workbook(rows: Sequence[Sequence[Any]], titles: Sequence[str] = TITLES) -> bytes:
    """As a spreadsheet program writes it."""
    book, made = openpyxl.Workbook(), BytesIO()
    for row in [titles, *rows]:
        book.active.append(row)
    for row in book.active.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                cell.data_type = "s"
    book.save(made)
    return made.getvalue()


def held(ask: Ask, content: bytes) -> Any:
    answer = upload(ask, content, query="?hold=true")
    assert answer.status_code == 202, answer.get_json()
    return answer.get_json()


def after(ask: Ask, database: Database, path: str) -> Any:
    """The import after its job was done."""
    assert ask(ADMIN, "POST", path).status_code == 202
    JobLoop(database, SERVICE.jobs).run_due()
    return ask(ADMIN, "GET", path.rpartition("/")[0]).get_json()


def files(database: Database) -> dict[str, Any]:
    """Those who stand, by code."""
    with database.read() as tx:
        active = tx.execute(select(customers).where(customers.c.active)).mappings()
        return {row["code"]: dict(row) for row in active}


def test_a_sheet_is_read_tried_and_taken_in(ask: Ask, database: Database) -> None:
    """The columns are guessed, the trial says what then happens and writes nothing, and the files say what rows say."""
    taken = held(ask, workbook(ROWS))
    path = f"/api/v1/customers/imports/{taken['import_id']}"
    assert (taken["state"], taken["progress"]) == ("held", {"done": 0, "of": 9})
    guesses = [column["field"] for column in taken["columns"]]
    assert guesses == ["name", "phone", "grade", "company", "demand.budget", "key_account", "salesperson", None]
    assert taken["columns"][1]["samples"] == ["138 0013 8000", "13900139000", "１３８００１３８０００"]
    tried = after(ask, database, f"{path}/trial")
    assert (tried["state"], [row["fate"] for row in tried["rows"]]) == ("tried", FATES)
    assert [row["like_row"] for row in tried["rows"]] == [None, None, 2, None, None, None, None, 2, None]
    assert files(database) == {}
    done = after(ask, database, f"{path}/begin")
    assert done["state"] == "done"
    for was, became in zip(tried["rows"], done["rows"], strict=True):
        assert became | {"code": None, "customer_id": None} == was | {"code": None, "customer_id": None}
    assert [row["code"] for row in done["rows"]] == ["A001", "A002", "A001", "A003", None, None, None, "A001", "A004"]
    wang, formula = files(database)["A001"], files(database)["A004"]
    assert (wang["name"], wang["phone"], wang["grade"], wang["owner_id"]) == (
        "王小明",
        "+8613800138000",
        "A",
        named("li"),
    )
    assert (wang["company"], wang["demand"], wang["key_account"]) == ("东方贸易", {"budget": "200万"}, True)
    assert (formula["name"], formula["company"]) == ("=1+1", "@SUM(A1)")
    assert [warning["code"] for warning in done["rows"][3]["warnings"]] == ["name_not_full", "salesperson_unknown"]
    found = ask(ADMIN, "POST", "/api/v1/customers/search", json={"text": "dfmy"})  # 东方贸易
    assert [row["code"] for row in found.get_json()["items"]] == ["A001"]
    with database.read() as tx:
        assert verify(tx) == []
        assert len(tx.execute(select(registrations)).all()) == 5  # 王明 is one more; a row said twice is none


def test_known_customers_are_named_by_their_code(quick_ask: Ask, quick_database: Database) -> None:
    """A trial of somebody registered says whose duplicate a row is; taken in, it adds no customer."""
    imported(quick_ask, quick_database, workbook(ROWS[:1]))
    taken = held(quick_ask, workbook([["王明", "13800138000"], ["王小明", "13700008000"]]))
    path = f"/api/v1/customers/imports/{taken['import_id']}"
    for step in ("trial", "begin"):
        report = after(quick_ask, quick_database, f"{path}/{step}")
        assert [(row["fate"], row["code"]) for row in report["rows"]] == [("known_customer", "A001")] * 2
    assert list(files(quick_database)) == ["A001"]


def test_refused_rows_come_back_and_corrected_ones_come_in(ask: Ask, database: Database) -> None:
    """The workbook of refused rows has their cells and the reason; corrected, only what was missing is added."""
    report = imported(ask, database, workbook(ROWS))
    path = f"/api/v1/customers/imports/{report['import_id']}"
    answer = ask(ADMIN, "GET", f"{path}/refused.xlsx", headers={"Accept-Language": "zh"})
    book = openpyxl.load_workbook(BytesIO(answer.get_data()))
    titles, *rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert titles == [*TITLES, "未导入的原因"]
    assert [row[:2] for row in rows] == [["陈大文", "1.38E+10"], [None, "13600136000"], ["赵一", "13500135000"]]
    assert "联系电话" in rows[0][-1] and "1.38E+10" in rows[0][-1]
    assert all(row[-1] for row in rows)
    rows[0][1], rows[1][0], rows[2][2] = "13812345678", "周通", "C"
    again = imported(ask, database, workbook([*ROWS[:4], *rows], titles))
    assert [row["fate"] for row in again["rows"]] == ["known_customer"] * 4 + ["new_customer"] * 3
    assert len(files(database)) == 7
    with database.read() as tx:
        assert len(tx.execute(select(registrations)).all()) == 8


def test_the_same_sheet_of_customers_twice_adds_nothing(quick_ask: Ask, quick_database: Database) -> None:
    """All that came in is seen before; what was refused is refused again."""
    content = workbook(ROWS)  # a program that writes it again writes other bytes
    imported(quick_ask, quick_database, content)
    before = files(quick_database)
    report = imported(quick_ask, quick_database, content)
    again = {"new_customer": 0, "known_customer": 0, "no_customer": 0, "refused": 3, "seen_before": 6}
    assert (report["counts"], files(quick_database)) == (again, before)


def test_what_a_column_means_can_be_said(quick_ask: Ask, quick_database: Database) -> None:
    """A sheet whose titles say nothing is held, its columns are named by people, and then it comes in."""
    content = "kto;x\nWang Ming,13800138000\n".replace(";", ",").encode("utf-8-sig")
    assert code_of(upload(quick_ask, content)) == "header_missing"
    taken = held(quick_ask, content)
    path = f"/api/v1/customers/imports/{taken['import_id']}"
    assert code_of(quick_ask(ADMIN, "POST", f"{path}/begin")) == "name_not_mapped"
    said = quick_ask(ADMIN, "PUT", f"{path}/columns", json={"fields": ["name", "phone"]})
    assert [column["field"] for column in said.get_json()["columns"]] == ["name", "phone"]
    assert after(quick_ask, quick_database, f"{path}/begin")["counts"]["new_customer"] == 1
    assert files(quick_database)["A001"]["phone"] == "+8613800138000"


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        (["name", "name"], "field_twice"),
        (["name", "weather"], "field_not_offered"),
        (["name", *[None] * 20], "field_not_offered"),
        ([None, "phone"], "name_not_mapped"),
    ],
)
def test_columns_that_cannot_be_so_are_refused(quick_ask: Ask, fields: list[str | None], code: str) -> None:
    """Nothing twice, nothing that is not offered, and never without a name."""
    path = f"/api/v1/customers/imports/{held(quick_ask, workbook(ROWS))['import_id']}/columns"
    answer = quick_ask(ADMIN, "PUT", path, json={"fields": fields})
    assert (answer.status_code, code_of(answer)) == (422, code)


def test_what_has_begun_is_not_changed(quick_ask: Ask, quick_database: Database) -> None:
    """An import under way or done is neither tried, nor begun again, nor read in another way."""
    path = f"/api/v1/customers/imports/{imported(quick_ask, quick_database, workbook(ROWS))['import_id']}"
    answers = [quick_ask(ADMIN, "POST", f"{path}/{what}") for what in ("trial", "begin")]
    answers.append(quick_ask(ADMIN, "PUT", f"{path}/columns", json={"fields": ["name"]}))
    assert [(answer.status_code, code_of(answer)) for answer in answers] == [(409, "import_begun")] * 3


def test_what_nobody_comes_for_is_forgotten(quick_ask: Ask, quick_database: Database) -> None:
    """After a month a held file and the cells of refused rows are gone; who begins it then is told."""
    imported(quick_ask, quick_database, workbook(ROWS))
    path = f"/api/v1/customers/imports/{held(quick_ask, workbook(ROWS[:1]))['import_id']}"
    with quick_database.write() as tx:
        tx.execute(imports.update().values(requested_at=NOW - timedelta(days=31)))
    with quick_database.write() as tx:
        assert actions.forget_old(tx, system("customers", None)) == 1
        assert set(tx.execute(select(imports.c.content)).scalars()) == {None}
        assert set(tx.execute(select(import_rows.c.cells)).scalars()) == {None}
    assert code_of(quick_ask(ADMIN, "POST", f"{path}/begin")) == "file_forgotten"


def test_held_imports_are_for_their_branch_and_for_those_who_may(quick_ask: Ask) -> None:
    """A salesperson may not; another branch finds nothing under any of the routes; headquarters does."""
    path = f"/api/v1/customers/imports/{held(quick_ask, workbook(ROWS))['import_id']}"
    west = person("west", "branch", WEST, "customers.import")
    ways: list[tuple[str, str, Any]] = [("GET", "", None), ("GET", "/refused.xlsx", None), ("POST", "/trial", None)]
    ways += [("POST", "/begin", None), ("PUT", "/columns", {"fields": ["name"]})]
    for method, end, body in ways:
        given = {} if body is None else {"json": body}
        assert quick_ask(LI, method, path + end, **given).status_code == 403
        assert code_of(quick_ask(west, method, path + end, **given)) == "unknown_import"
        assert quick_ask(HEADQUARTERS, method, path + end, **given).status_code in (200, 202, 409)


def test_how_far_it_is_is_announced(quick_ask: Ask, quick_database: Database) -> None:
    """Each lot of rows is one word about the import, for who watches it: trial and run, in their order."""
    import_id = held(quick_ask, workbook(ROWS))["import_id"]
    for step in ("trial", "begin"):
        after(quick_ask, quick_database, f"/api/v1/customers/imports/{import_id}/{step}")
    told = announced(quick_database, "import.progressed.v1")
    assert [(event.sequence, event.data["state"], event.data["done"]) for event in told] == [
        (1, "trying", 9),
        (2, "running", 9),
    ]
    assert {event.subject for event in told} == {f"import/{import_id}"}


def test_codes_phones_and_names_that_disagree(quick_ask: Ask, quick_database: Database) -> None:
    """A code decides whose a row is; a phone of somebody else refuses it, a missing one is added, another stays."""
    titles = ["编号", "姓名", "电话"]
    imported(quick_ask, quick_database, workbook([["A001", "王小明", None], ["A002", "李四光", "13900139000"]], titles))
    rows = [["A001", "王小明", "13900139000"], ["A001", "王小明", "13800138000"], ["A002", "李四光", "13700137000"]]
    rows += [["A009", "李四光", "13900139000"], ["A001", "别人", None], [None, "王小明", None]]
    report = imported(quick_ask, quick_database, workbook(rows, titles))
    assert [(row["fate"], row["reason"]) for row in report["rows"]] == [
        ("refused", "phone_of_another"),
        ("known_customer", None),
        ("known_customer", None),
        ("known_customer", None),
        ("refused", "code_taken"),
        ("known_customer", None),
    ]
    told = [[warning["code"] for warning in row["warnings"]] for row in report["rows"]]
    assert told == [[], [], ["phone_differs"], ["code_differs"], [], ["known_by_name"]]
    assert [file["phone"] for file in files(quick_database).values()] == ["+8613800138000", "+8613900139000"]


class _Undone(Exception):
    """So that an example leaves nothing behind."""


_NAMES = some.sampled_from(["王小明", "李四光", "王先生", "欧阳", "王小明 "])
_PHONES = some.sampled_from([None, "+8613800138000", "+8613700008000", "+8613900139000", "+8613600139000"])
_ROW = some.tuples(
    some.sampled_from([None, None, "A001", "A007", "Z1"]), _NAMES, _PHONES, some.sampled_from([None, "ada"])
)


@pytest.fixture(scope="module")
def two_branches(tmp_path_factory: pytest.TempPathFactory) -> Any:
    database = furnished(f"sqlite:///{tmp_path_factory.mktemp('two')}/customers.db")
    adas = [say.staff("ada-east", 1, name="ada"), say.staff("ada-west", 1, name="ada", branch_id=WEST)]
    deliver(database, SERVICE.consumers, adas)
    yield database
    database.close()


def _told(tx: Transaction, branch: str) -> Any:
    """Files and register without the ids that were made."""
    found = tx.execute(select(customers).where(customers.c.branch_id == branch)).mappings().all()
    codes = {row["customer_id"]: (row["code"], row["active"]) for row in found}
    whose = {named("ada-east"): "ada", named("ada-west"): "ada", None: None}
    stand = [
        (row["code"], row["name"], row["phone"], whose[row["owner_id"]], row["active"], codes.get(row["merged_into"]))
        for row in found
    ]
    entered = tx.execute(select(registrations).where(registrations.c.branch_id == branch)).mappings().all()
    lines = [(row["origin_key"], row["name"], row["phone"], codes[row["customer_id"]]) for row in entered]
    return sorted(stand, key=repr), sorted(lines, key=repr)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(said=some.lists(_ROW, min_size=1, max_size=9))
def test_together_is_as_one_by_one(two_branches: Database, said: list[Any]) -> None:
    """What a lot of rows leaves in register and files is what each row alone, registered after the other, leaves."""
    rows = [
        Row(number, code, name.strip(), phone, salesperson=whose)
        for number, (code, name, phone, whose) in enumerate(said, 1)
    ]
    greatest = max((int(row.code[1:]) for row in rows if row.code and row.code.startswith("A")), default=0)
    with pytest.raises(_Undone), two_branches.write() as tx:
        at = {}
        for branch in (EAST, WEST):
            sheet = actions.Upload("x", b"", "0" * 64, len(rows), ["姓名"], ["name"], [])
            import_id = actions.request_import(tx, system("customers", branch), sheet, branch, hold=True)
            at[branch] = taking_in.Importing(import_id, branch, "0" * 64, len(rows), greatest)
        taking_in.import_some(tx, system("customers", EAST), at[EAST], rows, len(rows))
        alone, west = [], system("customers", WEST)
        taking_in.codes.lock_branch(tx, west, WEST)
        taking_in.codes.take_code(tx, west, WEST, f"A{greatest:03}")
        for row in rows:
            (step,) = taking_in.steps_of(tx, west, at[WEST], [row], Known())
            if step.entry:
                register(tx, west, step.entry, Opening(row.code))
            alone.append((step.row.number, step.fate.value, step.refusal.code if step.refusal else None))
        fates = select(import_rows.c.row_number, import_rows.c.fate, import_rows.c.reason)
        assert [tuple(row) for row in tx.execute(fates.order_by(import_rows.c.row_number))] == alone
        assert _told(tx, EAST) == _told(tx, WEST)
        raise _Undone


def test_days_of_a_sheet_of_one_year(quick_ask: Ask, quick_database: Database) -> None:
    """5月1日 is read in a sheet whose title names one year; without one it says nothing, and is no guess."""
    head, row = ["编号,姓名,跟进日期"], ["A001,王小明,5月1日"]
    for title, day in (("2020年客户跟进记录", date(2020, 5, 1)), ("2019—2020", None)):
        imported(quick_ask, quick_database, "\n".join([title, *head, *row]).encode("gb18030"))
        told = announced(quick_database, "sheet_row.imported.v1")[-1].data["followup_date"]
        assert told == (day and day.isoformat())


def test_a_sheet_of_a_million_rows_is_refused(quick_ask: Ask) -> None:
    """However small it packs, a text or workbook of more rows than are read is told so."""
    answer = upload(quick_ask, b"\xe5\xa7\x93\xe5\x90\x8d,\xe7\x94\xb5\xe8\xaf\x9d\n" + b"a,\n" * (MOST_ROWS + 1))
    assert (answer.status_code, code_of(answer)) == (413, "sheet_too_large")


def test_an_old_workbook_is_told_what_to_do(quick_ask: Ask) -> None:
    """.xls is not read: save it as .xlsx."""
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le") + bytes(600)
    answer = upload(quick_ask, old)
    assert (answer.status_code, code_of(answer)) == (422, "old_workbook")
    assert ".xlsx" in answer.get_json()["detail"]
