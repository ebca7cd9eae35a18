"""The language of the pages: Chinese first, English by a switch, remembered in a cookie."""

from pathlib import Path
from typing import cast

from flask import Response, request

from chassis.texts import LOCALES, Locale, Texts
from chassis.web import the_web
from chassis.web.problems import problem_of

COOKIE = "anchang_language"
TEXTS = Texts.load(Path(__file__).with_name("texts.toml"))
_A_YEAR = 365 * 24 * 3600


def the_language() -> Locale:
    """The language that was switched to, else Chinese."""
    chosen = request.cookies.get(COOKIE)
    return next((one for one in LOCALES if one == chosen), "zh")


def text(code: str, **facts: object) -> str:
    """A text of the pages in the reader's language."""
    return TEXTS.say(code, the_language(), **facts)


def word(kind: str, code: str) -> str:
    """The word for a code of a list that a branch may extend; its own codes stand for themselves."""
    known = f"{kind}.{code}"
    return text(known) if TEXTS.knows(known) else code


def problem_text(error: Exception) -> tuple[int, str]:
    """Status and words of what was refused."""
    problem = problem_of(error)
    code, texts = f"problems.{problem.code}", the_web().texts
    said = texts.say(code if texts.knows(code) else "problems.refused", the_language(), **problem.facts)
    return problem.status, said


def remember(answer: Response, language: str) -> None:
    """Keep the choice; an unknown language is no choice."""
    if language in LOCALES:
        answer.set_cookie(COOKIE, language, max_age=_A_YEAR, samesite="Lax", httponly=True, path="/")


def local_path(wanted: str | None) -> str:
    """A path of this site to go on to; anything else is `/` (no open redirect)."""
    here = wanted is not None and wanted.startswith("/") and not wanted.startswith("//") and "\\" not in wanted
    return cast(str, wanted) if here and (wanted or "").isprintable() else "/"
