"""Sheets coming in: every row has its fate, none is lost and none invented."""

from typing import Any

import pytest
from sqlalchemy import select

from chassis import jobs
from chassis.audit import audit_trail
from chassis.database import Database
from chassis.jobs import JobLoop
from chassis.ledger import verify
from services.customers.app import SERVICE
from services.customers.files.tables import customers
from services.customers.register.tables import register
from services.customers.spreadsheets.tables import imports, sheet_rows
from tests.chassis.sheets.packages import packed, parts
from tests.services import synthetic as say
from tests.services.asking import Ask, code_of
from tests.services.customers.house import (
    ADMIN,
    CSV,
    HEADQUARTERS,
    LI,
    SHEET,
    announced,
    imported,
    person,
    upload,
    visit,
)
from tests.services.synthetic import EAST, WEST, deliver, named, rows_of

HEADER = "编号,姓名,跟进日期,跟进结果,成交日期,业务员\n"
NOTHING = {"new_customer": 0, "known_customer": 0, "no_customer": 0, "refused": 0, "seen_before": 0}


def sheet(*lines: str) -> bytes:
    return (HEADER + "".join(f"{line}\n" for line in lines)).encode()


def fates(report: Any) -> list[str]:
    return [row["fate"] for row in report["rows"]]


def warnings(report: Any, number: int) -> list[str]:
    (row,) = [row for row in report["rows"] if row["row_number"] == number]
    return [warning["code"] for warning in row["warnings"]]


def test_the_source_sheet_comes_in_whole(ask: Ask, database: Database) -> None:
    """15 customers A001 to A015, 17 rows, the two without number, name and date under nobody; with warnings."""
    report = imported(ask, database, SHEET)
    assert report["state"] == "done"
    assert report["progress"] == {"done": 17, "of": 17}
    assert report["counts"] == NOTHING | {"new_customer": 15, "no_customer": 2}
    assert sorted(row[2] for row in rows_of(database, customers)) == [f"A{n:03}" for n in range(1, 16)]
    assert warnings(report, 5) == ["salesperson_unknown"]
    assert {"intent_missing", "result_missing", "deal_date_without_deal"} <= set(warnings(report, 17))  # A013
    assert {"code_missing", "name_missing", "followup_date_missing"} <= set(warnings(report, 20))
    assert {"code_missing", "salesperson_missing"} <= set(warnings(report, 21))
    assert all(warning["text"] for row in report["rows"] for warning in row["warnings"])
    with database.read() as tx:
        assert verify(tx) == []


def test_every_row_is_announced_as_it_stands(ask: Ask, database: Database) -> None:
    """17 facts with progress in per cent, the name of the salesperson as text, and ten distinct customers with 成交."""
    imported(ask, database, SHEET)
    facts = [event.data for event in announced(database, "sheet_row.imported.v1")]
    assert [fact["row_number"] for fact in facts] == list(range(5, 22))
    assert [fact["progress"] for fact in facts[:4]] == [45, 85, 65, 75]
    assert [fact["customer_id"] for fact in facts[-2:]] == [None, None]
    closed = {fact["customer_id"] for fact in facts if fact["result"] == "成交"}
    assert len(closed) == 10
    first = facts[0]
    assert (first["followup_date"], first["deal_date"], first["method"]) == ("2020-02-01", "2020-02-02", "现场跟进")
    assert (first["salesperson_id"], first["personal"]["salesperson_name"]) == (None, "业务员1")
    assert len(announced(database, "customer.registered.v1")) == 15
    assert len({event.subject for event in announced(database, "sheet_row.imported.v1")}) == 17


