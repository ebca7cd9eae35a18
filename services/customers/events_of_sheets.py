"""The facts about sheets that come in and go out."""

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from chassis.events import Fact


@dataclass(frozen=True)
class CustomersExported(Fact):
    """A member of staff has taken customers out of the system: so many `rows`, with these `fields`, by their role.

    `scope` is own, team, branch or all; `branch_id` None: of one who sees all branches.
    """

    TYPE: ClassVar[str] = "customers.exported.v1"

    export_id: str
    branch_id: str | None
    staff_id: str
    role: str
    scope: str
    fields: list[str]
    whole_phones: bool
    rows: int
    asked_at: dt.datetime


@dataclass(frozen=True)
class ImportProgressed(Fact):
    """So many rows of a sheet have been done, of all: taken in (`state` running), or tried only (trying)."""

    TYPE: ClassVar[str] = "import.progressed.v1"

    import_id: str
    branch_id: str
    state: str
    done: int
    of: int


@dataclass(frozen=True)
class RowWords:
    """What a row says in words of somebody's own, which may tell anything of the customer; None: nothing there."""

    method: str | None
    intent: str | None
    result: str | None
    salesperson_name: str | None


@dataclass(frozen=True)
class SheetRowImported(Fact):
    """A row of an imported sheet has come in, complete or not; `warnings` holds codes of what was missing or strange.

    `row_key` is the file's SHA-256, a colon and the row's number as the sheet counts it. `progress` is 0 to 100.
    `customer_id` is None when the row does not say whose it is. `method`, `intent` and `result` are the sheet's usual
    words (电话, 确定购买意向, 成交); any other text stands in `personal` instead, and so does the name of a salesperson
    who is not one of the branch's staff.
    """

    TYPE: ClassVar[str] = "sheet_row.imported.v1"

    row_key: str
    row_number: int
    branch_id: str
    customer_id: str | None
    followup_date: dt.date | None
    method: str | None
    progress: int | None
    intent: str | None
    result: str | None
    deal_date: dt.date | None
    salesperson_id: str | None
    salesperson_name: str | None
    warnings: list[str]
    personal: RowWords | None
