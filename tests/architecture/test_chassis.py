"""What every service stands on knows none of them."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.architecture.source import Source, docstrings, sources

# The words of the business, in the language of the code. `branch` is not among them: the chassis keeps branches apart.
BUSINESS = frozenset(
    """
    arrival arrivals attendance buyer commission credit customer customers deal deals delegate deposit followup
    followups forfeit grade greeted greeting hall halls intent reception receptions roster rosters rotation salesperson
    salespeople sale sales visit visitor visitors
    """.split()
)


@pytest.mark.parametrize("source", sources("chassis"), ids=lambda source: source.name)
def test_the_chassis_has_no_word_of_the_business(source: Source) -> None:
    """No name and no text in chassis means something of sales halls; examples in docstrings may."""
    found = [f"{source.at(node)}: {word}" for node, word in _words(source) if word in BUSINESS]
    assert found == []


def _words(source: Source) -> Iterator[tuple[ast.AST, str]]:
    quoted = docstrings(source.tree)
    for node in source.walk():
        if id(node) in quoted:
            continue
        for text in _texts_of(node):
            yield from ((node, word) for word in re.findall(r"[a-z]+", re.sub(r"([A-Z])", r" \1", text).lower()))


def _texts_of(node: ast.AST) -> Iterator[str]:
    for name in ("id", "attr", "name", "arg", "value"):
        value = getattr(node, name, None)
        if isinstance(value, str):
            yield value