def test_the_same_file_twice_adds_nothing(ask: Ask, database: Database) -> None:
    """A second import of the same bytes finds every row seen before, and announces nothing."""
    imported(ask, database, SHEET)
    before = rows_of(database, customers), rows_of(database, register), rows_of(database, sheet_rows)
    report = imported(ask, database, SHEET)
    assert report["counts"] == NOTHING | {"seen_before": 17}
    assert (rows_of(database, customers), rows_of(database, register), rows_of(database, sheet_rows)) == before
    assert len(announced(database, "sheet_row.imported.v1")) == 17


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_comes_in_like_the_workbook(ask: Ask, database: Database, encoding: str) -> None:
    """The same sheet as text, in either encoding, brings the same customers and rows."""
    report = imported(ask, database, CSV.decode().encode(encoding))
    assert report["counts"] == NOTHING | {"new_customer": 15, "no_customer": 2}
    facts = [event.data for event in announced(database, "sheet_row.imported.v1")]
    assert (facts[0]["progress"], facts[0]["followup_date"], facts[-1]["customer_id"]) == (45, "2020-02-01", None)


def test_a_job_cut_off_is_taken_up_again(ask: Ask, database: Database) -> None:
    """Run once more after it was done in part or whole, the import adds nothing and keeps each row's fate."""
    import_id = upload(ask, SHEET).get_json()["import_id"]
    loop = JobLoop(database, SERVICE.jobs)
    with database.read() as tx:
        content = tx.execute(select(imports.c.content)).scalar_one()
    loop.run_due()
    with database.write() as tx:
        tx.execute(imports.update().values(content=content))
        jobs.enqueue(tx, "customers.import", {"import_id": import_id, "branch_id": EAST}, "again")
    loop.run_due()
    report = ask(ADMIN, "GET", f"/api/v1/customers/imports/{import_id}").get_json()
    assert report["counts"] == NOTHING | {"new_customer": 15, "no_customer": 2}
    assert len(announced(database, "sheet_row.imported.v1")) == 17


def test_a_code_with_the_same_name_is_that_customer(ask: Ask, database: Database) -> None:
    """Later follow-ups of a customer, in the same file or another, belong to the customer's file."""
    imported(ask, database, SHEET)
    report = imported(ask, database, sheet("A001,客户1,2020/5/1,,,", "a001,客户 1,2020/5/2,,,", "A001,,2020/5/3,,,"))
    assert fates(report) == ["known_customer"] * 3
    assert len({row["customer_id"] for row in report["rows"]}) == 1
    assert len(rows_of(database, register)) == 15


def test_a_code_of_another_name_is_refused(ask: Ask, database: Database) -> None:
    """The row is refused with the reason, in words, and nothing of it comes in; the others do."""
    imported(ask, database, SHEET)
    report = imported(ask, database, sheet("A001,李四,2020/5/1,,,", "A016,王五,2020/5/1,,,"))
    assert fates(report) == ["refused", "new_customer"]
    assert (report["rows"][0]["reason"], report["rows"][0]["customer_id"]) == ("code_taken", None)
    assert report["rows"][0]["reason_text"] == "This code is another customer's."
    assert len(announced(database, "sheet_row.imported.v1")) == 18


def test_a_text_too_long_is_refused(ask: Ask, database: Database) -> None:
    """Nothing is cut off silently."""
    report = imported(ask, database, sheet(f"A001,{'长' * 81},2020/5/1,,,"))
    assert (fates(report), report["rows"][0]["reason"]) == (["refused"], "text_too_long")


def test_a_name_without_code_gets_the_next_code(ask: Ask, database: Database) -> None:
    """A name nobody has gets a code no row of the sheet claims; a name one customer has is that customer; two: none."""
    report = imported(ask, database, sheet(",张三,2020/5/1,,,", "A001,李四,2020/5/1,,,", ",张三,2020/5/2,,,"))
    assert fates(report) == ["new_customer", "new_customer", "known_customer"]
    assert sorted(row[2] for row in rows_of(database, customers)) == ["A001", "A002"]
    assert "known_by_name" in warnings(report, 4)
    imported(ask, database, sheet("A009,张三,2020/6/1,,,"))
    ambiguous = imported(ask, database, sheet(",张三,2020/7/1,,,"))
    assert (fates(ambiguous), ambiguous["rows"][0]["customer_id"]) == (["no_customer"], None)
    assert "name_not_unique" in warnings(ambiguous, 2)


