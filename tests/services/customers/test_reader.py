"""Files as they come: what is read, and what is refused before it can do harm."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from random import Random

import openpyxl
import pytest

from chassis.sheets import NotASheet, SheetEncrypted, SheetTooLarge
from services.customers.spreadsheets.reader import read
from services.customers.spreadsheets.rules import (
    MOST_BYTES,
    MOST_ROWS,
    HeaderMissing,
    SheetEmpty,
)
from tests.services.customers.house import CSV, SHEET

_HEADER = "编号,姓名\n"


def repacked(change: Callable[[zipfile.ZipFile], None], without: str = "") -> bytes:
    """The source sheet with parts changed."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SHEET)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename != without:
                new.writestr(part.filename, old.read(part))
        change(new)
    return made.getvalue()


def workbook(*cells: tuple[str, object]) -> bytes:
    made, book = io.BytesIO(), openpyxl.Workbook()
    for place, value in (("A1", "编号"), ("B1", "姓名"), *cells):
        book.active[place] = value
    book.save(made)
    return made.getvalue()


def test_workbook_and_text_of_it_say_the_same() -> None:
    """The source sheet as .xlsx and as .csv in either encoding has the same 17 rows, four lines apart."""
    told = [replace(row, number=row.number - 3) for row in read(SHEET)]
    assert told == read(CSV)
    assert read(CSV) == read(CSV.decode().encode("gb18030")) == read(b"\xef\xbb\xbf" + CSV)
    assert read(CSV.replace(b",", b"\t")) == read(CSV)
    assert len(told) == 17


def test_a_formula_is_only_its_value() -> None:
    """A cell's formula is never seen: what was last computed is, and nothing when nothing was; text stays text."""
    (row,) = read(workbook(("A2", "A001"), ("B2", "=1+1"), ("C1", "业务员"), ("C2", "x")))
    assert row.name is None
    (text,) = read((_HEADER + "A001,=1+1\n").encode())
    assert text.name == "=1+1"


def test_the_first_sheet_with_a_header_is_read() -> None:
    """A cover sheet before it is passed over."""
    book = openpyxl.load_workbook(io.BytesIO(SHEET))
    book.create_sheet("封面", 0)["A1"] = "说明"
    made = io.BytesIO()
    book.save(made)
    assert read(made.getvalue()) == read(SHEET)


def _bomb(new: zipfile.ZipFile) -> None:
    with new.open("xl/media/image1.png", "w") as part:
        for _ in range(220):
            part.write(bytes(1_000_000))


def _far_cell(place: str) -> bytes:
    sheet = f'<worksheet><sheetData><row r="1"><c r="{place}"><v>1</v></c></row></sheetData></worksheet>'
    return repacked(lambda new: new.writestr("xl/worksheets/sheet1.xml", sheet), without="xl/worksheets/sheet1.xml")


def _lying() -> bytes:
    """A bomb that says it is small."""
    packed = bytearray(repacked(lambda new: new.writestr("xl/media/a.bin", bytes(5_000_000))))
    size = (5_000_000).to_bytes(4, "little")
    return bytes(packed.replace(size, (10).to_bytes(4, "little")))


def _encrypted() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000) + "EncryptedPackage".encode("utf-16-le") + bytes(2000)


@pytest.mark.parametrize(
    ("make", "refusal"),
    [
        (lambda: b"x" * (MOST_BYTES + 1), SheetTooLarge),
        (lambda: repacked(_bomb), SheetTooLarge),
        (lambda: _far_cell("XFD1048576"), SheetTooLarge),
        (lambda: _far_cell(f"A{MOST_ROWS + 1}"), SheetTooLarge),
        ((_HEADER + "A001,x\n" * MOST_ROWS).encode, SheetTooLarge),
        (_lying, NotASheet),
        (lambda: SHEET[: len(SHEET) // 2], NotASheet),
        (lambda: repacked(lambda new: None, without="xl/workbook.xml"), NotASheet),
        (lambda: repacked(lambda new: new.writestr("xl/workbook.xml", "<a"), without="xl/workbook.xml"), NotASheet),
        (lambda: b"\x89PNG\r\n\x1a\n\x00\x00", NotASheet),
        (lambda: b"%PDF-1.7\n\xff\xff\xff", NotASheet),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(3000), NotASheet),
        (_encrypted, SheetEncrypted),
        (lambda: b"", HeaderMissing),
        (lambda: b"a,b\n1,2\n", HeaderMissing),
        (_HEADER.encode, SheetEmpty),
        (workbook, SheetEmpty),
    ],
)
def test_what_cannot_be_read_is_refused(make: Callable[[], bytes], refusal: type[Exception]) -> None:
    """Too large, packed too tightly, too wide, broken, encrypted, another kind of file: each by its own name."""
    with pytest.raises(refusal):
        read(make())


@pytest.mark.parametrize("seed", range(20))
def test_damaged_workbooks_are_refused_or_read(seed: int) -> None:
    """Whatever is damaged in a file, the answer is rows or a refusal."""
    damaged, random = bytearray(SHEET), Random(seed)
    for place in range(seed * 37 + 4, len(damaged), 701):
        damaged[place] ^= random.randrange(1, 256)
    with suppress(NotASheet, SheetTooLarge, SheetEncrypted, HeaderMissing, SheetEmpty):
        assert read(bytes(damaged))
