"""Which refusal answers with which HTTP status; texts.toml has the words."""

from collections.abc import Mapping

from services.reception.attendance.rules import AlreadyOnDuty, BadTime, NotOnDuty, NotRostered, StillServing
from services.reception.forfeits.rules import AlreadyExcused
from services.reception.forfeits.views import UnknownForfeit
from services.reception.people.rules import UnknownBranch, UnknownStaff
from services.reception.policy.actions import CompanyPolicyIsHeadquarters, HoldsTooSoon
from services.reception.policy.documents import BadSetting, BandsMustRise, SettingOutOfRange, UnknownSetting
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
from services.reception.trials.rules import NotPastDays
from services.reception.visitors.phones import BadPhone
from services.reception.visitors.views import UnknownCustomer

PROBLEMS: Mapping[type[Exception], int] = {
    AlreadyExcused: 409,
    AlreadyOnDuty: 409,
    AlreadyOnTheLine: 409,
    AskedAlready: 409,
    AwayAlready: 409,
    BadPhone: 422,
    BadSetting: 422,
    BadTime: 422,
    BandsMustRise: 422,
    CompanyPolicyIsHeadquarters: 403,
    HallNameTaken: 409,
    NotA: 409,
    NotAColleague: 403,
    NotASupervisor: 403,
    HoldsTooSoon: 422,
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
    NotPastDays: 422,
    NotRostered: 409,
    NotYourReception: 403,
    NotYourStepOut: 403,
    NotYoursToTakeOver: 403,
    OtherPeopleOnTheLine: 409,
    ServingNow: 409,
    SettingOutOfRange: 422,
    SomebodyElseMustHear: 409,
    SomebodyElseMustSay: 403,
    SomebodyIsFree: 409,
    StepOutIsOver: 409,
    StillServing: 409,
    UnknownBranch: 422,
    UnknownCustomer: 422,
    UnknownForfeit: 404,
    UnknownHall: 404,
    UnknownReason: 422,
    UnknownReception: 404,
    UnknownSetting: 422,
    UnknownStaff: 422,
    UnknownStepOut: 404,
    WhoseCustomer: 422,
    WrongState: 409,
}
