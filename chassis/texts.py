"""Texts for people, in Chinese and English, side by side in one TOML file per package.

    [problems.stale_version]
    zh = "别人已经改过（现在是第 {current} 版）"
    en = "Somebody has changed it (it is version {current} now)"

A text is asked for by its code (`problems.stale_version`) with the facts that its placeholders name.
"""

import string
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

Locale = Literal["zh", "en"]
LOCALES: tuple[Locale, ...] = ("zh", "en")


class UnknownText(LookupError):
    """There is no text of this code, or the facts that it needs were not handed in."""


class Texts:
    """The texts of one package, with those of the chassis behind them when `behind` is given."""

    def __init__(self, by_code: Mapping[str, Mapping[str, str]], behind: "Texts | None" = None) -> None:
        self._by_code = by_code
        self._behind = behind

    @classmethod
    def load(cls, file: Path, behind: "Texts | None" = None) -> "Texts":
        """Those of a TOML file, which is read once in a process; one that does not exist holds no texts."""
        return cls(_read(file), behind)

    @property
    def codes(self) -> frozenset[str]:
        """The codes of this package's own texts."""
        return frozenset(self._by_code)

    def knows(self, code: str) -> bool:
        return code in self._by_code or (self._behind is not None and self._behind.knows(code))

    def say(self, code: str, locale: Locale, /, **facts: Any) -> str:
        """The text of `code` with its placeholders filled, whatever they are called; raises UnknownText."""
        if code not in self._by_code:
            if self._behind is None:
                raise UnknownText(code)
            return self._behind.say(code, locale, **facts)
        try:
            return self._by_code[code][locale].format_map(facts)
        except (KeyError, IndexError, ValueError, AttributeError) as error:
            raise UnknownText(f"{code} ({locale}): {error}") from error

    def say_in_all(self, code: str, /, **facts: Any) -> str:
        """The same in every language, a line each, Chinese first: for a reader who has not chosen one yet."""
        return "\n".join(self.say(code, locale, **facts) for locale in LOCALES)

    def flaws(self) -> list[str]:
        """What is wrong with the file, one line each: a language missing or placeholders that differ."""
        return [flaw for code, text in sorted(self._by_code.items()) for flaw in _flaws_of(code, text)]


def placeholders(text: str) -> frozenset[str]:
    """The names in braces."""
    return frozenset(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@cache
def _read(file: Path) -> Mapping[str, Mapping[str, str]]:
    if not file.exists():
        return {}
    return dict(_texts_in(tomllib.loads(file.read_text(encoding="utf-8"))))


def _texts_in(table: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    words = {key: value for key, value in table.items() if isinstance(value, str)}
    if words:
        yield path, words
    for key, value in table.items():
        if isinstance(value, Mapping):
            yield from _texts_in(value, f"{path}.{key}" if path else key)


def _flaws_of(code: str, text: Mapping[str, str]) -> Iterator[str]:
    if set(text) != set(LOCALES):
        yield f"{code}: has {', '.join(sorted(text))}, needs exactly zh and en"
    elif placeholders(text["zh"]) != placeholders(text["en"]):
        yield f"{code}: zh and en do not name the same facts"
    for word in text.values():
        if not all(name.isidentifier() for name in placeholders(word)):
            yield f"{code}: a placeholder is a plain name, such as {{count}}"
