"""Which refusal answers with which HTTP status; texts.toml has the words."""

from collections.abc import Mapping

from services.reception.attendance.rules import AlreadyOnDuty, BadTime, NotOnDuty, NotRostered, StillServing
from services.reception.people.rules import UnknownBranch, UnknownStaff
from services.reception.rotation.actions import HallNameTaken
from services.reception.rotation.rules import (
    AlreadyOnTheLine,
    NotOfThisHall,
    NotOnTheLine,
    NotYourReception,
    OtherPeopleOnTheLine,
    SomebodyElseMustSay,
    WrongState,
)
from services.reception.rotation.views import UnknownHall, UnknownReception
from services.reception.visitors.phones import BadPhone

PROBLEMS: Mapping[type[Exception], int] = {
    AlreadyOnDuty: 409,
    AlreadyOnTheLine: 409,
    BadPhone: 422,
    BadTime: 422,
    HallNameTaken: 409,
    NotOfThisHall: 403,
    NotOnDuty: 409,
    NotOnTheLine: 409,
    NotRostered: 409,
    NotYourReception: 403,
    OtherPeopleOnTheLine: 409,
    SomebodyElseMustSay: 403,
    StillServing: 409,
    UnknownBranch: 422,
    UnknownHall: 404,
    UnknownReception: 404,
    UnknownStaff: 422,
    WrongState: 409,
}
