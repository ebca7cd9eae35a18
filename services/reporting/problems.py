"""Which refusal answers with which HTTP status; texts.toml has the words."""

from collections.abc import Mapping

from services.reporting.days.rules import DayUnreadable
from services.reporting.facts.rules import BranchUnknown
from services.reporting.sheets.rules import PeriodBackwards, SheetTooLong

PROBLEMS: Mapping[type[Exception], int] = {
    BranchUnknown: 404,
    DayUnreadable: 422,
    PeriodBackwards: 422,
    SheetTooLong: 422,
}
