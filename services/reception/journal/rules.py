"""What a hall did while it was cut off from the network, and how it is told afterwards (the product's own).

The board keeps a journal on the device and hands it in, in order. What fits is done as of the time at which it
happened; what no longer fits is a conflict for the manager, never dropped. A limit that ran out while the hall was cut
off is held against nobody: the tap may have been forgotten, and nobody was told.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

MOST_ENTRIES = 100
"""Of one hand-in, which holds up the hall's other acts for as long as it takes; a longer journal comes in parts."""

KEPT_FOR = timedelta(days=7)


class Deed(StrEnum):
    """What an entry of a journal says that somebody did."""

    ARRIVAL = "arrival"
    GREET = "greet"
    COMPLETE = "complete"
    LEAVE = "leave"
    TAKE_OVER = "take_over"
    NOT_BUYING = "not_buying"
    WITNESS = "witness"
    CLOCK_IN = "clock_in"
    CLOCK_OUT = "clock_out"
    STEP_OUT = "step_out"
    ACCEPT = "accept"
    GRANT = "grant"
    CANCEL = "cancel"
    RETURN = "return"
    WALK_OFF = "walk_off"
    READY = "ready"


ABOUT_DUTY = frozenset({Deed.CLOCK_IN, Deed.CLOCK_OUT})
ABOUT_A_STEP_OUT = frozenset({Deed.ACCEPT, Deed.GRANT, Deed.CANCEL})
"""Of a step-out that was asked for; whose it is names it, for nobody asks for two."""
DECIDED_ON_THE_LINE = ABOUT_A_STEP_OUT | {Deed.STEP_OUT, Deed.WALK_OFF, Deed.READY}
ON_THE_FLOOR = DECIDED_ON_THE_LINE | {Deed.RETURN}
ABOUT_A_RECEPTION = frozenset(Deed) - ABOUT_DUTY - ON_THE_FLOOR - {Deed.ARRIVAL}
BY_SOMEBODY = frozenset(Deed) - {Deed.ARRIVAL, Deed.LEAVE}
"""What only a salesperson does; the others the front desk does as well."""


class Outcome(StrEnum):
    """What became of an entry."""

    APPLIED = "applied"
    CONFLICT = "conflict"


class UnknownArrival(Exception):
    """The arrival that the entry names was not handed in before it, or led to no reception."""


class AssignedToAnother(Exception):
    """The device called somebody else than the rules do; the visitor is kept, with whom the rules say."""

    def __init__(self, server_id: str | None, device_said: str) -> None:
        super().__init__(server_id)
        self.server_id, self.device_said = server_id, device_said


class Overtaken(Exception):
    """What this was done to went on, elsewhere, after it was done on the device."""


class BackInTime(Exception):
    """Somebody was back in time, says the device, and meanwhile the limit had been held against them; they are back."""


class TooOld(Exception):
    """This was done longer ago than a journal is believed."""

    def __init__(self) -> None:
        super().__init__()
        self.days = KEPT_FOR.days


class SettledAlready(Exception):
    """The conflict has been settled."""


class UnknownConflict(Exception):
    """There is no such conflict in this hall."""


class Times:
    """When the entries of one hand-in happened: never before the entry before, and never after now.

    The order counts, the device's clock may be wrong or have been set. `floor` is when somebody else last changed the
    hall: what is decided on the line as it stands cannot have been decided before.
    """

    def __init__(self, now: datetime, floor: datetime | None) -> None:
        self.floor = floor
        self._now, self._last = now, now - KEPT_FOR

    def of(self, happened_at: datetime) -> datetime:
        """The time that an entry counts as; raises TooOld."""
        if happened_at < self._now - KEPT_FOR:
            raise TooOld
        self._last = min(max(happened_at, self._last), self._now)
        return self._last

    def of_decision(self, at: datetime) -> datetime:
        """The same for what is decided on the line."""
        return at if self.floor is None else max(at, min(self.floor, self._now))


def of_step(at: datetime, touched: Iterable[datetime | None], handed_in: bool) -> datetime:
    """When a step of a reception counts as done, given when the reception was touched before; raises Overtaken.

    A reception that came with the journal follows the journal; any other may have gone on elsewhere.
    """
    last = max((one for one in touched if one is not None), default=at)
    if not handed_in:
        check_not_overtaken(at, [last])
    return max(at, last)


def check_not_overtaken(at: datetime, touched: Iterable[datetime | None]) -> None:
    """Raises Overtaken if this, done at `at`, was done to what has been touched since."""
    if any(one is not None and at < one for one in touched):
        raise Overtaken