def test_a_code_without_a_name_invents_nobody(ask: Ask, database: Database) -> None:
    """A code nobody has, without a name, brings a row and no customer."""
    report = imported(ask, database, sheet("A077,,2020/5/1,,,"))
    assert fates(report) == ["no_customer"]
    assert rows_of(database, customers) == []


def test_salespeople_of_the_branch_are_known_by_name(ask: Ask, database: Database) -> None:
    """The owner is the one of that name who works here; of two with one name it is neither."""
    deliver(database, SERVICE.consumers, [say.staff("twin", 1, name="zhao", staff_id=named("twin"))])
    report = imported(ask, database, sheet("A001,甲一,2020/5/1,,,li", "A002,乙二,2020/5/1,,,zhao", "A003,丙三,,,,west"))
    owner = list(customers.c).index(customers.c.owner_id)
    owners = {row[2]: row[owner] for row in rows_of(database, customers)}
    assert owners == {"A001": named("li"), "A002": None, "A003": None}
    assert "salesperson_ambiguous" in warnings(report, 3)
    assert "salesperson_unknown" in warnings(report, 4)
    facts = [event.data for event in announced(database, "sheet_row.imported.v1")]
    names = [(fact["salesperson_id"], (fact["personal"] or {}).get("salesperson_name")) for fact in facts]
    assert names == [(named("li"), None), (None, "zhao"), (None, "west")]


def test_the_next_customer_comes_after_the_sheet(ask: Ask, database: Database) -> None:
    """After A001 to A015 came in, a visitor gets A016."""
    imported(ask, database, SHEET)
    deliver(database, SERVICE.consumers, [visit("r1", "c1")])
    assert "A016" in {row[2] for row in rows_of(database, customers)}


def test_the_same_file_in_two_branches_is_two_imports(ask: Ask, database: Database) -> None:
    """Headquarters says which branch; each has its own codes, and its own facts."""
    imported(ask, database, SHEET)
    answer = upload(ask, SHEET, HEADQUARTERS, query=f"?branch_id={WEST}")
    JobLoop(database, SERVICE.jobs).run_due()
    report = ask(HEADQUARTERS, "GET", f"/api/v1/customers/imports/{answer.get_json()['import_id']}").get_json()
    assert report["counts"] == NOTHING | {"new_customer": 15, "no_customer": 2}
    facts = announced(database, "sheet_row.imported.v1")
    assert len({fact.subject for fact in facts}) == 34
    assert max(len(fact.subject) for fact in facts) <= 120


def test_who_imported_is_on_record(ask: Ask, database: Database) -> None:
    """The audit trail says who handed the file in; the file itself is not kept once it is done."""
    imported(ask, database, SHEET)
    with database.read() as tx:
        (row,) = tx.execute(select(audit_trail)).all()
        assert tx.execute(select(imports.c.content)).scalar_one() is None
    assert (row.actor_id, row.action, row.details["rows"]) == (named("boss"), "sheet.import_requested", 17)


def test_the_rows_of_an_import_come_in_pages(ask: Ask, database: Database) -> None:
    """A long report is read page by page."""
    first = imported(ask, database, SHEET)
    path = f"/api/v1/customers/imports/{first['import_id']}"
    page = ask(ADMIN, "GET", f"{path}?limit=10").get_json()
    rest = ask(ADMIN, "GET", f"{path}?limit=10&after={page['next_after']}").get_json()
    assert [row["row_number"] for row in [*page["rows"], *rest["rows"]]] == list(range(5, 22))
    assert rest["next_after"] is None


