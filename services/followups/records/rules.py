"""What a follow-up record may say, and what identifies it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any
from uuid import UUID, uuid5

ON_SITE = "现场跟进"
CLOSED = "成交"
NOT_CLOSED = "未成交"

USUAL: Mapping[str, frozenset[str]] = {
    "method": frozenset((ON_SITE, "电话", "微信", "邮件", "拜访", "视频")),
    "intent": frozenset(("有意向徘徊犹豫", "确定购买意向")),
    "result": frozenset((CLOSED, NOT_CLOSED)),
    "said": frozenset(),
    "salesperson_name": frozenset(),
}
"""The words of a record that are facts, by what they say; others are somebody's own, about the customer."""

_NAMESPACE = UUID("6d0f7a52-5a0e-4c77-9d6e-6f1f7ce0a6b1")


class Origin(StrEnum):
    """Where a record comes from."""

    RECEPTION = "reception"
    IMPORT = "import"
    PERSON = "person"


@dataclass(frozen=True)
class Record:
    """One follow-up, as it is written once and never edited. Days are the branch's local ones, `amount` is cents."""

    branch_id: str
    customer_id: str | None
    date: dt.date | None
    origin: Origin
    origin_key: str | None = None
    row_number: int | None = None
    method: str | None = None
    progress: int | None = None
    intent: str | None = None
    said: str | None = None
    result: str | None = None
    deal_date: dt.date | None = None
    next_contact: dt.date | None = None
    effective: bool = True
    salesperson_id: str | None = None
    salesperson_name: str | None = None
    amount: int | None = None


class SalespersonUnknown(Exception):
    """There is no such active salesperson in the asker's reach."""

    def __init__(self, staff_id: str) -> None:
        super().__init__(staff_id)
        self.staff_id = staff_id


class DayInFuture(Exception):
    """A follow-up, or a deal, on a day that has not come yet."""

    def __init__(self, day: dt.date, today: dt.date) -> None:
        super().__init__(day.isoformat())
        self.day = day
        self.today = today


class NextContactTooEarly(Exception):
    """The next contact is agreed for a day before the follow-up itself."""

    def __init__(self, next_contact: dt.date, day: dt.date) -> None:
        super().__init__(next_contact.isoformat())
        self.next_contact = next_contact
        self.day = day


class DealWithoutContact(Exception):
    """A deal is closed, but the follow-up is said to have reached nobody."""


class AmountWithoutDeal(Exception):
    """An amount is given, but no deal was closed."""


def words_in(record: Mapping[str, Any]) -> dict[str, str]:
    """What a record says in words of somebody's own: they are forgotten with the customer."""
    said = {name: record[name] for name in USUAL}
    return {name: word for name, word in said.items() if word is not None and word not in USUAL[name]}


def without_words(record: Record) -> Record:
    """What is left of a record when they are forgotten."""
    return replace(record, **dict.fromkeys(words_in(vars(record))))  # type: ignore[arg-type]


def id_of(branch_id: str, origin: Origin, origin_key: str) -> str:
    """The id of a record that comes from an event: the same in every order, repetition and rebuild."""
    return str(uuid5(_NAMESPACE, f"{branch_id}/{origin.value}/{origin_key}"))


def check(record: Record, today: dt.date) -> None:
    """Whether a person may record this on the branch's local day `today`; raises what is wrong with it."""
    for day in (record.date, record.deal_date if record.result == CLOSED else None):
        if day is not None and day > today:
            raise DayInFuture(day, today)
    if record.next_contact and record.date and record.next_contact < record.date:
        raise NextContactTooEarly(record.next_contact, record.date)
    if record.result == CLOSED and not record.effective:
        raise DealWithoutContact
    if record.result != CLOSED and record.amount is not None:
        raise AmountWithoutDeal


def deal_date_of(result: str | None, deal_date: dt.date | None, day: dt.date) -> dt.date | None:
    """The day a deal counts on: as given; the follow-up's own day when it closed and nothing else is said."""
    return day if result == CLOSED and deal_date is None else deal_date


def visit_of(origin_key: str) -> str:
    """The reception that a record comes from: a visitor's record has its id as key, a companion's begins with it."""
    return origin_key.partition("/")[0]
