"""Which refusal answers with which HTTP status; texts.toml has the words."""

from collections.abc import Mapping

from chassis.sheets import NotASheet, SheetEncrypted, SheetTooLarge
from services.customers.amendments.rules import (
    FullNameNeeded,
    NothingToAmend,
    SignatureNeeded,
    UnknownAmendment,
    UnknownEntry,
)
from services.customers.applications.rules import (
    AlreadyYours,
    ApplicantAtCap,
    AppliedAlready,
    DecidedByAnother,
    UnknownApplication,
)
from services.customers.candidates.rules import SamePhone, UnknownCandidate
from services.customers.contacts.rules import UnknownContact
from services.customers.erasure.rules import CodeNotRepeated, StandsForRelatives
from services.customers.exports.rules import (
    ExportForgotten,
    ExportNotAllowed,
    ExportNotReady,
    ExportTooLarge,
    UnknownExport,
    UnknownRole,
)
from services.customers.fields.rules import ChoicesNeeded, FieldNameTaken, UnknownCustomerField, UnknownCustomerType
from services.customers.files.rules import (
    CustomerErased,
    InRecycleBin,
    PhoneHeld,
    UnknownCustomer,
)
from services.customers.groups.rules import ParentBelow, UnknownParent
from services.customers.ownership.rules import NothingToHandOver, OwnerNotInReach
from services.customers.people.rules import BranchNeeded, UnknownBranch
from services.customers.points.rules import NotEnoughPoints, PointsNotOn, TooManyByHand
from services.customers.policy.rules import (
    BadSetting,
    CompanyPolicyIsHeadquarters,
    HoldsTooSoon,
    SettingOutOfRange,
    UnknownSetting,
)
from services.customers.pool.rules import (
    CapReached,
    CoolingOff,
    DailyLimitReached,
    DrawNotPromised,
    OnlyStaffDraw,
    PoolEmpty,
    UnknownDraw,
)
from services.customers.recycle_bin.rules import NotInRecycleBin
from services.customers.register.phones import PhoneNotValid
from services.customers.register.rules_of_completing import RegisteredOtherwise
from services.customers.relations.rules import (
    AlreadyDecided,
    NotTwo,
    OwnRequest,
    RelationKnown,
    UnknownRelation,
)
from services.customers.reveals.rules import RevealLimitReached
from services.customers.searches.rules import (
    ConditionNotPossible,
    RetiredField,
    SearchNameTaken,
    UnknownField,
    UnknownSearch,
)
from services.customers.spreadsheets.rules import (
    ColumnFieldRetired,
    FieldNotOffered,
    FieldTwice,
    FileForgotten,
    HeaderMissing,
    ImportBegun,
    NameNotMapped,
    SheetEmpty,
    SheetUnderWay,
    UnknownImport,
)

PROBLEMS: Mapping[type[Exception], int] = {
    UnknownCustomer: 404,
    UnknownBranch: 404,
    UnknownContact: 404,
    UnknownCustomerField: 404,
    UnknownImport: 404,
    UnknownAmendment: 404,
    UnknownCandidate: 404,
    UnknownEntry: 404,
    UnknownExport: 404,
    UnknownRelation: 404,
    UnknownRole: 404,
    PointsNotOn: 404,
    ExportNotAllowed: 403,
    OwnRequest: 403,
    UnknownSearch: 404,
    SignatureNeeded: 403,
    AlreadyDecided: 409,
    FieldNameTaken: 409,
    ParentBelow: 409,
    ExportForgotten: 409,
    ExportNotReady: 409,
    FileForgotten: 409,
    ImportBegun: 409,
    InRecycleBin: 409,
    NotInRecycleBin: 409,
    PhoneHeld: 409,
    RegisteredOtherwise: 409,
    RelationKnown: 409,
    SamePhone: 409,
    SheetUnderWay: 409,
    StandsForRelatives: 409,
    RevealLimitReached: 409,
    SearchNameTaken: 409,
    CustomerErased: 410,
    SheetTooLarge: 413,
    BranchNeeded: 422,
    ChoicesNeeded: 422,
    CodeNotRepeated: 422,
    ColumnFieldRetired: 422,
    ConditionNotPossible: 422,
    ExportTooLarge: 422,
    FieldNotOffered: 422,
    FieldTwice: 422,
    FullNameNeeded: 422,
    NameNotMapped: 422,
    NotTwo: 422,
    NothingToAmend: 422,
    OwnerNotInReach: 422,
    PhoneNotValid: 422,
    RetiredField: 422,
    UnknownCustomerType: 422,
    UnknownParent: 422,
    NotASheet: 422,
    SheetEncrypted: 422,
    HeaderMissing: 422,
    SheetEmpty: 422,
    UnknownField: 422,
    UnknownApplication: 404,
    UnknownDraw: 404,
    CompanyPolicyIsHeadquarters: 403,
    DecidedByAnother: 403,
    OnlyStaffDraw: 403,
    AlreadyYours: 409,
    ApplicantAtCap: 409,
    AppliedAlready: 409,
    CapReached: 409,
    CoolingOff: 409,
    DailyLimitReached: 409,
    DrawNotPromised: 409,
    NothingToHandOver: 409,
    NotEnoughPoints: 409,
    PoolEmpty: 409,
    BadSetting: 422,
    HoldsTooSoon: 422,
    SettingOutOfRange: 422,
    TooManyByHand: 422,
    UnknownSetting: 422,
}
