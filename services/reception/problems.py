"""Which refusal answers with which HTTP status; texts.toml has the words."""

from collections.abc import Mapping

from chassis.sheets import NotASheet, SheetEncrypted, SheetTooLarge
from services.reception.attendance.rules import (
    AlreadyOnDuty,
    LeaveDecided,
    LeaveOfNoTime,
    NotOnDuty,
    NotYourLeaveToDecide,
    StillServing,
)
from services.reception.attendance.views import NothingDrawn, UnknownLeave
from services.reception.corrections.rules import (
    AlreadyAsked,
    AlreadyUndone,
    CannotBeUndone,
    NobodysCustomer,
    NothingAsked,
    NothingToRule,
    SupervisorsDecide,
    TooLate,
)
from services.reception.corrections.views import UnknownEntry
from services.reception.delegations.rules import (
    BadPeriod,
    NotTheirCustomer,
    NotToOneself,
    NotYoursToEntrust,
    TakenBackAlready,
)
from services.reception.delegations.views import UnknownDelegation
from services.reception.discipline.rules import (
    AlreadyRecorded,
    CaseDecided,
    MonthSettled,
    NotHappenedYet,
    NotYourPenalty,
    OwnCase,
    PenaltyStands,
    PenaltyUndecided,
    UnknownCase,
    UnknownPenalty,
    UnknownPerson,
)
from services.reception.disputes.rules import DisputeDecided, NobodyElse, UnknownDispute
from services.reception.door.rules import OneQuestion
from services.reception.forfeits.rules import AlreadyExcused
from services.reception.forfeits.views import UnknownForfeit
from services.reception.journal.rules import (
    AssignedToAnother,
    BackInTime,
    Overtaken,
    SettledAlready,
    TooOld,
    UnknownArrival,
    UnknownConflict,
)
from services.reception.people.rules import ReasonNeeded, UnknownBranch, UnknownStaff
from services.reception.policy.actions import HoldsTooSoon
from services.reception.policy.rules import CompanyPolicyIsHeadquarters
from services.reception.policy.rules_of_documents import (
    BadSetting,
    BandsMustRise,
    ReasonUnnamed,
    SettingOutOfRange,
    UnknownSetting,
)
from services.reception.receipts.rules import NotRegisteredYet
from services.reception.receptions.actions import WhoseCustomer
from services.reception.receptions.rules import (
    ActInPerson,
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
from services.reception.rosters.rules import BadDay, BadTime, DayIsOver, HallIsClosed, HoursOverlap, NotRostered
from services.reception.rosters.rules_of_sheet import RosterHeaderMissing, RosterSheetEmpty
from services.reception.rotation.actions import HallNameTaken
from services.reception.rotation.rules import AlreadyOnTheLine, NotOnTheLine, OtherPeopleOnTheLine
from services.reception.rotation.views import UnknownHall
from services.reception.settlements.rules import AlreadyReviewed, BadMonth, MonthNotOver, NothingHeld, PayIsPrivate
from services.reception.stepping_out.rules import (
    AskedAlready,
    AwayAlready,
    NotA,
    NotAColleague,
    NotASupervisor,
    NotAway,
    NotBound,
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
    AlreadyAsked: 409,
    AlreadyExcused: 409,
    AlreadyOnDuty: 409,
    AlreadyOnTheLine: 409,
    AlreadyRecorded: 409,
    AlreadyReviewed: 409,
    AlreadyUndone: 409,
    AskedAlready: 409,
    AssignedToAnother: 409,
    AwayAlready: 409,
    BackInTime: 409,
    BadDay: 422,
    BadMonth: 422,
    BadPeriod: 422,
    BadPhone: 422,
    BadSetting: 422,
    BadTime: 422,
    BandsMustRise: 422,
    ReasonUnnamed: 422,
    CannotBeUndone: 409,
    CaseDecided: 409,
    CompanyPolicyIsHeadquarters: 403,
    DayIsOver: 409,
    DisputeDecided: 409,
    HallIsClosed: 409,
    HallNameTaken: 409,
    HoldsTooSoon: 422,
    HoursOverlap: 422,
    LeaveDecided: 409,
    LeaveOfNoTime: 422,
    MonthNotOver: 409,
    MonthSettled: 409,
    NobodyElse: 422,
    NobodysCustomer: 409,
    NotA: 409,
    NotAColleague: 403,
    NotASheet: 422,
    NotASupervisor: 403,
    NotAskedToWitness: 403,
    NotAway: 409,
    NotBound: 409,
    NotBuyingNobody: 409,
    NotFree: 409,
    NotHappenedYet: 422,
    NotNextInLine: 403,
    NotOfThisHall: 403,
    NotOnDuty: 409,
    NotOnDutyHere: 409,
    NotOnTheLine: 409,
    NotPastDays: 422,
    NotRegisteredYet: 409,
    NotRostered: 409,
    NotTheirCustomer: 409,
    NotToOneself: 422,
    NotYourLeaveToDecide: 403,
    NotYourPenalty: 403,
    NotYourReception: 403,
    NotYourStepOut: 403,
    NotYoursToEntrust: 403,
    NotYoursToTakeOver: 403,
    NothingAsked: 409,
    NothingDrawn: 404,
    NothingHeld: 409,
    NothingToRule: 409,
    OneQuestion: 422,
    OtherPeopleOnTheLine: 409,
    Overtaken: 409,
    OwnCase: 403,
    PayIsPrivate: 403,
    PenaltyStands: 409,
    PenaltyUndecided: 409,
    ReasonNeeded: 422,
    RosterHeaderMissing: 422,
    RosterSheetEmpty: 422,
    ServingNow: 409,
    SettingOutOfRange: 422,
    SettledAlready: 409,
    SheetEncrypted: 422,
    SheetTooLarge: 413,
    SomebodyElseMustHear: 409,
    ActInPerson: 403,
    SomebodyElseMustSay: 403,
    SomebodyIsFree: 409,
    StepOutIsOver: 409,
    StillServing: 409,
    SupervisorsDecide: 403,
    TakenBackAlready: 409,
    TooLate: 409,
    TooOld: 409,
    UnknownArrival: 409,
    UnknownBranch: 422,
    UnknownCase: 404,
    UnknownConflict: 404,
    UnknownCustomer: 422,
    UnknownDelegation: 404,
    UnknownDispute: 404,
    UnknownEntry: 404,
    UnknownForfeit: 404,
    UnknownHall: 404,
    UnknownLeave: 404,
    UnknownPenalty: 404,
    UnknownPerson: 404,
    UnknownReason: 422,
    UnknownReception: 404,
    UnknownSetting: 422,
    UnknownStaff: 422,
    UnknownStepOut: 404,
    WhoseCustomer: 422,
    WrongState: 409,
}
