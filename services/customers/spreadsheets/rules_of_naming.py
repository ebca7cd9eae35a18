"""Whether a text, or a row of a sheet, says who somebody is, however it is written (see the README)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from services.customers.finding.rules import apart, plain
from services.customers.register.rules_of_names import full_name

_TELLING_DIGITS = 8  # the end of a phone: fewer digits stand in many
_NOBODYS = frozenset("客户 顾客 访客 来宾 业主 朋友 同事 匿名 未知 不详 无名 测试".split())
"""What people put where they know no name: it stands in other words as well."""


@dataclass(frozen=True)
class Somebody:
    """Somebody as they may stand in texts: every name they ever had, their phones, and their codes."""

    names: frozenset[str]
    phones: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()

    def is_told_in(self, text: str) -> bool:
        """Whether this text says who they are, anywhere in it: by a full name, or by the end of a phone."""
        return self._telling is not None and self._telling.search(apart(text)) is not None

    def is_meant_by(self, cells: Sequence[str], fields: Sequence[str | None]) -> bool:
        """Whether a row is about them; `fields` says what its columns are read as, by their places.

        Beside what any cell tells, it is by their code, and by a name that many have where no phone says whose it is.
        """
        if any(map(self.is_told_in, cells)):
            return True
        said = {field: plain(cell) for field, cell in zip(fields, cells, strict=False) if field}
        has_phone = len(_digits(said.get("phone", ""))) >= _TELLING_DIGITS
        return said.get("code") in self._codes or (said.get("name") in self._shared and not has_phone)

    @cached_property
    def _telling(self) -> re.Pattern[str] | None:
        ends = {_digits(phone)[-_TELLING_DIGITS:] for phone in self.phones}
        ways = [*map(_name_in_words, self._full), *(_spread(one) for one in ends if len(one) == _TELLING_DIGITS)]
        return re.compile("|".join(ways)) if ways else None

    @cached_property
    def _full(self) -> frozenset[str]:
        return frozenset({plain(way) for one in self.names for way in _ways_of(one)} - _NOBODYS)

    @cached_property
    def _shared(self) -> frozenset[str]:
        return frozenset(filter(None, map(plain, self.names))) - self._full

    @cached_property
    def _codes(self) -> frozenset[str]:
        return frozenset(map(plain, self.codes))


def _ways_of(name: str) -> list[str]:
    """The full names in it: 李娜 Li Na（朋友）is either, and 王小明2 is 王小明, beside other words or not."""
    bare = full_name(name) or ""
    ways = {name, bare, bare.rstrip("0123456789"), *bare.split(" ", maxsplit=1)}
    return [way for way in ways if full_name(way)]


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, plain(text)))


def _spread(written: str) -> str:
    """Whatever else stands between the characters."""
    return " *".join(map(re.escape, written))


def _name_in_words(name: str) -> str:
    """Neither Carolina is meant by Li Na nor 客户10 by 客户1; in Chinese a name runs into the words around it."""
    before, after = _alike(name[0]), _alike(name[-1])
    return (f"(?<!{before})" if before else "") + _spread(name) + (f"(?!{after})" if after else "")


def _alike(end: str) -> str | None:
    """What would go on with the word or number that ends so."""
    return next((kind for kind in ("[a-z]", "[0-9]") if re.match(kind, end)), None)
