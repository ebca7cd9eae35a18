"""A workbook with the parts, attributes and styles that LibreOffice Calc writes."""

import io
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from xml.sax.saxutils import escape

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_ROW = 'customFormat="false" ht="12.8" hidden="false" customHeight="false" outlineLevel="0" collapsed="false"'
_DAY_ZERO = date(1899, 12, 30)
_PARTS = {
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/relationships/extended-properties" Target="docProps/app.xml"/>'
    "</Relationships>",
    "docProps/app.xml": f'<Properties xmlns="{_OFFICE}/extended-properties"><Template></Template>'
    "<Application>LibreOffice/7.4.7.2$Linux_X86_64</Application><AppVersion>15.0000</AppVersion></Properties>",
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/relationships/styles" Target="styles.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId3" Type="{_OFFICE}/relationships/sharedStrings" Target="sharedStrings.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}/relationships"><fileVersion appName="Calc"/>'
    '<workbookPr backupFile="false" showObjects="all" date1904="false"/><workbookProtection/>'
    '<bookViews><workbookView showHorizontalScroll="true" tabRatio="600" firstSheet="0" activeTab="0"/></bookViews>'
    '<sheets><sheet name="工作表1" sheetId="1" state="visible" r:id="rId2"/></sheets>'
    '<calcPr iterateCount="100" refMode="A1" iterate="false" iterateDelta="0.001"/></workbook>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="General"/>'
    '<numFmt numFmtId="165" formatCode="[$-804]yyyy\\年m\\月d\\日;@"/></numFmts>'
    '<fonts count="1"><font><sz val="10"/><name val="Arial"/><family val="2"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border diagonalUp="false" diagonalDown="false"><left/><right/><top/><bottom/><diagonal/>'
    "</border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="164" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="165" fontId="0" fillId="0" borderId="0" xfId="0"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="xml" ContentType='
    '"application/xml"/><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/sharedStrings.xml" ContentType="{_KIND}.sharedStrings+xml"/></Types>',
}


def as_libreoffice_writes(rows: Sequence[Sequence[str | float | bool | date | None]]) -> bytes:
    """Texts are shared and keep their spaces, days are numbers in a style, empty cells have a style, and the last row
    a sheet can have is named."""
    texts = list(dict.fromkeys(cell for row in rows for cell in row if isinstance(cell, str)))
    shared = "".join(f'<si><t xml:space="preserve">{escape(text)}</t></si>' for text in texts)
    lines = "".join(f'<row r="{at}" {_ROW}>{"".join(_cells(at, row, texts))}</row>' for at, row in enumerate(rows, 1))
    parts = _PARTS | {
        "xl/sharedStrings.xml": f'<sst xmlns="{_MAIN}" count="{len(texts)}" uniqueCount="{len(texts)}">{shared}</sst>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{_MAIN}"><sheetPr filterMode="false"><pageSetUpPr '
        'fitToPage="false"/></sheetPr><sheetFormatPr defaultColWidth="11.53" defaultRowHeight="12.8"/>'
        '<cols><col collapsed="false" customWidth="false" hidden="false" outlineLevel="0" max="16384" min="1" '
        f'style="0" width="11.53"/></cols><sheetData>{lines}<row r="1048576" {_ROW}/></sheetData></worksheet>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, xml in parts.items():
            packed.writestr(name, _HEAD + xml)
    return made.getvalue()


def _cells(at: int, row: Sequence[str | float | bool | date | None], texts: Sequence[str]) -> Iterator[str]:
    for place, cell in enumerate(row):
        where = f'r="{chr(65 + place)}{at}"'
        if isinstance(cell, str):
            yield f'<c {where} s="0" t="s"><v>{texts.index(cell)}</v></c>'
        elif isinstance(cell, bool):
            yield f'<c {where} s="0" t="b"><v>{cell:d}</v></c>'
        elif isinstance(cell, date):
            yield f'<c {where} s="1" t="n"><v>{(cell - _DAY_ZERO).days}</v></c>'
        else:
            yield f'<c {where} s="0"/>' if cell is None else f'<c {where} s="0" t="n"><v>{cell}</v></c>'
