"""From a file's bytes to cells: .xlsx by calamine (values only, never formulas), .csv in UTF-8 or GB18030.

A workbook is measured before it is opened: calamine holds a whole sheet, as wide and long as its furthest cell, in
memory. What a zip says of its own sizes is checked by unpacking it (a wrong size fails its checksum).
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Cells = Sequence[Cell]

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD = ("Workbook".encode("utf-16-le"), b"B\x00o\x00o\x00k\x00\x00")
_MOST_UNPACKED = 200_000_000
_MOST_PARTS = 2_000
_PIECE = 1 << 20
_PLACE = re.compile(rb"r\s*=\s*[\"']([A-Z]{1,4})(\d{1,10})[\"']")  # with no \b: it would take twice as long
_LONGEST_PLACE = 64  # bytes that a place in the XML can span


@dataclass(frozen=True)
class Limits:
    """The largest sheet that is read: bytes of the file, rows, columns."""

    bytes: int
    rows: int
    columns: int


class SheetTooLarge(Exception):
    """The file, or what is packed in it, is larger than is read."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(limits)
        self.megabytes, self.rows = limits.bytes // 1_000_000, limits.rows


class NotASheet(Exception):
    """The file is neither an .xlsx workbook nor text of a sheet."""


class OldWorkbook(NotASheet):
    """The file is an .xls workbook, of before 2007."""


class SheetEncrypted(Exception):
    """The workbook opens with a password only."""


def sheets_in(content: bytes, limits: Limits) -> Iterator[Iterable[Cells]]:
    """The sheets of a file in their order, each row by row; a text is one sheet. Each can be gone through again.

    Raises SheetTooLarge, NotASheet (OldWorkbook) or SheetEncrypted, some of them while the rows are read.
    """
    if len(content) > limits.bytes:
        raise SheetTooLarge(limits)
    if content.startswith(_OLE):
        raise _kind_of_old(content)
    if not content.startswith(_ZIP):
        yield _Text(content, limits)
        return
    _measure(content, limits)
    workbook = _opened(content)
    for name in workbook.sheet_names:
        yield _Page(workbook, name, limits)


def _kind_of_old(content: bytes) -> Exception:
    if _ENCRYPTED in content:
        return SheetEncrypted()
    return OldWorkbook() if any(name in content for name in _OLD) else NotASheet()


def _opened(content: bytes) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_filelike(io.BytesIO(content))
    except BaseException as error:
        raise _meaning(error) from error


@dataclass(frozen=True)
class _Page:
    """One sheet of a workbook, which can be gone through again; only a row at a time is turned into cells."""

    workbook: CalamineWorkbook
    name: str
    limits: Limits

    def __iter__(self) -> Iterator[Cells]:
        if self._sheet.start is None:
            return
        left = [""] * self._sheet.start[1]
        rows: Iterable[Cells] = self._sheet.iter_rows()
        if left:
            rows = ([*left, *row] for row in rows)
        yield from _counted(rows, self.limits)

    @cached_property
    def _sheet(self) -> CalamineSheet:
        try:
            return self.workbook.get_sheet_by_name(self.name)
        except BaseException as error:
            raise _meaning(error) from error


def _meaning(error: BaseException) -> BaseException:
    """What an error of the reading library says of the file; an error of another kind says nothing."""
    if isinstance(error, PasswordError):
        return SheetEncrypted()
    broken = isinstance(error, CalamineError | ValueError | OSError)
    if broken or type(error).__name__ == "PanicException":  # Rust's, and no Exception
        return NotASheet()
    return error


def _measure(content: bytes, limits: Limits) -> None:
    """Raises SheetTooLarge, NotASheet or SheetEncrypted for a workbook that must not be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            parts = packed.infolist()
            if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
                raise SheetTooLarge(limits)
            if "xl/workbook.xml" not in packed.namelist():
                raise NotASheet
            if any(part.flag_bits & 1 for part in parts):
                raise SheetEncrypted
            for part in parts:
                _measure_part(packed, part, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError) as error:
        raise NotASheet from error


def _measure_part(packed: zipfile.ZipFile, part: zipfile.ZipInfo, limits: Limits) -> None:
    sheet = part.filename.startswith("xl/worksheets/")
    rest = b""
    with packed.open(part) as unpacked:
        while piece := unpacked.read(_PIECE):
            if sheet:
                _measure_places(rest + piece, limits)
                rest = piece[-_LONGEST_PLACE:]


def _measure_places(xml: bytes, limits: Limits) -> None:
    places = _PLACE.findall(xml)
    columns, rows = {column for column, _ in places}, {row for _, row in places}  # each is named over and over
    if max(map(int, rows), default=0) > limits.rows or max(map(_column_number, columns), default=0) > limits.columns:
        raise SheetTooLarge(limits)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number


@dataclass(frozen=True)
class _Text:
    """A text as a sheet."""

    content: bytes
    limits: Limits

    def __iter__(self) -> Iterator[Cells]:
        return _counted(_of_text(self.content), self.limits)


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


def _counted(sheet: Iterable[Cells], limits: Limits) -> Iterator[Cells]:
    for number, cells in enumerate(sheet, start=1):
        if number > limits.rows or len(cells) > limits.columns:
            raise SheetTooLarge(limits)
        yield cells
