"""What came of a row, and why a sheet, a mapping of its columns or a row is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

Cell = str | float | int | bool | date | datetime | time | timedelta | None
Cells = Sequence[Cell]

HEADER_WITHIN = 20  # rows: what stands above is titles
MOST_ROWS = 110_000  # as many as an export has, and what stands around them
MOST_COLUMNS = 60
MOST_BYTES = 10_000_000
CLOSED = "成交"
USUAL: Mapping[str, frozenset[str]] = {
    "method": frozenset("现场跟进 电话 微信 邮件 拜访 视频".split()),
    "intent": frozenset("有意向徘徊犹豫 确定购买意向".split()),
    "result": frozenset((CLOSED, "未成交")),
    "salesperson_name": frozenset(),
}
"""The words of a follow-up sheet that are facts, by what they say; others are somebody's own, about the customer."""
KEPT_DAYS = 30
"""So long the rows that were refused can be fetched, and a sheet that was never begun is kept."""


class HeaderMissing(Exception):
    """No row among the first ones names the columns."""

    within = HEADER_WITHIN
    needed = "姓名, 电话"


class SheetEmpty(Exception):
    """There is no row below the header."""


class UnknownImport(Exception):
    """There is no such import, or not within the asker's reach."""


class ImportBegun(Exception):
    """The import is under way or done: its columns are settled."""


class FileForgotten(Exception):
    """The sheet is no longer kept: it was handed in too long ago, or somebody was erased since."""


class SheetUnderWay(Exception):
    """A sheet of the branch is being taken in, and a row that is still to come may name whom nobody is to know."""


class FieldNotOffered(Exception):
    """A column is to be read as something that is not offered, or there are more columns than the sheet has."""


class ColumnFieldRetired(Exception):
    """Columns are read as fields that were retired since: what these are read as is to be chosen again."""

    def __init__(self, columns: Sequence[str]) -> None:
        super().__init__("column_field_retired")
        self.columns = "、".join(columns)


class FieldTwice(Exception):
    """Two columns are to be read as the same."""


class NameNotMapped(Exception):
    """No column is read as the name: without one there is no customer."""


def own_words(said: Mapping[str, str | None]) -> dict[str, str]:
    """What of this, by the names of USUAL, is said in words of somebody's own."""
    return {name: word for name, word in said.items() if word is not None and word not in USUAL[name]}


@dataclass(frozen=True)
class Refusal:
    """Why a row does not come in: a code, and the title of the column that it is about."""

    code: str
    column: str | None = None


class RowRefused(Exception):
    """A row does not come in."""

    def __init__(self, code: str, column: str | None = None) -> None:
        super().__init__(code)
        self.refusal = Refusal(code, column)


class Fate(StrEnum):
    """What became of a row: it brought a customer, belongs to a known one, to none, is refused, or was in already."""

    NEW_CUSTOMER = "new_customer"
    KNOWN_CUSTOMER = "known_customer"
    NO_CUSTOMER = "no_customer"
    REFUSED = "refused"
    SEEN_BEFORE = "seen_before"


@dataclass(frozen=True)
class Row:
    """One row as the sheet means it. `number` is the sheet's own, from 1; `progress` 0 to 100; blank cells are None.

    `phone` is E.164. `file` holds what else the customer's file is to say, by field; `cells` the row as it stands.
    A row with a `refusal` does not come in.
    """

    number: int
    code: str | None = None
    name: str | None = None
    phone: str | None = None
    customer_type: str | None = None
    salesperson: str | None = None
    followup_date: date | None = None
    method: str | None = None
    progress: int | None = None
    intent: str | None = None
    result: str | None = None
    deal_date: date | None = None
    tags: tuple[str, ...] = ()
    file: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    refusal: Refusal | None = None
    follows_up: bool = False
    cells: Cells = field(default=(), compare=False, repr=False)
