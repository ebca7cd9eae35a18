"""Which rows belong on the sheet, and which day makes a deal count."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Basis(StrEnum):
    """The day by which a closed deal belongs to a period."""

    DEAL_DATE = "deal_date"
    FOLLOWUP_DATE = "followup_date"


class PeriodBackwards(Exception):
    """The period ends before it begins."""

    def __init__(self, first: date, last: date) -> None:
        super().__init__(f"{first} {last}")
        self.first = first
        self.last = last


class SheetTooLong(Exception):
    """There are more rows than one answer holds."""

    def __init__(self, most: int) -> None:
        super().__init__(str(most))
        self.most = most


@dataclass(frozen=True)
class Period:
    """The days from `first` to `last`, both included; raises PeriodBackwards."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise PeriodBackwards(self.first, self.last)
