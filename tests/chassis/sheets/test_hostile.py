"""Packages made to take more than they are: none ends the process that reads them."""

from collections.abc import Callable, Mapping

import pytest

from chassis.sheets import NotASheet, SheetTooLarge
from chassis.sheets.workbook import sheets_of
from tests.chassis.sheets.apart import LIMITS, Read
from tests.chassis.sheets.packages import MAIN, SHEET, packed, parts, shared, sheet, targets

Reading = Callable[[bytes], Read | type[Exception]]
_NEAR = '<row r="1"><c r="A1" t="str"><v>x</v></c></row>'
_FAR = _NEAR + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
_LAST = f'<row r="1"><c r="A1"><v>1</v></c></row><row><c r="BH{LIMITS.rows}"><v>1</v></c></row>'
_CELL = "<c><v>1</v></c>"
_READ = [[["x"]]]


def _lying(content: bytes, size: int) -> bytes:
    """The same, whose part of this size says that it is small."""
    return content.replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little"))


@pytest.mark.parametrize(
    "rows",
    [
        lambda: _FAR,
        lambda: _FAR.replace("XFD", "xfd"),
        lambda: "<row r = '1'><c t='n' r = 'XFD1048576'><v>1</v></c></row>" + _NEAR,
        lambda: f"<row>{_CELL * 16_000}</row>" + f"<row>{_CELL}</row>" * 100_000,
        lambda: f"<row>{_CELL}</row>" * (LIMITS.rows + 1),
        lambda: f"<row>{_CELL * (LIMITS.columns + 1)}</row>",
        lambda: f'<row r="4294967295">{_CELL}</row>',
        lambda: ("<row>" + '<c t="s"><v>0</v></c>' * 60 + "</row>") * 1_000,
        lambda: f'<row><c t="{"x" * 150_000_000}"><v>1</v></c></row>',
        lambda: f'<row><c t="str"><v>{"x" * 150_000_000}</v></c></row>',
    ],
    ids=range(10),
)
def test_a_far_cell_is_refused_however_it_is_written(reading: Reading, rows: Callable[[], str]) -> None:
    """In small letters, without a place of its own, by its place in a row, by a text that stands for many."""
    large_text = shared(f"<si><t>{'x' * 1_000_000}</t></si>")
    assert reading(packed(parts(rows()) | {"xl/sharedStrings.xml": large_text})) is SheetTooLarge


@pytest.mark.parametrize(
    ("target", "place"),
    [
        ("elsewhere/s.xml", "xl/elsewhere/s.xml"),
        ("Worksheets/s.xml", "xl/Worksheets/s.xml"),
        ("/x/y.xml", "x/y.xml"),
        ("WORKSHEETS/SHEET1.XML", SHEET),
        ("worksheets/sheet1.bin", "xl/worksheets/sheet1.bin"),
    ],
)
def test_a_sheet_may_lie_anywhere(reading: Reading, target: str, place: str) -> None:
    """Wherever a workbook says that its sheet is, it is read, and refused when it reaches too far."""
    assert reading(packed({**targets(target), place: sheet(_NEAR)})) == _READ
    assert reading(packed({**targets(target), place: sheet(_FAR)})) is SheetTooLarge


@pytest.mark.parametrize(
    ("changed", "answer"),
    [
        ({SHEET: sheet(f"{_NEAR}<!-- {_FAR} --><![CDATA[{_FAR}]]>")}, _READ),
        ({SHEET: sheet(_FAR).replace("<", "<x:").replace("<x:/", "</x:").replace("xmlns", "xmlns:x")}, SheetTooLarge),
        ({SHEET: f'<!DOCTYPE w [<!ENTITY far "XFD1048576">]>{sheet(_FAR.replace("XFD1048576", "&far;"))}'}, NotASheet),
        ({SHEET: ('<?xml version="1.0" encoding="UTF-16"?>' + sheet(_FAR)).encode("utf-16")}, [[]]),
        (
            {
                SHEET: f'<worksheet xmlns="{MAIN}"><dimension ref="A1:XFD1048576"/><sheetData>{_NEAR}</sheetData>'
                '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells></worksheet>'
            },
            _READ,
        ),
        ({"xl/workbook.bin": b""}, NotASheet),
        ({"content.xml": "<x/>"}, NotASheet),
        ({f"docProps/{number}.xml": "" for number in range(2_001)}, SheetTooLarge),
        (targets(*["worksheets/sheet1.xml"] * 60), SheetTooLarge),
    ],
    ids=range(9),
)
def test_what_else_is_in_a_package(
    reading: Reading, changed: Mapping[str, str | bytes], answer: Read | type[Exception]
) -> None:
    """What hides cells, claims a size, stands for something else or is too much: read as it is, or refused."""
    assert reading(packed({**parts(_NEAR), **changed})) == answer


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "make"),
    [
        ("xl/sharedStrings.xml", lambda: shared("<si><t/></si>" * 11_000_000)),
        ("xl/media/image1.png", lambda: bytes(201_000_000)),
    ],
)
def test_what_is_packed_too_tightly(reading: Reading, name: str, make: Callable[[], str | bytes]) -> None:
    """Eleven million texts that no cell needs, or a part too large to unpack, are too much."""
    assert reading(packed(parts(_NEAR) | {name: make()})) is SheetTooLarge


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize(("first", "second"), [(_NEAR, _FAR), (_FAR, _NEAR)])
def test_two_parts_of_one_name(reading: Reading, first: str, second: str) -> None:
    """Whichever is the sheet, it is the one that is measured."""
    assert reading(packed([*parts(first).items(), (SHEET, sheet(second))])) in (_READ, SheetTooLarge)


@pytest.mark.slow
def test_a_part_that_lies_about_its_size(reading: Reading) -> None:
    """A part that says it is small, and is not, makes the file a broken one."""
    large = sheet(_NEAR + " " * 250_000_000)
    assert reading(_lying(packed(parts("") | {SHEET: large}), len(large))) is NotASheet


@pytest.mark.slow
def test_a_file_that_takes_too_long_is_refused() -> None:
    """What is within all limits but keeps a processor busy is too large: fifty times the same long sheet."""
    names = ["worksheets/sheet1.xml"] * 50
    content = packed(parts("") | targets(*names) | {SHEET: sheet("<!---->" * 2_000_000 + _NEAR)})
    with pytest.raises(SheetTooLarge):
        list(sheets_of(content, LIMITS, seconds=1))


def test_many_sheets_take_no_longer_than_one(reading: Reading) -> None:
    """All sheets together may have as many cells as one: forty of the largest are refused at the second."""
    names = [f"worksheets/sheet{number}.xml" for number in range(1, 41)]
    content = packed({**targets(*names), **{f"xl/{name}": sheet(_LAST) for name in names}})
    assert len(content) < 12_000
    assert reading(content) is SheetTooLarge
