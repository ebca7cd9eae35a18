"""Who works where, as far as the reader sees it: the names and places that the services only know by ids."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chassis.database import Transaction
from chassis.identity import Who
from chassis.web import Page, the_asker, the_web, traceparent
from gateway.identity import views
from gateway.pages import hall
from gateway.pages.language import text

Row = Mapping[str, Any]
_MOST = 200  # rows of a page of identity's lists


@dataclass(frozen=True)
class Company:
    """The branches and the people in the reader's reach, by id."""

    branches: Mapping[str, Row]
    staff: Mapping[str, Row]

    def name(self, staff_id: str | None) -> str:
        """A person's name; whoever is out of reach, or a part of the system, is called what they are."""
        if staff_id is None:
            return ""
        known = self.staff.get(staff_id)
        return str(known["name"]) if known else text("company.elsewhere")

    def zone(self, branch_id: str | None) -> ZoneInfo:
        """A branch's time zone; for the company as a whole that of its first branch."""
        known = self.branches.get(branch_id or "") or next(iter(self.branches.values()), {"time_zone": "Asia/Shanghai"})
        return ZoneInfo(known["time_zone"])

    def local(self, instant: str | None, branch_id: str | None, form: str = "%m-%d %H:%M") -> str:
        """An instant by the branch's wall clock."""
        if instant is None:
            return ""
        return datetime.fromisoformat(instant).astimezone(self.zone(branch_id)).strftime(form)

    def today(self, branch_id: str | None) -> date:
        """The branch's present day."""
        return hall.now().astimezone(self.zone(branch_id)).date()

    def sellers(self, branch_id: str | None) -> list[Row]:
        """Who receives visitors in a branch, or (None) in any, by name."""
        active = (one for one in self.staff.values() if one["active"] and one["role"] == "salesperson")
        return sorted(
            (one for one in active if branch_id in (None, one["branch_id"])), key=lambda one: str(one["name"])
        )

    def branch_of(self, staff_id: str) -> str | None:
        """Where somebody works."""
        branch_id: str | None = self.staff.get(staff_id, {"branch_id": None})["branch_id"]
        return branch_id


def the_company() -> Company:
    """The company as the present reader sees it."""
    who = the_asker()
    with the_web().database.read(traceparent()) as tx:
        branches, staff = (_all(tx, who, listed) for listed in (views.list_branches, views.list_staff))
    return Company({one["branch_id"]: one for one in branches}, {one["id"]: one for one in staff})


def _all(tx: Transaction, who: Who, listed: Callable[[Transaction, Who, Row], Page]) -> list[Row]:
    rows: list[Row] = []
    after = None
    while True:
        page = listed(tx, who, {"after": after, "limit": _MOST})
        rows += [dict(row) for row in page.items]
        if page.next_after is None:
            return rows
        after = page.next_after
