"""From a file's bytes to cells: .xlsx by calamine (values only, never formulas), .csv in UTF-8 or GB18030.

A workbook is measured before it is opened: calamine holds a whole sheet, as wide and long as its furthest cell, in
memory. What a zip says of its own sizes is checked by unpacking it (a wrong size fails its checksum).
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator

from python_calamine import CalamineError, CalamineWorkbook, PasswordError

from services.customers.spreadsheets import rules
from services.customers.spreadsheets.rules import (
    Cells,
    HeaderMissing,
    NotASheet,
    Row,
    SheetEncrypted,
    SheetTooLarge,
    rows_of,
)

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MOST_UNPACKED = 200_000_000
_MOST_PARTS = 2_000
_PIECE = 1 << 20
_PLACE = re.compile(rb"\br\s*=\s*[\"']([A-Z]{1,4})(\d{1,10})[\"']")
_LONGEST_PLACE = 64  # bytes that a place in the XML can span


def read(content: bytes) -> list[Row]:
    """The rows of the first sheet that has a header.

    Raises SheetTooLarge, NotASheet, SheetEncrypted, HeaderMissing, SheetEmpty.
    """
    if len(content) > rules.MOST_BYTES:
        raise SheetTooLarge
    if content.startswith(_OLE):
        raise SheetEncrypted if _ENCRYPTED in content else NotASheet
    if content.startswith(_ZIP):
        _measure(content)
        return _of_workbook(content)
    return rows_of(_counted(_of_text(content)))


def _of_workbook(content: bytes) -> list[Row]:
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            try:
                return rows_of(workbook.get_sheet_by_name(name).to_python(skip_empty_area=False))  # type: ignore[arg-type]
            except HeaderMissing:
                continue
    except PasswordError as error:
        raise SheetEncrypted from error
    except (CalamineError, ValueError, OSError) as error:
        raise NotASheet from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # Rust's, and no Exception
            raise NotASheet from error
        raise
    raise HeaderMissing


def _measure(content: bytes) -> None:
    """Raises SheetTooLarge or NotASheet for a workbook that must not be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise SheetTooLarge
            if "xl/workbook.xml" not in packed.namelist():
                raise NotASheet
            if any(part.flag_bits & 1 for part in parts):
                raise SheetEncrypted
            for part in parts:
                _measure_part(packed, part)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise NotASheet from error


def _measure_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    sheet = part.filename.startswith("xl/worksheets/")
    rest = b""
    with packed.open(part) as unpacked:
        while piece := unpacked.read(_PIECE):
            if sheet:
                _measure_places(rest + piece)
                rest = piece[-_LONGEST_PLACE:]


def _measure_places(xml: bytes) -> None:
    for column, row in _PLACE.findall(xml):
        if int(row) > rules.MOST_ROWS or _column_number(column) > rules.MOST_COLUMNS:
            raise SheetTooLarge


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


def _of_text(content: bytes) -> Iterator[Cells]:
    text = _decoded(content)
    delimiter = "\t" if "\t" in text[:2000] else ","
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    except csv.Error as error:
        raise NotASheet from error


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise NotASheet
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise NotASheet


def _counted(sheet: Iterable[Cells]) -> Iterator[Cells]:
    for number, cells in enumerate(sheet, start=1):
        if number > rules.MOST_ROWS:
            raise SheetTooLarge
        yield cells
