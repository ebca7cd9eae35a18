"""Workbooks made by hand, part by part."""

import io
import zipfile
from collections.abc import Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
SHEET = "xl/worksheets/sheet1.xml"


def sheet(rows: str) -> str:
    """A worksheet of these rows."""
    return f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'


def shared(texts: str) -> str:
    """The shared texts of a workbook."""
    return f'<sst xmlns="{MAIN}">{texts}</sst>'


def targets(*names: str) -> dict[str, str]:
    """The parts of a workbook whose sheets lie where these names say, seen from `xl/`."""
    places = range(1, len(names) + 1)
    sheets = "".join(f'<sheet name="s{place}" sheetId="{place}" r:id="r{place}"/>' for place in places)
    related = "".join(
        f'<Relationship Id="r{place}" Type="{_OFFICE}/worksheet" Target="{name}"/>'
        for place, name in zip(places, names, strict=True)
    )
    return {
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="w" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        f'<Relationship Id="s" Type="{_OFFICE}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    }


def parts(rows: str) -> dict[str, str | bytes]:
    """The parts of a workbook with one sheet of these rows."""
    return {**targets("worksheets/sheet1.xml"), SHEET: sheet(rows)}


def packed(every: Mapping[str, str | bytes] | Iterable[tuple[str, str | bytes]]) -> bytes:
    """A package of these parts, in their order, of whatever names."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in every.items() if isinstance(every, Mapping) else every:
            file.writestr(name, part)
    return made.getvalue()
