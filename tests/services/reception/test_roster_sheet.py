"""A month's roster from a file: every row with its fate."""

import io
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import openpyxl
import pytest

from services.reception.rosters.reader import LIMITS
from tests.services import synthetic
from tests.services.asking import code_of
from tests.services.reception.office import MANAGER, Office, seller
from tests.services.synthetic import named

HEADER = ("姓名", "日期", "上班", "下班")
MIDNIGHT = datetime.combine(date(2026, 3, 2), time())


@pytest.fixture
def quick_office(sqlite_url: str) -> Iterator[Office]:
    """Li alone, on SQLite: for what no database has a part in."""
    opened = Office(sqlite_url, ["li"])
    yield opened
    opened.database.close()


def workbook(*rows: Sequence[Any]) -> bytes:
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    packed = io.BytesIO()
    made.save(packed)
    return packed.getvalue()


def sent(office: Office, content: bytes, who: Any = MANAGER) -> Any:
    data = {"file": (io.BytesIO(content), "三月排班.xlsx")}
    path = office.path("roster/imports")
    return office.tried(who, "POST", path, data=data, content_type="multipart/form-data")


def test_a_month_from_a_workbook(office: Office) -> None:
    """Every row answers with its fate, in words; the file again changes nothing; the days hold."""
    content = workbook(
        HEADER,
        ("li", MIDNIGHT, time(13, 0), time(21, 0)),
        ("wu", MIDNIGHT, "休", "休"),
        ("zhao", MIDNIGHT, time(0, 0), "24:00"),
        ("nobody", MIDNIGHT, time(9, 0), time(18, 0)),
    )
    first = sent(office, content).get_json()
    assert [row["fate"] for row in first["rows"]] == ["taken", "taken", "taken", "refused"]
    assert (first["taken"], first["unchanged"], first["refused"]) == (3, 0, 1)
    assert first["rows"][3]["reason_text"].startswith("Nobody of this name")
    second = sent(office, content).get_json()
    assert [row["fate"] for row in second["rows"]] == ["unchanged", "unchanged", "unchanged", "refused"]
    path = f"{office.path('roster/days')}?first=2026-03-02&last=2026-03-02"
    days = {one["staff_id"]: one["shifts"] for one in office.did(MANAGER, "GET", path)["days"]}
    assert days[named("li")] == [{"starts": "13:00", "ends": "21:00"}]
    assert days[named("wu")] == []
    for name in ("li", "wu"):
        assert code_of(office.tried(seller(name), "POST", office.path("clock-in"))) == "not_rostered"
    office.come("zhao")


def test_what_the_file_repeats_of_the_week_binds_as_before(office: Office) -> None:
    """A day imported at noon as the week had it makes late who is late: nobody gains by the import."""
    office.roster({"weekdays": [1, 2], "starts": "10:00", "ends": "18:00", "staff_id": named("li")})
    office.later(hours=1, minutes=5)
    sent(office, workbook(HEADER, ("li", "2026-03-02", "10:00", "18:00")))
    assert office.did(seller("li"), "POST", office.path("clock-in"))["late_by"] == 300


def test_two_of_one_name_are_told_apart_by_id(office: Office) -> None:
    """The name alone is refused; with the staff id it is taken."""
    office.hear(synthetic.staff("another", 1, name="li"))
    rows = [("", "li", "2026-03-02", "9:00", "18:00"), (named("another"), "li", "2026-03-02", "9:00", "18:00")]
    told = sent(office, workbook(("工号", *HEADER), *rows)).get_json()["rows"]
    assert [(row["fate"], row["reason"]) for row in told] == [("refused", "several_of_this_name"), ("taken", None)]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x" * (LIMITS.bytes + 1), "sheet_too_large"),
        (("姓名,日期,上班,下班\n" + "x,,,\n" * LIMITS.rows).encode(), "sheet_too_large"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "not_a_sheet"),
        (b"PK\x03\x04 and no zip", "not_a_sheet"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "sheet_encrypted"),
        ("姓名,电话\n李四,1\n".encode(), "roster_header_missing"),
        ("姓名,日期,上班,下班\n".encode(), "roster_sheet_empty"),
    ],
    ids=["bytes", "rows", "picture", "broken", "encrypted", "header", "empty"],
)
def test_files_that_are_no_roster(quick_office: Office, content: bytes, code: str) -> None:
    """Too large, not a sheet, encrypted, without a header, empty: refused as a whole."""
    assert code_of(sent(quick_office, content)) == code


def test_a_salesperson_imports_nothing(quick_office: Office) -> None:
    """The roster is the manager's."""
    assert sent(quick_office, b"x", seller("li")).status_code == 403