def test_imports_are_listed_newest_first(quick_ask: Ask, quick_database: Database) -> None:
    """Who handed which file in, how it stands and the count of every fate, in pages; each branch sees its own alone."""
    first = imported(quick_ask, quick_database, SHEET)
    held = upload(quick_ask, CSV, name="三月.csv", query="?hold=true").get_json()
    path = "/api/v1/customers/imports"
    page = quick_ask(ADMIN, "GET", f"{path}?limit=1").get_json()
    rest = quick_ask(ADMIN, "GET", f"{path}?limit=1&after={page['next_after']}").get_json()
    assert [page["items"], rest["items"]] == [[{name: one[name] for name in page["items"][0]}] for one in (held, first)]
    assert (page["items"][0]["file_name"], page["items"][0]["state"]) == ("三月.csv", "held")
    assert (rest["items"][0]["counts"], rest["next_after"]) == (NOTHING | {"new_customer": 15, "no_customer": 2}, None)
    west = person("west", "branch", WEST, "customers.import")
    assert quick_ask(west, "GET", path).get_json()["items"] == []
    assert len(quick_ask(HEADQUARTERS, "GET", path).get_json()["items"]) == 2
    assert code_of(quick_ask(LI, "GET", path)) == "permission_missing"


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b"a,b\n1,2\n", 422, "header_missing"),
        (HEADER.encode(), 422, "sheet_empty"),
        (b"\x89PNG\x00", 422, "not_a_sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), 422, "sheet_encrypted"),
        (b"x" * 10_000_001, 413, "sheet_too_large"),
        (b"x" * 11_000_000, 413, "body_too_large"),
        (packed(parts('<row><c r="xfd1048576"><v>1</v></c></row>')), 413, "sheet_too_large"),
    ],
)
def test_what_cannot_be_read_is_refused_at_once(quick_ask: Ask, content: bytes, status: int, code: str) -> None:
    """A clear answer before anything is written."""
    answer = upload(quick_ask, content)
    assert (answer.status_code, code_of(answer)) == (status, code)


def test_a_request_without_a_file_is_refused(ask: Ask) -> None:
    """Another form, another field, another type: told what is needed."""
    assert ask(ADMIN, "POST", "/api/v1/customers/imports", json={}).status_code == 415
    empty = ask(ADMIN, "POST", "/api/v1/customers/imports", data={"x": "1"}, content_type="multipart/form-data")
    assert (empty.status_code, code_of(empty)) == (422, "invalid")


def test_an_import_is_for_those_who_may_and_for_their_branch(ask: Ask, database: Database) -> None:
    """A salesperson may not import; another branch finds no such import; the whole company must name a branch."""
    assert upload(ask, SHEET, LI).status_code == 403
    import_id = upload(ask, SHEET).get_json()["import_id"]
    west = person("west", "branch", WEST, "customers.import")
    answer = ask(west, "GET", f"/api/v1/customers/imports/{import_id}")
    assert (answer.status_code, code_of(answer)) == (404, "unknown_import")
    assert code_of(upload(ask, SHEET, west, query=f"?branch_id={EAST}")) == "unknown_branch"
    assert code_of(upload(ask, SHEET, HEADQUARTERS)) == "branch_needed"
    assert code_of(upload(ask, SHEET, HEADQUARTERS, query="?branch_id=nowhere")) == "unknown_branch"


def test_tags_of_a_sheet_are_put_on(quick_ask: Ask, quick_database: Database) -> None:
    """On new customers and on known ones, whatever else the row says; those they have stay. An unknown type is told."""
    rows = "王小明,13800138000,学区房,\n王小明,13800138000,刚需;学区房,\n李四,,x,熟客"
    became = imported(quick_ask, quick_database, f"姓名,电话,标签,客户类型\n{rows}".encode(), ADMIN)["rows"]
    assert [row["fate"] for row in became] == ["new_customer", "known_customer", "refused"]
    assert (became[2]["reason"], "客户类型" in became[2]["reason_text"]) == ("choice_unknown", True)
    tags = quick_ask(ADMIN, "GET", f"/api/v1/customers/{became[0]['customer_id']}/tags").get_json()["tags"]
    assert tags == ["刚需", "学区房"]
