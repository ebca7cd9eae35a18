"""What the titles of columns are taken for, and what cells of a customer's file mean."""

from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from services.customers.register.phones import PhoneNotValid, _parsed, in_one_form
from services.customers.spreadsheets.columns import FIELDS, Field, Kind, guessed, with_types
from services.customers.spreadsheets.rows import row_of
from services.customers.spreadsheets.rules import Cell, Refusal
from services.customers.spreadsheets.values import (
    Unreadable,
    day_in,
    grade_in,
    number_in,
    text_in,
    year_of,
    yes_or_no_in,
)

OWN = (Field("details.f1", ("入职日期",), Kind.DAY), Field("details.f2", ("颜色",), Kind.CHOICE, choices=("红", "蓝")))


@pytest.mark.parametrize(
    ("title", "field"),
    [
        ("客户姓名", "name"),
        ("姓 名", "name"),
        ("*联系电话（必填）", "phone"),
        ("手机号码", "phone"),
        ("Mobile", "phone"),
    ]
    + [("Phone Number", "phone"), ("ｐｈｏｎｅ", "phone"), ("置业顾问", "salesperson"), ("客户等级", "grade")]
    + [("购房预算", "demand.budget"), ("业务员电话", None), ("", None), ("入职日期", "details.f1")],
)
def test_a_title_is_understood(title: str, field: str | None) -> None:
    """In Chinese and English, whatever the width, spaces, marks and brackets; what is not sure is left to people."""
    (meant,) = guessed([title], (*FIELDS, *OWN)).fields
    assert (meant.name if meant else None) == field


def test_each_field_is_guessed_once() -> None:
    """Of two columns that could be the phone the first is."""
    columns = guessed(["电话", "手机", "姓名"], FIELDS)
    assert [field.name if field else None for field in columns.fields] == ["phone", None, "name"]
    assert columns.title_of("phone") == "电话"


def test_no_title_means_two_things() -> None:
    """Every usual title is that of one field."""
    titles = [title.casefold().replace(" ", "") for field in FIELDS for title in field.titles]
    assert len(titles) == len(set(titles))


@pytest.mark.parametrize(
    ("title", "cell", "code"),
    [
        ("电话", "1.38E+10", "phone_lost_digits"),
        ("电话", "1380013", "phone_too_short"),
        ("电话", "6552 9988", "phone_without_area_code"),
        ("等级", "特级", "grade_unreadable"),
        ("重点客户", "也许", "yes_or_no_unreadable"),
        ("公司", "长" * 121, "text_too_long"),
        ("入职日期", "5月1日", "day_without_year"),
        ("入职日期", "5/1/2020", "day_unreadable"),
        ("颜色", "绿", "choice_unknown"),
    ],
)
def test_what_a_file_cannot_hold_refuses_the_row(title: str, cell: Cell, code: str) -> None:
    """With the column that it is about, so that it can be corrected."""
    row = row_of(2, ["王小明", cell], guessed(["姓名", title], (*FIELDS, *OWN)))
    assert row.refusal == Refusal(code, title)


@pytest.mark.parametrize(
    ("cell", "phone"),
    [(13800138000.0, "+8613800138000"), (13800138000, "+8613800138000"), ("13800138000.0", "+8613800138000")]
    + [("１３８ ００１３ ８０００", "+8613800138000"), ("+852 9123 4567", "+85291234567"), (1.38e10, "+8613800000000")],
)
def test_a_phone_that_became_a_number_is_read(cell: Cell, phone: str) -> None:
    """As long as no digit of it is lost."""
    assert row_of(2, ["王小明", cell], guessed(["姓名", "电话"], FIELDS)).phone == phone


