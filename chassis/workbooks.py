"""Plain tables as .xlsx: a row of titles, then rows as they come, so that memory stays flat.

A text is written as text whatever it begins with: never as a formula, a number or a link. What a sheet can have besides
(merged cells, more pages) is XlsxWriter's; it takes four times as long for a cell.
"""

import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import IO

Cell = str | int | float | date | None

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_048_576 - 1
"""What Excel can hold, below the titles."""

_LONGEST_TEXT = 32_767
_DAY_ZERO = date(1899, 12, 30).toordinal()
_FIRST_DAY = date(1900, 3, 1)  # before it Excel counts a day that never was
_STRANGE = re.compile(r"[&<>\x00-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9a-fA-F]{4}_|^\s|\s$")
_ESCAPED = re.compile(r"[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9a-fA-F]{4}_)")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_AT_ONCE = 500

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_MEDIA}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_MEDIA}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_MEDIA}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy/m/d"/>'
    '</numFmts><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="3"><xf/><xf numFmtId="164" applyNumberFormat="1"/><xf fontId="1" applyFont="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_DAY_STYLE, _TITLE_STYLE = ' s="1"', ' s="2"'


@dataclass(frozen=True)
class Column:
    """A column's title, and its width in characters."""

    title: str
    width: int = 14


def write_table(file: IO[bytes], name: str, columns: Sequence[Column], rows: Iterable[Sequence[Cell]]) -> int:
    """Write a workbook of one page into `file`; answers how many rows it has below the titles.

    Rows have a cell for each column; None stays empty. `name` is the page's, at most 31 characters.
    """
    letters = [_letters(number) for number in range(len(columns))]
    written = 0
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=3) as package:
        for part, xml in {**_PARTS, "xl/workbook.xml": _workbook(name)}.items():
            package.writestr(zipfile.ZipInfo(part), _XML + xml, zipfile.ZIP_DEFLATED)
        with package.open("xl/worksheets/sheet1.xml", "w") as page:
            page.write(_before(columns, letters).encode())
            left = iter(rows)
            while some := list(islice(left, _AT_ONCE)):
                lines = [_row(number, letters, row) for number, row in enumerate(some, start=written + 2)]
                page.write("".join(lines).encode())
                written += len(some)
            page.write(b"</sheetData></worksheet>")
    return written


def _workbook(name: str) -> str:
    page = f'<sheet name="{_escaped(name)[:31]}" sheetId="1" r:id="rId1"/>'
    return f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{page}</sheets></workbook>'


def _before(columns: Sequence[Column], letters: Sequence[str]) -> str:
    widths = "".join(
        f'<col min="{number}" max="{number}" width="{column.width}" customWidth="1"/>'
        for number, column in enumerate(columns, start=1)
    )
    frozen = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
    view = f'<sheetViews><sheetView workbookViewId="0">{frozen}</sheetView></sheetViews>'
    titles = "".join(
        f'<c r="{letter}1"{_TITLE_STYLE} t="inlineStr"><is>{_text(column.title)}</is></c>'
        for letter, column in zip(letters, columns, strict=True)
    )
    head = f'{_XML}<worksheet xmlns="{_MAIN}">{view}<cols>{widths}</cols>'
    return f'{head}<sheetData><row r="1">{titles}</row>'


def _row(number: int, letters: Sequence[str], row: Sequence[Cell]) -> str:
    cells = [
        f'<c r="{letter}{number}" t="inlineStr"><is>{_text(value)}</is></c>'
        if type(value) is str
        else _cell(f"{letter}{number}", value)
        for letter, value in zip(letters, row, strict=True)
        if value is not None
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: Cell) -> str:
    if isinstance(value, date) and value >= _FIRST_DAY:
        return f'<c r="{place}"{_DAY_STYLE}><v>{value.toordinal() - _DAY_ZERO}</v></c>'
    if isinstance(value, int | float):
        return f'<c r="{place}"><v>{value!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is>{_text(str(value))}</is></c>'


def _text(value: str) -> str:
    if _STRANGE.search(value) is None:
        return f"<t>{value[:_LONGEST_TEXT]}</t>"
    return f'<t xml:space="preserve">{_escaped(value[:_LONGEST_TEXT])}</t>'


def _escaped(value: str) -> str:
    return _ESCAPED.sub(lambda found: _ENTITIES.get(found[0]) or _hidden(found[0]), value)


def _hidden(sign: str) -> str:
    """What XML cannot say, in the way that spreadsheets say it."""
    return "\ufffd" if "\ud800" <= sign <= "\udfff" else f"_x{ord(sign):04X}_"


def _letters(number: int) -> str:
    """0 → A, 25 → Z, 26 → AA."""
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
