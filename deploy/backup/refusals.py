"""What cannot be done as asked: one message in both languages that says why and what to do."""

import sys
from collections.abc import Callable
from pathlib import Path

from chassis.texts import LOCALES, Texts

_TEXTS = Texts.load(Path(__file__).with_name("texts.toml"))


class Refused(Exception):
    """`code` names the text under `refused` in texts.toml; nothing was done, or what was done is undone."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        super().__init__(in_both_languages(f"refused.{code}", **facts))


def in_both_languages(code: str, **facts: object) -> str:
    """Chinese first, English below: the reader of a terminal has not chosen a language yet."""
    return "\n".join(_TEXTS.say(code, language, **facts) for language in LOCALES)


def say(code: str, **facts: object) -> None:
    print(in_both_languages(code, **facts), flush=True)


def answered(do: Callable[[], int]) -> int:
    """The exit code of `do`, or 2 with its message when it is refused."""
    try:
        return do()
    except Refused as error:
        print(error, file=sys.stderr)
        return 2
