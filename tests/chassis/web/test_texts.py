"""Texts for people."""

from pathlib import Path

import pytest

from chassis.texts import Texts, UnknownText, placeholders

_TOML = """
[problems.late]
zh = "{name} 迟到 {minutes} 分钟"
en = "{name} is {minutes} minutes late"

[problems.deep.inside]
zh = "里面"
en = "inside"
"""


@pytest.fixture
def texts(tmp_path: Path) -> Texts:
    return _load(tmp_path, _TOML)


def _load(folder: Path, toml: str) -> Texts:
    file = folder / "texts.toml"
    file.write_text(toml, encoding="utf-8")
    return Texts.load(file)


def test_saying_a_text(texts: Texts) -> None:
    """A text is said in either language with its facts, at any depth."""
    assert texts.say("problems.late", "zh", name="小王", minutes=5) == "小王 迟到 5 分钟"
    assert texts.say("problems.late", "en", name="Wang", minutes=5, unused=1) == "Wang is 5 minutes late"
    assert texts.say("problems.deep.inside", "en") == "inside"
    assert texts.codes == {"problems.late", "problems.deep.inside"}


def test_facts_are_never_read_as_texts(texts: Texts) -> None:
    """Braces in a fact are only braces."""
    assert texts.say("problems.late", "en", name="{minutes}", minutes="{name.__class__}") == (
        "{minutes} is {name.__class__} minutes late"
    )


@pytest.mark.parametrize(("code", "facts"), [("problems.none", {}), ("problems", {}), ("problems.late", {"name": "x"})])
def test_what_cannot_be_said(texts: Texts, code: str, facts: dict[str, str]) -> None:
    """An unknown code, or a fact that is missing, is told as such."""
    with pytest.raises(UnknownText, match=code):
        texts.say(code, "zh", **facts)


def test_texts_behind(texts: Texts, tmp_path: Path) -> None:
    """What a package does not say itself is said by the one behind it; a package without a file says nothing itself."""
    front = Texts.load(tmp_path / "none.toml", behind=texts)
    assert front.say("problems.deep.inside", "en") == "inside"
    assert front.knows("problems.late")
    assert not front.knows("problems.none")
    assert front.codes == frozenset()
    with pytest.raises(UnknownText):
        front.say("problems.none", "en")


@pytest.mark.parametrize(
    ("toml", "flaw"),
    [
        ('[a]\nzh = "一"', "a: has zh, needs exactly zh and en"),
        ('[a]\nzh = "一"\nen = "one"\nfr = "un"', "a: has en, fr, zh, needs exactly zh and en"),
        ('[a]\nzh = "{x}"\nen = "{y}"', "a: zh and en do not name the same facts"),
        ('[a]\nzh = "{x.y}"\nen = "{x.y}"', "a: a placeholder is a plain name, such as {count}"),
    ],
)
def test_flaws_are_named(tmp_path: Path, toml: str, flaw: str) -> None:
    """A language that is missing or too much, facts that differ and fancy placeholders are named."""
    assert flaw in _load(tmp_path, toml).flaws()


def test_good_texts_have_no_flaws(texts: Texts) -> None:
    """Texts in both languages with the same facts have no flaws."""
    assert texts.flaws() == []
    assert placeholders("{a} and {b}, {{not c}}") == {"a", "b"}
