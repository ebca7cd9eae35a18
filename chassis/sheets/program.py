"""The program that opens a workbook: `python program.py ROWS COLUMNS SECONDS`, with the file as its input.

The library that reads workbooks holds a whole sheet in memory, as wide and long as its furthest cell says, and Rust
ends a process that gets none: so it is this process that ends, within bounds that the kernel keeps whatever the file
says and however the library understands it. Those who need a sheet start one program for each file.

It answers in parts: a kind, a length, and so many bytes. It imports nothing of ours, to start quickly.
"""

import io
import json
import os
import resource
import struct
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from enum import IntEnum
from itertools import islice
from pathlib import Path
from typing import Any

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetTypeEnum

HEAD = struct.Struct(">BI")

_MOST_MEMORY = 300 << 20
_MOST_TOLD = 64 << 20  # what the process that asked has to hold
_MOST_UNPACKED = 200_000_000
_MOST_PARTS = 2_000
_MOST_SHEETS = 50
_AT_ONCE = 200  # rows
_PIECE = 1 << 20
_OTHER_FORMATS = {"xl/workbook.bin", "content.xml"}
_NOT_A_SHEET = (CalamineError, ValueError, OSError, zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)


class Part(IntEnum):
    """What is told: some rows, that these were a sheet, that there are no more; or why the file is not read."""

    ROWS = 1
    SHEET = 2
    END = 3
    TOO_LARGE = 4
    NOT_A_SHEET = 5
    ENCRYPTED = 6


class Refused(Exception):
    """The file is not read; `part` says why."""

    def __init__(self, part: Part) -> None:
        super().__init__(part)
        self.part = part


def main(rows: int, columns: int, seconds: int) -> None:
    """Read a workbook of at most so many rows and columns, and tell its sheets."""
    _keep_within(seconds)
    try:
        _tell_sheets(sys.stdin.buffer.read(), rows, columns)
    except MemoryError:
        os.abort()  # as Rust ends it: to say so would take memory
    except BaseException as error:  # Rust's panic is no Exception
        _tell(_meaning(error))


def _tell_sheets(content: bytes, rows: int, columns: int) -> None:
    _check(content)
    told = 0
    for sheet in _sheets(content, rows, columns):
        for some in _rows_of(sheet):
            told += len(some)
            if told > _MOST_TOLD:
                raise Refused(Part.TOO_LARGE)
            _tell(Part.ROWS, some)
        _tell(Part.SHEET)
    _tell(Part.END)


def _keep_within(seconds: int) -> None:
    for what, most in (
        (resource.RLIMIT_AS, _MOST_MEMORY),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (bound, bound))
    with suppress(OSError):  # the first to go when the machine is out of memory
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def _check(content: bytes) -> None:
    """Raises what is said of a package that is no workbook, or too large. What it says of the sizes of its parts is
    checked by unpacking them: a wrong size fails its checksum.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = packed.infolist()
        if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _MOST_UNPACKED:
            raise Refused(Part.TOO_LARGE)
        names = {part.filename for part in parts}
        if "xl/workbook.xml" not in names or names & _OTHER_FORMATS:
            raise Refused(Part.NOT_A_SHEET)
        if any(part.flag_bits & 1 for part in parts):
            raise Refused(Part.ENCRYPTED)
        for part in parts:
            with packed.open(part) as unpacked:
                while unpacked.read(_PIECE):
                    pass


def _sheets(content: bytes, rows: int, columns: int) -> Iterator[CalamineSheet]:
    """The sheets that have cells, or none; as many cells in all of them as one may have."""
    workbook, cells = CalamineWorkbook.from_filelike(io.BytesIO(content)), 0
    places = [place for place, sheet in enumerate(workbook.sheets_metadata) if sheet.typ == SheetTypeEnum.WorkSheet]
    for number, place in enumerate(places, start=1):
        if number > _MOST_SHEETS:
            raise Refused(Part.TOO_LARGE)
        sheet = workbook.get_sheet_by_index(place)
        last_row, last_column = sheet.end or (-1, -1)
        cells += (last_row + 1) * (last_column + 1)
        if last_row >= rows or last_column >= columns or cells > rows * columns:
            raise Refused(Part.TOO_LARGE)
        yield sheet


def _rows_of(sheet: CalamineSheet) -> Iterator[bytes]:
    if sheet.start is None:
        return
    left = [""] * sheet.start[1]
    rows = sheet.iter_rows()
    while some := [[*left, *row] if left else row for row in islice(rows, _AT_ONCE)]:
        yield json.dumps(some, ensure_ascii=False, separators=(",", ":"), default=_spelt).encode()


def _spelt(cell: date | datetime | time | timedelta) -> dict[str, Any]:
    if isinstance(cell, timedelta):
        return {"seconds": cell.total_seconds()}
    return {type(cell).__name__: cell.isoformat()}


def _meaning(error: BaseException) -> Part:
    """What an error says of the file; one of another kind says nothing, and is raised."""
    if isinstance(error, Refused):
        return error.part
    if isinstance(error, PasswordError):
        return Part.ENCRYPTED
    if isinstance(error, _NOT_A_SHEET) or type(error).__name__ == "PanicException":
        return Part.NOT_A_SHEET
    raise error


def _tell(part: Part, said: bytes = b"") -> None:
    sys.stdout.buffer.write(HEAD.pack(part, len(said)) + said)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
