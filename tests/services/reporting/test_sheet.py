"""客户跟进记录统计表 over HTTP and as .xlsx."""

import io
from datetime import datetime
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import insert

from chassis.database import Database
from services.reporting.app import SERVICE
from services.reporting.consumers import consumers
from services.reporting.facts.tables import followups
from services.reporting.sheets import api
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.reporting.source_sheet import FIELDS, ROWS, announced
from tests.services.synthetic import EAST, WEST, deliver, named, person

SHEET = "/api/v1/reporting/followup-sheet"
SPRING = "from=2020-02-01&to=2020-04-25"
BOSS = person("boss", "branch")
CHIEF = person("chief", "all", None)


@pytest.fixture
def ask(database: Database) -> Ask:
    """A branch with the source's sheet, and another one with a deal on the same days."""
    deal = {"date": "2020-04-05", "result": "成交", "deal_date": "2020-04-06", "salesperson_id": named("xu")}
    west = [
        say.branch(WEST, name="西区"),
        say.customer("far", branch_id=WEST, code="A001"),
        say.followup("far", branch_id=WEST, customer_id=named("far"), **deal),
    ]
    deliver(database, consumers, [say.branch(), *announced(), *west])
    return asking(SERVICE, database)


def sheet_of(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 200, answer.get_json()
    body: dict[str, Any] = answer.get_json()
    return body


def test_the_source_sheet(ask: Ask) -> None:
    """From 2020-02-01 to 2020-04-25 it says 15 rows in their order, 2 undated ones apart, and 10 closed deals."""
    sheet = sheet_of(ask(BOSS, "GET", f"{SHEET}?{SPRING}"))
    assert (sheet["from"], sheet["to"], sheet["branch_id"]) == ("2020-02-01", "2020-04-25", EAST)
    assert sheet["closed_deals"] == 10
    assert [tuple(row[name] for name in FIELDS) for row in sheet["rows"]] == ROWS[:15]
    assert [tuple(row[name] for name in FIELDS) for row in sheet["undated"]] == ROWS[15:]
    assert sheet["undated_count"] == 2
    assert set(sheet["rows"][0]) == {*FIELDS, "erased"}


def test_both_days_are_included(ask: Ask) -> None:
    """A row on the first or the last day belongs to the period; one outside does not."""
    assert [row["code"] for row in sheet_of(ask(BOSS, "GET", f"{SHEET}?from=2020-04-03&to=2020-04-04"))["rows"]] == [
        "A003",
        "A004",
    ]
    none = sheet_of(ask(BOSS, "GET", f"{SHEET}?from=2019-01-01&to=2019-12-31"))
    assert (none["rows"], none["closed_deals"], none["undated_count"]) == ([], 0, 2)


def test_a_deal_counts_by_its_day_or_by_the_follow_ups(ask: Ask) -> None:
    """Followed up on 4 April and closed on the 5th: the 4th has it only by follow-up date."""
    day = "from=2020-04-04&to=2020-04-04"
    assert sheet_of(ask(BOSS, "GET", f"{SHEET}?{day}"))["closed_deals"] == 1  # A003, closed that day
    by_followup = sheet_of(ask(BOSS, "GET", f"{SHEET}?{day}&basis=followup_date"))
    assert (by_followup["closed_deals"], by_followup["basis"]) == (1, "followup_date")
    last = "from=2020-04-12&to=2020-04-12"
    assert sheet_of(ask(BOSS, "GET", f"{SHEET}?{last}"))["closed_deals"] == 0
    assert sheet_of(ask(BOSS, "GET", f"{SHEET}?{last}&basis=followup_date"))["closed_deals"] == 1


def test_a_corrected_deal_counts_by_its_corrected_day(ask: Ask, database: Database) -> None:
    """A signed correction moved a deal of the 2nd to the 3rd of May; whichever is heard first, the later one holds."""
    recorded = say.followup("late", date="2020-05-02", result="成交", deal_date="2020-05-02")
    corrected = say.event(
        "followups", "followup.corrected.v1", recorded.subject, 2, recorded.data | {"deal_date": "2020-05-03"}
    )
    deliver(database, consumers, [corrected, recorded])
    days = (sheet_of(ask(BOSS, "GET", f"{SHEET}?from=2020-05-0{n}&to=2020-05-0{n}")) for n in (2, 3))
    assert [day["closed_deals"] for day in days] == [0, 1]


def test_a_merged_customer_is_one_deal(ask: Ask, database: Database) -> None:
    """Customers merged over two steps count once and show the winner; undoing the merge counts them apart again."""
    deliver(database, consumers, [say.merged("客户2", "客户3"), say.merged("客户3", "客户4")])
    sheet = sheet_of(ask(BOSS, "GET", f"{SHEET}?{SPRING}"))
    assert sheet["closed_deals"] == 8
    assert [row["code"] for row in sheet["rows"][:4]] == ["A001", "A004", "A004", "A004"]
    deliver(database, consumers, [say.merged("客户2", "客户3", 2, active=False)])
    assert sheet_of(ask(BOSS, "GET", f"{SHEET}?{SPRING}"))["closed_deals"] == 9


def test_merges_in_a_circle_end(ask: Ask, database: Database) -> None:
    """Should two customers ever be merged into each other, the sheet still answers."""
    deliver(database, consumers, [say.merged("客户2", "客户3"), say.merged("客户3", "客户2")])
    assert len(sheet_of(ask(BOSS, "GET", f"{SHEET}?{SPRING}"))["rows"]) == 15


def test_a_customer_closed_twice_is_one_deal(ask: Ask, database: Database) -> None:
    """Deals are distinct customers; a closed row without a customer names nobody and counts nowhere."""
    again = {"date": "2020-04-20", "result": "成交", "deal_date": "2020-04-20"}
    nobody = say.followup("nobody", **again | {"customer_id": None})
    deliver(database, consumers, [say.followup("again", customer_id=named("客户1"), **again), nobody])
    sheet = sheet_of(ask(BOSS, "GET", f"{SHEET}?{SPRING}"))
    assert (sheet["closed_deals"], len(sheet["rows"])) == (10, 17)


def test_who_sees_which_rows(ask: Ask, database: Database) -> None:
    """Own rows, the team's, the branch's, or all; headquarters may ask for one branch."""
    mine = {"date": "2020-04-20", "result": "成交", "deal_date": "2020-04-20", "customer_id": named("客户5")}
    team = [say.staff(name, team_id=named("team")) for name in ("li", "mo")]
    deliver(database, consumers, [*team, say.followup("mine", **mine), say.staff("sun", team_id=named("other"))])

    def seen(who: Any, query: str = "") -> tuple[int, int]:
        sheet = sheet_of(ask(who, "GET", f"{SHEET}?{SPRING}{query}"))
        return len(sheet["rows"]), sheet["closed_deals"]

    assert seen(person("li")) == (1, 1)
    assert seen(person("sun")) == (0, 0)
    assert seen(person("mo", "team", EAST, named("team"))) == (1, 1)
    assert seen(person("mo", "team", EAST, None)) == (0, 0)
    assert seen(BOSS) == seen(BOSS, f"&branch_id={EAST}") == seen(CHIEF, f"&branch_id={EAST}") == (16, 11)
    assert seen(CHIEF, f"&branch_id={WEST}") == (1, 1)
    assert seen(CHIEF) == (17, 12)


@pytest.mark.parametrize("path", [SHEET, f"{SHEET}.xlsx"])
@pytest.mark.parametrize(
    ("who", "query", "status", "code"),
    [
        (BOSS, "from=2020-04-25&to=2020-02-01", 422, "period_backwards"),
        (BOSS, "from=2020-02-30&to=2020-04-25", 422, "invalid"),
        (BOSS, "from=yesterday&to=2020-04-25", 422, "invalid"),
        (BOSS, "from=2020-02-01", 422, "invalid"),
        (BOSS, "", 422, "invalid"),
        (BOSS, f"{SPRING}&basis=moon", 422, "invalid"),
        (BOSS, f"{SPRING}&until=2021-01-01", 422, "invalid"),
        (BOSS, f"{SPRING}&branch_id={WEST}", 404, "branch_unknown"),
        (person("li"), f"{SPRING}&branch_id={WEST}", 404, "branch_unknown"),
        (CHIEF, f"{SPRING}&branch_id={named('nowhere')}", 404, "branch_unknown"),
        (None, SPRING, 401, "identity_missing"),
        (person("x", "branch", EAST, None, "customers.see"), SPRING, 403, "permission_missing"),
    ],
)
def test_what_is_refused(ask: Ask, path: str, who: Any, query: str, status: int, code: str) -> None:
    """Each refusal has its code and words in both languages; another's branch is as if it were not."""
    words = {language: ask(who, "GET", f"{path}?{query}", language=language) for language in ("zh", "en")}
    assert {(answer.status_code, code_of(answer)) for answer in words.values()} == {(status, code)}
    assert words["zh"].get_json()["detail"] != words["en"].get_json()["detail"]


@pytest.mark.slow
def test_a_sheet_too_long_for_one_answer(ask: Ask, database: Database) -> None:
    """More rows than one answer holds are refused with advice; the file holds them."""
    row = {"branch_id": EAST, "date": datetime(2021, 1, 1).date(), "sequence": 1}  # noqa: DTZ001
    with database.write() as tx:
        rows = [row | {"followup_id": f"many {number}"} for number in range(api.MOST_ON_SCREEN + 1)]
        tx.execute(insert(followups), rows)
    answer = ask(BOSS, "GET", f"{SHEET}?from=2021-01-01&to=2021-01-01")
    assert (answer.status_code, code_of(answer)) == (422, "sheet_too_long")
    assert "20000" in answer.get_json()["detail"]


def workbook_of(answer: Any) -> Any:
    assert answer.status_code == 200
    assert answer.mimetype == api.XLSX
    return load_workbook(io.BytesIO(answer.get_data())).active


def test_the_file_has_the_sources_layout(ask: Ask) -> None:
    """Title, period, closed deals, headings and rows stand in the cells of the source's sheet, undated rows last."""
    answer = ask(BOSS, "GET", f"{SHEET}.xlsx?{SPRING}")
    sheet = workbook_of(answer)
    assert "filename" in answer.headers["Content-Disposition"]
    assert (sheet.title, sheet["A1"].value, sheet["A3"].value) == ("客户跟进记录统计表",) * 2 + ("跟 进 情 况 记 录",)
    assert {str(merged) for merged in sheet.merged_cells.ranges} == {"A1:J1", "A3:J3"}
    heading = [cell.value for cell in sheet[2]]
    assert heading[:5] == ["查询日期(起)", datetime(2020, 2, 1), None, "查询日期(止)", datetime(2020, 4, 25)]  # noqa: DTZ001
    assert heading[6:8] == ["成交户数统计", 10]
    assert sheet["A4"].value == "编号"
    assert sheet["J4"].value == "业务员"
    assert (sheet.max_row, sheet.max_column) == (21, 10)
    for number, row in enumerate(ROWS, start=5):
        cells = [cell.value for cell in sheet[number]]
        days = [row[0], row[1], row[2], _instant(row[3]), *row[4:5], row[5] / 100, *row[6:8], _instant(row[8]), row[9]]
        assert cells == days
    assert (sheet["D5"].number_format, sheet["F5"].number_format) == ("yyyy/m/d", "0%")


def _instant(day: str | None) -> datetime | None:
    return datetime.fromisoformat(day) if day else None


def test_texts_are_never_formulas(ask: Ask, database: Database) -> None:
    """What begins like a formula, a number or a link stays the text it is, and no day is too early for a cell."""
    texts = {"method": "=1+1", "intent": "@SUM(A1)", "salesperson_id": None, "salesperson_name": "+86"}
    odd = say.followup("odd", date="2022-01-01", deal_date="1066-10-14", result="http://x.example", **texts)
    deliver(database, consumers, [odd])
    cells = workbook_of(ask(BOSS, "GET", f"{SHEET}.xlsx?from=2022-01-01&to=2022-01-01"))[5]
    assert [cells[index].value for index in (4, 6, 7, 8, 9)] == [
        "=1+1",
        "@SUM(A1)",
        "http://x.example",
        "1066-10-14",
        "+86",
    ]
    assert {cells[index].data_type for index in (4, 6, 7, 8, 9)} == {"s"}
    assert all(cell.hyperlink is None for cell in cells)
