"""What may be corrected of a deal (一.6 asks for the signing time), by whom, and when it holds."""

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from zoneinfo import ZoneInfo


class State(StrEnum):
    """How a correction stands; only a signed one has an effect."""

    ASKED = "asked"
    SIGNED = "signed"
    REFUSED = "refused"


@dataclass(frozen=True)
class Signing:
    """When a deal was signed, by the branch's clock (`signed_time` None: only the day is known), for how many cents."""

    deal_date: dt.date
    signed_time: dt.time | None
    amount: int | None


class CorrectionUnknown(Exception):
    """There is no such correction in the asker's reach."""

    def __init__(self, correction_id: str) -> None:
        super().__init__(correction_id)
        self.correction_id = correction_id


class CorrectionWaiting(Exception):
    """A correction of this deal waits to be signed or refused."""


class CorrectionDecided(Exception):
    """The correction was signed or refused already."""


class NothingToCorrect(Exception):
    """The deal says so already."""


class NotSignedYet(Exception):
    """The moment of signing has not come yet."""

    def __init__(self, deal_date: dt.date) -> None:
        super().__init__(deal_date.isoformat())
        self.deal_date = deal_date


class SomebodyElseSigns(Exception):
    """Who asked for a correction does not decide it."""


def wanted(
    before: Signing,
    deal_date: dt.date | None,
    signed_time: dt.time | None,
    amount: int | None,
    now: dt.datetime,
    zone: ZoneInfo,
) -> Signing:
    """The deal as it is to be: what is not said (None) stays. Raises NothingToCorrect or NotSignedYet."""
    after = Signing(
        before.deal_date if deal_date is None else deal_date,
        before.signed_time if signed_time is None else signed_time,
        before.amount if amount is None else amount,
    )
    if after == before:
        raise NothingToCorrect
    if dt.datetime.combine(after.deal_date, after.signed_time or dt.time.min, zone) > now:
        raise NotSignedYet(after.deal_date)
    return after


def check_may_decide(state: State, asked_by: str, decider_id: str) -> None:
    """Raises SomebodyElseSigns or CorrectionDecided."""
    if decider_id == asked_by:
        raise SomebodyElseSigns
    if state is not State.ASKED:
        raise CorrectionDecided
