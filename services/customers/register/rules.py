"""Which of several registrations of one customer holds (一.4), and what a full name is.

Time decides, never the order in which registrations arrive here: every question is asked of a set of entries.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal
from uuid import UUID, uuid5

ARTICLE = "一.4"
_NAMESPACE = UUID("6f1c9a52-3b0e-5c6e-9d57-0d0f6f7a2c11")
_HONORIFICS = ("先生", "小姐", "女士", "太太", "夫人", "老师", "经理", "老板", "师傅", "总")
_TITLES = frozenset({"mr", "mrs", "ms", "miss", "dr"})
_DOUBLE_SURNAMES_IN_A_ROW = (
    "欧阳太史上官端木司马东方独孤南宫夏侯诸葛尉迟皇甫公孙慕容令狐司徒宇文长孙司空轩辕闻人澹台申屠"
    "万俟呼延濮阳淳于单于钟离鲜于闾丘拓跋百里东郭西门第五"
)
_DOUBLE_SURNAMES = frozenset(
    _DOUBLE_SURNAMES_IN_A_ROW[at : at + 2] for at in range(0, len(_DOUBLE_SURNAMES_IN_A_ROW), 2)
)


class Origin(StrEnum):
    """What a registration came from."""

    RECEPTION = "reception"
    IMPORT = "import"
    PERSON = "person"


class Kind(StrEnum):
    """A first or repeated registration, or a signed change of name or phone (一.3)."""

    REGISTERED = "registered"
    AMENDED = "amended"


class Rule(StrEnum):
    """Why the winner won."""

    ONLY = "only_registration"
    FIRST = "first_registered"
    FIRST_CORRECT = "first_full_name_and_correct_phone"
    NONE_CORRECT = "first_registered_none_correct"


Reason = Literal["later", "name_not_full", "phone_not_correct", "name_and_phone_not_correct"]


@dataclass(frozen=True)
class Entry:
    """One line of the register. `at` is when name and phone were registered; an amendment counts from its signature.

    `name` and `phone` (E.164) are None once erased, `phone` also when none was given. `registered_by` is a staff
    member, None for a sheet whose salesperson is not one of ours. `ruled_to`: whose it is after reception ruled again.
    """

    entry_id: str
    branch_id: str
    customer_id: str
    kind: Kind
    at: datetime
    local_day: date
    name: str | None
    phone: str | None
    phone_correct: bool
    registered_by: str | None
    origin: Origin
    origin_key: str
    ruled_to: str | None = None

    @property
    def whose(self) -> str | None:
        """Whose customer it makes."""
        return self.ruled_to or self.registered_by

    @property
    def counts(self) -> bool:
        """Whether it has a full name and a correct phone."""
        return self.has_full_name and self.phone_correct

    @property
    def has_full_name(self) -> bool:
        return self.name is not None and is_full_name(self.name)

    @property
    def order(self) -> tuple[datetime, bool, str, str]:
        """Earlier first. At the same instant a change follows what it changes; then what was begun first: keys are
        ids that sort by time."""
        return self.at, self.kind is Kind.AMENDED, self.origin_key, self.entry_id


@dataclass(frozen=True)
class Loser:
    """A registration that does not hold, and why."""

    entry: Entry
    reason: Reason


@dataclass(frozen=True)
class Ruling:
    """Which registration holds, by which rule of which article, and why each other one does not."""

    winner: Entry
    rule: Rule
    losers: tuple[Loser, ...]
    article: str = ARTICLE


def rule(entries: Iterable[Entry]) -> Ruling:
    """Rule among all registrations of one customer: at least one."""
    ordered = sorted(entries, key=lambda entry: entry.order)
    counting = [entry for entry in ordered if entry.counts]
    winner = (counting or ordered)[0]
    losers = tuple(Loser(entry, _why_not(entry, winner)) for entry in ordered if entry is not winner)
    return Ruling(winner, _which_rule(ordered, counting), losers)


def _which_rule(ordered: Sequence[Entry], counting: Sequence[Entry]) -> Rule:
    if len(ordered) == 1:
        return Rule.ONLY
    if not counting:
        return Rule.NONE_CORRECT
    return Rule.FIRST if len(counting) == len(ordered) else Rule.FIRST_CORRECT


def _why_not(entry: Entry, winner: Entry) -> Reason:
    if entry.counts or not winner.counts:
        return "later"
    if entry.has_full_name:
        return "phone_not_correct"
    return "name_not_full" if entry.phone_correct else "name_and_phone_not_correct"


def is_full_name(name: str) -> bool:
    """Whether a name says more than a surname: 王先生, 李小姐, 张总, 王, 欧阳 and Mr Wang do not."""
    bare = _without_honorific(name.strip())
    if bare.isascii():
        return len([word for word in bare.replace(".", " ").split() if word.lower() not in _TITLES]) >= 2
    return len(bare) >= 2 and bare not in _DOUBLE_SURNAMES


def _without_honorific(name: str) -> str:
    for honorific in _HONORIFICS:
        if name.endswith(honorific):
            return name.removesuffix(honorific).strip()
    return name


def phones_of(entries: Iterable[Entry]) -> frozenset[str]:
    """The phones by which one customer is recognised: those registered since the last signed change."""
    ordered = sorted(entries, key=lambda entry: entry.order)
    amended = [index for index, entry in enumerate(ordered) if entry.kind is Kind.AMENDED]
    since = ordered[amended[-1] :] if amended else ordered
    return frozenset(entry.phone for entry in since if entry.phone)


def last_amendment(entries: Iterable[Entry]) -> Entry | None:
    """The latest signed change; None if there was none."""
    amended = [entry for entry in entries if entry.kind is Kind.AMENDED]
    return max(amended, key=lambda entry: entry.order, default=None)


def entry_id_of(branch_id: str, origin: Origin, origin_key: str) -> str:
    """The id of the entry that comes of this origin: the same however often it is told."""
    return str(uuid5(_NAMESPACE, f"{branch_id}/{origin}/{origin_key}"))
