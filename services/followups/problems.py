"""Which refusal answers with which HTTP status; texts.toml has the words."""

from collections.abc import Mapping

from services.followups.people.rules import CustomerUnknown
from services.followups.records.rules import (
    AmountWithoutDeal,
    DayInFuture,
    DealWithoutContact,
    NextContactTooEarly,
    SalespersonUnknown,
)

PROBLEMS: Mapping[type[Exception], int] = {
    CustomerUnknown: 404,
    SalespersonUnknown: 422,
    DayInFuture: 422,
    NextContactTooEarly: 422,
    DealWithoutContact: 422,
    AmountWithoutDeal: 422,
}
