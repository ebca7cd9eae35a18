"""What a month of penalties comes to for one person, and what of it is past the cap.

Whole yuan, fractions dropped in the person's favour. The part past the cap is held until a manager reviews it: taken
for all that, or let go. With a cap and no pay known, no fine can be shown to be within it: all of it is held.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class BadMonth(Exception):
    """This is no month: it reads YYYY-MM."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class MonthNotOver(Exception):
    """A month is settled when it is over."""

    def __init__(self, month: str) -> None:
        super().__init__(month)
        self.month = month


class NothingHeld(Exception):
    """Nothing of this person's fines of the month is past the cap."""


class AlreadyReviewed(Exception):
    """What was held of a settled month is reviewed once."""


class PayIsPrivate(Exception):
    """A person's pay is shown to the person and to who manages them."""


class Verdict(StrEnum):
    """What becomes of fines past the cap."""

    TAKE = "take"
    LET_GO = "let_go"


@dataclass(frozen=True)
class Posting:
    """What one step of a penalty moved; `past_cap`: a fine once held, taken after its own month was settled."""

    penalty_id: str
    fine: int
    points: int
    past_cap: bool = False


@dataclass(frozen=True)
class Line:
    """What one penalty comes to in a month; `untaken` of it is past the cap, `carried` was held in an earlier month."""

    penalty_id: str
    fine: int
    points: int
    carried: int
    untaken: int = 0


@dataclass(frozen=True)
class Account:
    """A person's month. `due` is what is taken: the fines without what is held or let go, with what was carried."""

    fine: int
    points: int
    held: int
    let_go: int
    carried: int
    due: int
    lines: Sequence[Line]


def check_month(text: str) -> str:
    """Raises BadMonth."""
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", text):
        raise BadMonth(text)
    return text


def check_over(month: str, today: date) -> None:
    """Raises MonthNotOver unless the branch's day is past the month."""
    if f"{today:%Y-%m}" <= month:
        raise MonthNotOver(month)


def cap_of(pay: int | None, percent: int | None) -> int | None:
    """How much of a month's fines may be taken without review; None: all."""
    return None if percent is None else (pay or 0) * percent // 100


def account(postings: Iterable[Posting], cap: int | None, verdict: Verdict | None = None) -> Account:
    """What a month's postings of one person, in their order, come to. The latest fines are the first past the cap."""
    lines = [_line(penalty_id, theirs) for penalty_id, theirs in _by_penalty(postings).items()]
    fine = sum(line.fine for line in lines)
    past = 0 if cap is None else max(0, fine - cap)
    untaken = 0 if verdict is Verdict.TAKE else past
    carried = sum(line.carried for line in lines)
    return Account(
        fine=fine,
        points=sum(line.points for line in lines),
        held=untaken if verdict is None else 0,
        let_go=untaken if verdict is Verdict.LET_GO else 0,
        carried=carried,
        due=fine - untaken + carried,
        lines=_spread([line for line in lines if line.fine or line.points or line.carried], untaken),
    )


def _by_penalty(postings: Iterable[Posting]) -> dict[str, list[Posting]]:
    found: dict[str, list[Posting]] = {}
    for posting in postings:
        found.setdefault(posting.penalty_id, []).append(posting)
    return found


def _line(penalty_id: str, postings: Sequence[Posting]) -> Line:
    fine = sum(one.fine for one in postings if not one.past_cap)
    carried = sum(one.fine for one in postings if one.past_cap)
    return Line(penalty_id, fine, sum(one.points for one in postings), carried)


def _spread(lines: Sequence[Line], untaken: int) -> list[Line]:
    spread = []
    for line in reversed(lines):
        part = min(max(line.fine, 0), untaken)
        untaken -= part
        spread.append(Line(line.penalty_id, line.fine, line.points, line.carried, part))
    return spread[::-1]
