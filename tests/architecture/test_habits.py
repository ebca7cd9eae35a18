"""Habits that keep the code readable and the tests honest."""

import ast
import re
from collections.abc import Iterable, Iterator

import pytest

from chassis.logs import REFUSED_KEYS
from tests.architecture.source import PACKAGES, Source, called, sources

_OURS = sources(*PACKAGES, "benchmarks")
_TESTS = sources("tests")
_LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}
_SKIPS = ("pytest.skip", "pytest.mark.skip", "pytest.mark.skipif", "pytest.importorskip", "unittest.skip")


def test_no_test_sleeps() -> None:
    """A test waits for what it waits for, never for time to pass."""
    slept = [
        source.at(node)
        for source in _saying(_TESTS, "sleep")
        for node in source.walk()
        if isinstance(node, ast.Call) and called(node).split(".")[-1] == "sleep"
    ]
    assert slept == []


def test_no_test_is_left_out() -> None:
    """No skip; an expected failure is strict and says why."""
    left_out = [
        source.at(node)
        for source in _saying(_TESTS, "skip")
        for node in source.walk()
        if isinstance(node, ast.Attribute) and ast.unparse(node).startswith(_SKIPS)
    ]
    expected = [
        source.at(node)
        for source in _saying(_TESTS, "xfail")
        for node in source.walk()
        if isinstance(node, ast.Call)
        and called(node) == "pytest.mark.xfail"
        and {keyword.arg for keyword in node.keywords} < {"strict", "reason"}
    ]
    assert left_out + expected == []


def test_every_test_says_its_promise() -> None:
    """Each test has a docstring: the promise in a sentence."""
    silent = [
        source.at(node)
        for source in _saying(_TESTS, "def test_")
        for node in source.walk()
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_") and not ast.get_docstring(node)
    ]
    assert silent == []


def test_every_module_says_what_it_is_for() -> None:
    """Each file of ours that holds code begins with a docstring."""
    silent = [source.name for source in _OURS if source.text and not re.match(r'r?"""\s*[^\s"]', source.text)]
    assert silent == []


def test_files_are_short() -> None:
    """A file is one job: none is longer than 350 lines, one in twenty longer than 250; migrations aside."""
    lengths = {source.name: len(source.text.splitlines()) for source in [*_OURS, *_TESTS]}
    written = {name: length for name, length in lengths.items() if "/migrations/versions/" not in name}
    assert [name for name, length in written.items() if length > 350] == []
    assert len([name for name, length in written.items() if length > 250]) <= len(written) / 20


@pytest.mark.parametrize("source", _OURS, ids=lambda source: source.name)
def test_logs_name_nobody(source: Source) -> None:
    """A log line is an event's constant name with facts as keywords: no text put together, no key of personal data."""
    wrong = [
        source.at(node)
        for source in _saying([source], *_LEVELS)
        for node in source.walk()
        if isinstance(node, ast.Call) and _is_log(node) and not (_is_constant(node) and not _names_someone(node))
    ]
    assert wrong == []


def _saying(found: Iterable[Source], *words: str) -> Iterator[Source]:
    """Those with one of the words in their text: parsing all of the others would only take time."""
    return (source for source in found if any(word in source.text for word in words))


def _is_log(node: ast.Call) -> bool:
    function = node.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr in _LEVELS
        and ast.unparse(function.value).lower().strip("_").startswith(("log", "structlog"))
    )


def _is_constant(node: ast.Call) -> bool:
    return len(node.args) == 1 and isinstance(node.args[0], ast.Constant)


def _names_someone(node: ast.Call) -> bool:
    return any(keyword.arg in REFUSED_KEYS for keyword in node.keywords)
