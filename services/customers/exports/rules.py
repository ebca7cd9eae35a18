"""What a role may take out, and why an export is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

Scope = Literal["own", "team", "branch", "all"]
SCOPES: tuple[Scope, ...] = ("own", "team", "branch", "all")

FIELDS: Mapping[str, int] = {
    "code": 10,
    "name": 14,
    "phone": 18,
    "customer_type": 14,
    "grade": 8,
    "key_account": 10,
    "company": 24,
    "industry": 14,
    "province": 10,
    "city": 10,
    "district": 10,
    "demand.purpose": 14,
    "demand.budget": 14,
    "demand.layout": 14,
    "demand.area": 12,
    "demand.preference": 20,
    "demand.purchasing_power": 14,
    "remarks": 30,
    "details": 14,
    "salesperson": 12,
    "registered_on": 12,
    "source": 10,
}
"""Everything that can go out, in the order of the columns, with their widths in characters.

`details` are the company's own fields, each a column.
"""

LARGEST = 100_000
"""No role may take out more rows at once."""

KEPT_DAYS = 7
"""So long a finished file can be fetched."""


class ExportNotAllowed(Exception):
    """Headquarters lets this role export nothing."""


class ExportTooLarge(Exception):
    """The list is longer than the role may export at once."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class ExportOutdated(Exception):
    """Somebody was erased while the file was written: it is written anew."""


class UnknownExport(Exception):
    """There is no such export, or it is not the asker's."""


class ExportNotReady(Exception):
    """The file is not finished yet."""

    retry_after = 2


class ExportForgotten(Exception):
    """The file was made so long ago that it is no longer kept."""


class UnknownRole(Exception):
    """Nobody of this role can be let export."""


@dataclass(frozen=True)
class Right:
    """What people of a role may take out: how far it reaches, which fields, whole phones or masked ones, how many rows.

    `version` 0: nobody has changed what holds from the beginning.
    """

    role: str
    allowed: bool
    scope: Scope
    fields: Sequence[str]
    whole_phones: bool
    most_rows: int
    version: int = 0


FROM_THE_BEGINNING: Mapping[str, Right] = {
    right.role: right
    for right in (
        Right("manager", True, "branch", tuple(FIELDS), False, 20_000),
        Right("sales_administrator", True, "branch", tuple(FIELDS), True, LARGEST),
        Right("headquarters", True, "all", tuple(FIELDS), True, LARGEST),
    )
}


def narrower(reach: Scope, scope: Scope) -> Scope:
    """Nobody takes out what they do not see, nor more than their role may."""
    return min(reach, scope, key=SCOPES.index)
