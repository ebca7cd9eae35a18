"""What a role may take out, and why an export is refused."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.customers.fields.rules import Field

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


def titles_of_own(fields: Iterable[Field], branches: Mapping[str, str], *, is_chinese: bool) -> dict[str, str]:
    """The titles of own fields in use by `details.<id>`, the company's first, then those of one branch after the other.

    `branches`: their names, which tell fields of several branches apart that have one title.
    """
    mine = {one: branches.get(one.branch_id or "", "") for one in fields if not one.retired}
    in_order = sorted(mine, key=lambda one: (mine[one], one.branch_id or "", one.place, one.field_id))
    titles = {one: one.name_zh if is_chinese else one.name_en for one in in_order}
    times = Counter(titles.values())
    apart = "{}（{}）" if is_chinese else "{} ({})"
    return {
        f"details.{one.field_id}": apart.format(title, mine[one]) if times[title] > 1 and mine[one] else title
        for one, title in titles.items()
    }


def narrower(reach: Scope, scope: Scope) -> Scope:
    """Nobody takes out what they do not see, nor more than their role may."""
    return min(reach, scope, key=SCOPES.index)