def test_a_type_that_is_not_in_the_list() -> None:
    """The list's own word is taken however it is typed; another refuses a customer, but not what was followed up."""
    offered = with_types(["一般客户", "超级VIP客户"])
    titles = ["姓名", "客户类型"]
    assert row_of(2, ["王小明", "超级ｖｉｐ客户"], guessed(titles, offered)).customer_type == "超级VIP客户"
    assert row_of(2, ["王小明", "熟客"], guessed(titles, offered)).refusal == Refusal("choice_unknown", "客户类型")
    told = row_of(2, ["王小明", "熟客", "电话"], guessed([*titles, "跟进方式"], offered))
    assert (told.refusal, told.customer_type, told.warnings) == (None, None, ("customer_type_unreadable",))


def test_a_required_field_that_is_left_empty() -> None:
    """Registering waits for no field: the row comes in, and says that something is to be filled in."""
    columns = guessed(["姓名", "来访渠道"], (*FIELDS, Field("details.f3", ("来访渠道",), required=True)))
    assert row_of(2, ["王小明", " "], columns).warnings == ("required_field_missing",)
    assert row_of(2, ["王小明", "路过"], columns).warnings == ()


def test_tags_stand_in_one_cell() -> None:
    """Between marks of any kind, each once; one that is too long refuses the row."""
    columns = guessed(["姓名", "客户标签"], FIELDS)
    assert row_of(2, ["王小明", "老带新、学区房，老带新; 刚需"], columns).tags == ("老带新", "学区房", "刚需")
    assert row_of(2, ["王小明", "长" * 41], columns).refusal == Refusal("text_too_long", "客户标签")


def test_what_the_company_has_made_is_read() -> None:
    """Own fields stand under their ids; days as they are written in files."""
    columns = guessed(["姓名", "入职日期", "颜色", "预算"], (*FIELDS, *OWN))
    row = row_of(2, ["王小明", 43952.0, " 红", 200.0], columns)
    assert row.file == {"details": {"f1": "2020-05-01", "f2": "红"}, "demand": {"budget": "200"}}


@given(digits=some.from_regex(r"1[0-9]{10}", fullmatch=True))
def test_usual_phones_are_read_as_all_are(digits: str) -> None:
    """The short way for mobile phones answers what parsing answers."""
    number = _parsed(digits)
    try:
        assert number is not None
        assert in_one_form(digits) == f"+{number.country_code}{number.national_number}"
    except (PhoneNotValid, AssertionError):
        with pytest.raises(PhoneNotValid):
            in_one_form(digits)
        assert number is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [("5月1日", date(2020, 5, 1)), ("５月１号", date(2020, 5, 1)), ("2021年5月1日", date(2021, 5, 1)), ("5/1", None)]
    + [("2月30日", None), (time(9, 30), None), (timedelta(1), None), ("2020年5月1日 9:30", date(2020, 5, 1))],
)
def test_days_in_a_sheet_of_2020(cell: Cell, day: date | None) -> None:
    """A day without its year is of the sheet's; what could be another day is none."""
    assert day_in(cell, 2020) == day


@pytest.mark.parametrize(
    ("titles", "year"),
    [(["2020年客户登记表"], 2020), (["2019—2020"], None), (["客户"], None), (["电话 13820201234"], None), ([], None)],
)
def test_a_sheet_is_of_the_one_year_it_names(titles: list[str], year: int | None) -> None:
    """Two years, or none, are no year; digits of something longer are none either."""
    assert year_of(titles) == year


def test_small_things_are_read() -> None:
    """Grades, yes and no, numbers, in the ways people write them; what is no such thing is not guessed at."""
    assert [grade_in(text) for text in ("a", "Ｂ级", "C类客户")] == ["A", "B", "C"]
    assert [yes_or_no_in(text) for text in ("是", "Y", "√", "否", "0")] == [True, True, True, False, False]
    assert [number_in(text) for text in ("1,200", "１２", "2.5", "-3")] == [1200, 12, 2.5, -3]
    for read, text in ((grade_in, "D"), (yes_or_no_in, ""), (number_in, "1e99"), (number_in, "nan")):
        with pytest.raises(Unreadable):
            read(text)


def test_what_cannot_be_stored_is_left_out_of_a_text() -> None:
    """Signs that no database takes, and blanks around."""
    assert text_in(" 王\x00小\ud800明\x07 ") == "王小明"
