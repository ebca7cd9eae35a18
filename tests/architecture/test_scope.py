"""Branches are kept apart in the query itself."""

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module

import pytest
from sqlalchemy import Table

from chassis.furniture import FURNITURE
from deploy.catalogue import NAMES, metadata_of
from tests.architecture.source import Source, called, sources

# Tables without a branch, each with the reason why nobody may ask whose they are.
COMPANY_WIDE = {
    "customers": {"export_rights": "what a role may take out is the same in all branches"},
    "gateway": {
        "cursor_keys": "the key that seals cursors of the feed",
        "event_log_head": "one row: where the log ends",
        "sign_in_attempts": "counted before anyone is known",
        "sign_in_turns": "a lock per fingerprint of what was typed",
    },
}
_FILES = [*sources("services", "gateway", called="views.py"), *sources("services", "gateway", called="actions.py")]


@pytest.mark.parametrize("source", _FILES, ids=lambda source: source.name)
def test_tables_are_reached_through_the_asker(source: Source) -> None:
    """In views and actions a table of branches stands only in `scoped(table, who)` or as `table.c.column`.

    It may be handed to a function of these files that takes a Table: that one is held to the same.
    """
    tables = _imported_tables(source) | {name for function in _takers(source) for name in _table_parameters(function)}
    bare = [
        f"{source.at(node)}: {node.id}"
        for node, parent in _names(source.tree)
        if node.id in tables and not _is_column(parent) and not _is_scoped(node, parent)
    ]
    assert bare == []


@pytest.mark.parametrize("name", NAMES)
def test_every_table_has_its_branch(name: str) -> None:
    """Each table of a service carries branch_id, or is named here with the reason why it needs none."""
    known = set(FURNITURE.tables) | set(COMPANY_WIDE.get(name, {}))
    without = [table.name for table in metadata_of(name).sorted_tables if "branch_id" not in table.c]
    assert sorted(set(without) - known) == []


def _imported_tables(source: Source) -> set[str]:
    """The names in this file that stand for tables with a branch."""
    found = set()
    for node in source.walk():
        if isinstance(node, ast.ImportFrom) and (node.module or "").endswith("tables"):
            module = import_module(str(node.module))
            for alias in node.names:
                table = getattr(module, alias.name, None)
                if isinstance(table, Table) and "branch_id" in table.c:
                    found.add(alias.asname or alias.name)
    return found


def _names(tree: ast.Module) -> Iterator[tuple[ast.Name, ast.AST]]:
    for parent in ast.walk(tree):
        for child in ast.iter_child_nodes(parent):
            if isinstance(child, ast.Name):
                yield child, parent


def _is_column(parent: ast.AST) -> bool:
    return isinstance(parent, ast.Attribute) and parent.attr == "c"


def _is_scoped(node: ast.Name, parent: ast.AST) -> bool:
    if not isinstance(parent, ast.Call):
        return False
    name = called(parent).split(".")[-1]
    return name in _takers_anywhere() or (name == "scoped" and parent.args[:1] == [node])


def _takers(source: Source) -> list[ast.FunctionDef]:
    if "Table" not in source.text:
        return []
    functions = (node for node in source.walk() if isinstance(node, ast.FunctionDef))
    return [function for function in functions if _table_parameters(function)]


@cache
def _takers_anywhere() -> frozenset[str]:
    return frozenset(function.name for source in _FILES for function in _takers(source))


def _table_parameters(function: ast.FunctionDef) -> list[str]:
    parameters = (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)
    return [one.arg for one in parameters if one.annotation and ast.unparse(one.annotation) == "Table"]
