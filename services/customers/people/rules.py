"""Questions about people and their branches that need no table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

USUAL_ZONE = "Asia/Shanghai"
"""Until the branch itself has been heard of."""


class UnknownBranch(Exception):
    """A branch that this service has not heard of, that is closed, or that the asker does not belong to."""


class BranchNeeded(Exception):
    """Someone of the whole company must say which branch is meant."""


@dataclass(frozen=True)
class Branch:
    """A branch and its IANA time zone, as far as it is known."""

    branch_id: str
    zone: str | None

    def day(self, instant: datetime) -> date:
        """The local day of `instant` there."""
        return day_in(self.zone, instant)


@dataclass(frozen=True)
class Salesperson:
    """Whom a name on a sheet means: `staff_id` None when nobody, or more than one, of the branch has that name."""

    staff_id: str | None
    warning: str | None


def named(name: str, staff: Mapping[str, Sequence[str]]) -> Salesperson:
    """Who in `staff` (ids by name) is meant by `name`."""
    ids = staff.get(name, ())
    if len(ids) == 1:
        return Salesperson(ids[0], None)
    return Salesperson(None, "salesperson_ambiguous" if ids else "salesperson_unknown")


def day_in(zone: str | None, instant: datetime) -> date:
    """The local day of `instant` in an IANA time zone; an unknown one counts as the usual zone."""
    try:
        return instant.astimezone(ZoneInfo(zone or USUAL_ZONE)).date()
    except (ZoneInfoNotFoundError, ValueError):
        return instant.astimezone(ZoneInfo(USUAL_ZONE)).date()
