"""The company's own fields: which values fit, how they stand in sheets, and what a customer is found by."""

from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.customers.fields.rules import (
    ChoicesNeeded,
    Field,
    FieldNameTaken,
    Kind,
    check_field,
    flaw_in,
    flaws_in,
    from_cell,
    in_cell,
    named,
    searchable_texts,
    with_values,
)


def field(kind: Kind = Kind.TEXT, name: str = "渠道", **changes: Any) -> Field:
    """A field that any text fits, unless `changes` say more."""
    usual = Field(f"id of {name}", None, name, f"{name} en", kind, False, (), False, 1, False, 1)
    return replace(usual, **changes)


CHOICE = field(Kind.CHOICE, choices=("自住", "投资"))
SEVERAL = field(Kind.CHOICES, "配套", choices=("学区", "地铁", "公园"))
OF_KIND = {kind: field(kind) for kind in Kind} | {Kind.CHOICE: CHOICE, Kind.CHOICES: SEVERAL}


@pytest.mark.parametrize(
    ("kind", "value", "flaw"),
    [
        (Kind.TEXT, "老客户介绍", None),
        (Kind.TEXT, "  ", "blank"),
        (Kind.TEXT, 5, "string"),
        (Kind.TEXT, "长" * 501, "Longer than maximum length 500."),
        (Kind.NUMBER, 89.5, None),
        (Kind.NUMBER, "89.5", "number"),
        (Kind.NUMBER, True, "number"),
        (Kind.DATE, "2026-03-02", None),
        (Kind.DATE, "2026-02-30", "date"),
        (Kind.DATE, "2026/3/2", "date"),
        (Kind.CHOICE, "自住", None),
        (Kind.CHOICE, "出租", "Must be one of: 自住, 投资."),
        (Kind.CHOICES, ["学区", "公园"], None),
        (Kind.CHOICES, ["学区", "学区"], "Must be one of: 学区, 地铁, 公园."),
        (Kind.CHOICES, [["学区"]], "Must be one of: 学区, 地铁, 公园."),
        (Kind.CHOICES, [], "list"),
        (Kind.CHOICES, "学区", "list"),
        (Kind.YES_NO, False, None),
        (Kind.YES_NO, "是", "boolean"),
    ],
)
def test_values_fit_their_kind(kind: Kind, value: Any, flaw: str | None) -> None:
    """Each kind takes what it holds, and says of everything else what is wrong with it."""
    assert flaw_in(OF_KIND[kind], value) == flaw


def test_flaws_name_the_field() -> None:
    """Unknown, retired and missing fields each by their own words; what stays as it was is not looked at again."""
    needed, gone = field(name="楼盘", required=True), field(name="旧", retired=True, required=True)
    before = {CHOICE.field_id: "出租", gone.field_id: "值"}
    given = {CHOICE.field_id: "出租", gone.field_id: "新值", "nothing": 1}
    expected = {needed.field_id: ["required"], gone.field_id: ["retired_field"], "nothing": ["unknown_field"]}
    assert flaws_in([CHOICE, needed, gone], before, given) == expected
    assert flaws_in([needed, gone], before, {needed.field_id: "城东", gone.field_id: None}) == {}


def test_a_required_value_is_not_taken_away() -> None:
    """None takes a value away, but not one that is required."""
    needed = field(required=True)
    assert with_values({"a": 1, "b": 2}, {"a": None, "c": 3}) == {"b": 2, "c": 3}
    assert flaws_in([needed], {needed.field_id: "x"}, {needed.field_id: None}) == {needed.field_id: ["required"]}


@pytest.mark.parametrize(
    ("kind", "cell", "value"),
    [
        (Kind.TEXT, 138.0, "138"),
        (Kind.TEXT, "  ", None),
        (Kind.NUMBER, "1,200.50", 1200.5),
        (Kind.NUMBER, 89.0, 89),
        (Kind.NUMBER, "很多", "很多"),
        (Kind.DATE, "2026年3月2日", "2026-03-02"),
        (Kind.DATE, "2026/3/2", "2026-03-02"),
        (Kind.DATE, datetime(2026, 3, 2, 9, 0), "2026-03-02"),  # noqa: DTZ001 - a sheet knows no zones
        (Kind.DATE, "2026-2-30", "2026-2-30"),
        (Kind.CHOICE, " 自住 ", "自住"),
        (Kind.CHOICES, "学区、公园；学区", ["学区", "公园"]),
        (Kind.YES_NO, "是", True),
        (Kind.YES_NO, "No", False),
        (Kind.YES_NO, "maybe", "maybe"),
    ],
)
def test_cells_are_read_as_people_write_them(kind: Kind, cell: Any, value: Any) -> None:
    """What a cell means; what cannot be read stays as it stands, for the flaw to be said."""
    assert from_cell(OF_KIND[kind], cell) == value


_VALUES = st.one_of(
    st.tuples(st.just(Kind.NUMBER), st.integers(-(2**53), 2**53)),
    st.tuples(st.just(Kind.DATE), st.dates(date(1900, 1, 1), date(9998, 1, 1)).map(date.isoformat)),
    st.tuples(st.just(Kind.CHOICE), st.sampled_from(CHOICE.choices)),
    st.tuples(st.just(Kind.CHOICES), st.lists(st.sampled_from(SEVERAL.choices), min_size=1, unique=True)),
    st.tuples(st.just(Kind.YES_NO), st.booleans()),
)


@given(_VALUES)
def test_what_is_written_into_a_sheet_is_read_back(kind_and_value: tuple[Kind, Any]) -> None:
    """A value exported and imported again is the same value, and fits."""
    kind, value = kind_and_value
    assert flaw_in(OF_KIND[kind], value) is None
    assert from_cell(OF_KIND[kind], in_cell(OF_KIND[kind], value)) == value


def test_only_searchable_fields_are_found_by() -> None:
    """A customer is found by the values of searchable fields in use."""
    sought, retired = replace(SEVERAL, searchable=True), field(name="旧", searchable=True, retired=True)
    values = {SEVERAL.field_id: ["学区", "地铁"], retired.field_id: "x", CHOICE.field_id: "自住"}
    assert searchable_texts([sought, retired, CHOICE], values) == ["学区、地铁"]


def test_columns_are_known_by_either_name() -> None:
    """A heading in Chinese or English finds the field in use."""
    retired = field(name="旧", retired=True)
    assert named([retired, CHOICE], " 渠道 EN ") is CHOICE
    assert named([retired, CHOICE], "旧") is None


def test_definitions_are_checked() -> None:
    """Fields to choose from have choices and others none; no name stands for two fields in use."""
    for wrong in (field(Kind.CHOICE), field(Kind.DATE, choices=("a",))):
        with pytest.raises(ChoicesNeeded):
            check_field(wrong, [])
    with pytest.raises(FieldNameTaken):
        check_field(field(name_en="渠道 EN"), [field(name="渠道", field_id="other")])
    check_field(field(), [field(retired=True, field_id="other")])
