"""Which refusal answers with which HTTP status; texts.toml has the words."""

from collections.abc import Mapping

from chassis.sheets import NotASheet, SheetEncrypted, SheetTooLarge
from services.customers.contacts.rules import UnknownContact
from services.customers.fields.rules import ChoicesNeeded, FieldNameTaken, UnknownCustomerField, UnknownCustomerType
from services.customers.files.rules import (
    FullNameNeeded,
    OwnerNotInReach,
    OwnerNotYours,
    PhoneHeld,
    SignatureNeeded,
    UnknownCustomer,
)
from services.customers.groups.rules import ParentBelow, UnknownParent
from services.customers.people.rules import BranchNeeded, UnknownBranch
from services.customers.register.phones import PhoneNotValid
from services.customers.reveals.rules import RevealLimitReached
from services.customers.searches.rules import ConditionNotPossible, SearchNameTaken, UnknownField, UnknownSearch
from services.customers.spreadsheets.rules import (
    HeaderMissing,
    SheetEmpty,
    UnknownImport,
)

PROBLEMS: Mapping[type[Exception], int] = {
    UnknownCustomer: 404,
    UnknownBranch: 404,
    UnknownContact: 404,
    UnknownCustomerField: 404,
    UnknownImport: 404,
    UnknownSearch: 404,
    OwnerNotYours: 403,
    SignatureNeeded: 403,
    FieldNameTaken: 409,
    ParentBelow: 409,
    PhoneHeld: 409,
    RevealLimitReached: 409,
    SearchNameTaken: 409,
    SheetTooLarge: 413,
    BranchNeeded: 422,
    ChoicesNeeded: 422,
    ConditionNotPossible: 422,
    FullNameNeeded: 422,
    OwnerNotInReach: 422,
    PhoneNotValid: 422,
    UnknownCustomerType: 422,
    UnknownParent: 422,
    NotASheet: 422,
    SheetEncrypted: 422,
    HeaderMissing: 422,
    SheetEmpty: 422,
    UnknownField: 422,
}
