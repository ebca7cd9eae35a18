"""What kind of file it is, by its first bytes, and its sheets."""

from collections.abc import Iterable, Iterator

from chassis.sheets.limits import Cells, Limits, NotASheet, OldWorkbook, SheetEncrypted, SheetTooLarge
from chassis.sheets.text import Text
from chassis.sheets.workbook import sheets_of

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD = ("Workbook".encode("utf-16-le"), b"B\x00o\x00o\x00k\x00\x00")


def sheets_in(content: bytes, limits: Limits) -> Iterator[Iterable[Cells]]:
    """The sheets of a file in their order, each row by row; a text is one sheet. Each can be gone through again.

    Whatever is in the file, it takes this process little more memory than the cells that it answers. Raises
    SheetTooLarge, NotASheet (OldWorkbook) or SheetEncrypted, some of them while the rows are read.
    """
    if len(content) > limits.bytes:
        raise SheetTooLarge(limits)
    if content.startswith(_OLE):
        raise _kind_of_old(content)
    if content.startswith(_ZIP):
        yield from sheets_of(content, limits)
    else:
        yield Text(content, limits)


def _kind_of_old(content: bytes) -> Exception:
    if _ENCRYPTED in content:
        return SheetEncrypted()
    return OldWorkbook() if any(name in content for name in _OLD) else NotASheet()
