"""Which refusal answers with which HTTP status; texts.toml has the words."""

from collections.abc import Mapping

from services.reception.attendance.rules import AlreadyOnDuty, BadTime, NotOnDuty, NotRostered, StillServing
from services.reception.delegations.rules import (
    BadPeriod,
    NotTheirCustomer,
    NotToOneself,
    NotYoursToEntrust,
    ReasonNeeded,
    TakenBackAlready,
)
from services.reception.delegations.views import UnknownDelegation
from services.reception.door.rules import OneQuestion
from services.reception.forfeits.rules import AlreadyExcused
from services.reception.forfeits.views import UnknownForfeit
from services.reception.journal.rules import (
    AssignedToAnother,
    Overtaken,
    SettledAlready,
    TooOld,
    UnknownArrival,
    UnknownConflict,
)
from services.reception.people.rules import UnknownBranch, UnknownStaff
from services.reception.receipts.rules import NotRegisteredYet
from services.reception.receptions.actions import WhoseCustomer
from services.reception.receptions.rules import (
    NotAskedToWitness,
    NotBuyingNobody,
    NotFree,
    NotOfThisHall,
    NotYourReception,
    NotYoursToTakeOver,
    SomebodyElseMustHear,
    SomebodyElseMustSay,
    WrongState,
)
from services.reception.receptions.views import UnknownReception
from services.reception.rotation.actions import HallNameTaken
from services.reception.rotation.rules import AlreadyOnTheLine, NotOnTheLine, OtherPeopleOnTheLine
from services.reception.rotation.views import UnknownHall
from services.reception.stepping_out.rules import (
    AskedAlready,
    AwayAlready,
    NotA,
    NotAColleague,
    NotASupervisor,
    NotAway,
    NotBound,
    NotInOwnCase,
    NotNextInLine,
    NotOnDutyHere,
    NotYourStepOut,
    ServingNow,
    SomebodyIsFree,
    StepOutIsOver,
    UnknownReason,
)
from services.reception.stepping_out.views import UnknownStepOut
from services.reception.visitors.phones import BadPhone
from services.reception.visitors.views import UnknownCustomer

PROBLEMS: Mapping[type[Exception], int] = {
    AlreadyExcused: 409,
    AlreadyOnDuty: 409,
    AlreadyOnTheLine: 409,
    AssignedToAnother: 409,
    AskedAlready: 409,
    AwayAlready: 409,
    BadPeriod: 422,
    BadPhone: 422,
    BadTime: 422,
    HallNameTaken: 409,
    NotA: 409,
    NotAColleague: 403,
    NotASupervisor: 403,
    NotAskedToWitness: 403,
    NotAway: 409,
    NotBound: 409,
    NotBuyingNobody: 409,
    NotFree: 409,
    NotInOwnCase: 403,
    NotNextInLine: 403,
    NotOfThisHall: 403,
    NotOnDuty: 409,
    NotOnDutyHere: 409,
    NotOnTheLine: 409,
    NotRegisteredYet: 409,
    NotRostered: 409,
    NotTheirCustomer: 409,
    NotToOneself: 422,
    NotYourReception: 403,
    NotYourStepOut: 403,
    NotYoursToEntrust: 403,
    NotYoursToTakeOver: 403,
    OneQuestion: 422,
    OtherPeopleOnTheLine: 409,
    Overtaken: 409,
    ReasonNeeded: 422,
    ServingNow: 409,
    SettledAlready: 409,
    SomebodyElseMustHear: 409,
    SomebodyElseMustSay: 403,
    SomebodyIsFree: 409,
    StepOutIsOver: 409,
    StillServing: 409,
    TakenBackAlready: 409,
    TooOld: 409,
    UnknownArrival: 409,
    UnknownBranch: 422,
    UnknownConflict: 404,
    UnknownCustomer: 422,
    UnknownDelegation: 404,
    UnknownForfeit: 404,
    UnknownHall: 404,
    UnknownReason: 422,
    UnknownReception: 404,
    UnknownStaff: 422,
    UnknownStepOut: 404,
    WhoseCustomer: 422,
    WrongState: 409,
}
