"""Where and when the reader is: instants on the wall clock of their branch."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chassis.web import the_asker
from gateway.identity.views import one_branch
from gateway.office import the_office
from gateway.pages import hall


@dataclass(frozen=True)
class Here:
    """A wall clock."""

    zone: ZoneInfo

    @property
    def today(self) -> date:
        return hall.now().astimezone(self.zone).date()

    def day(self, instant: str) -> date:
        """The day of an instant."""
        return self._there(instant).date()

    def clock(self, instant: str) -> str:
        """`09:30`."""
        return f"{self._there(instant):%H:%M}"

    def minute(self, instant: str) -> str:
        """`2026-03-02 09:30`; outside of any branch the zone is named."""
        return f"{self._there(instant):%Y-%m-%d %H:%M}{self._named()}"

    def second(self, instant: str) -> str:
        """`2026-03-02 09:30:05`."""
        return f"{self._there(instant):%Y-%m-%d %H:%M:%S}{self._named()}"

    def beside(self, instant: str, other: str) -> str:
        """The same, without the day where it stands beside another instant of that day."""
        return f"{self._there(instant):%H:%M:%S}" if self.day(instant) == self.day(other) else self.second(instant)

    def instant(self, typed: str) -> str:
        """A local time as a form sends it, with its offset; what is no time goes on as typed, to be refused."""
        try:
            return datetime.fromisoformat(typed).replace(tzinfo=self.zone).isoformat()
        except ValueError:
            return typed

    def _there(self, instant: str) -> datetime:
        return datetime.fromisoformat(instant).astimezone(self.zone)

    def _named(self) -> str:
        return " UTC" if self.zone.key == "UTC" else ""


def here() -> Here:
    """Where the reader works; whoever belongs to the whole company reads UTC."""
    who, office = the_asker(), the_office()
    if who.branch_id is None:
        return Here(ZoneInfo("UTC"))
    with office.database.read() as tx:
        return Here(ZoneInfo(one_branch(tx, who, who.branch_id)["time_zone"]))
