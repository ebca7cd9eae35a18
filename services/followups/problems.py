"""Which refusal answers with which HTTP status; texts.toml has the words."""

from collections.abc import Mapping

from services.followups.corrections.rules import (
    CorrectionDecided,
    CorrectionUnknown,
    CorrectionWaiting,
    NothingToCorrect,
    NotSignedYet,
    SomebodyElseSigns,
)
from services.followups.credit.rules import DealUnknown
from services.followups.people.rules import CustomerErased, CustomerUnknown
from services.followups.records.rules import (
    AmountWithoutDeal,
    DayInFuture,
    DealWithoutContact,
    NextContactTooEarly,
    SalespersonUnknown,
)

PROBLEMS: Mapping[type[Exception], int] = {
    CustomerErased: 409,
    CustomerUnknown: 404,
    SalespersonUnknown: 422,
    DayInFuture: 422,
    NextContactTooEarly: 422,
    DealWithoutContact: 422,
    AmountWithoutDeal: 422,
    CorrectionDecided: 409,
    CorrectionUnknown: 404,
    CorrectionWaiting: 409,
    DealUnknown: 404,
    NothingToCorrect: 422,
    NotSignedYet: 422,
    SomebodyElseSigns: 403,
}
