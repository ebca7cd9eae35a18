"""Statements of one asker: built once for all of one kind, and never wider than the branch of who asks."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Select, String, Table, Update, bindparam, or_
from sqlalchemy.exc import StatementError

from chassis.database import Database, Transaction, prepared, scoped
from chassis.database.scope import OutOfReach
from chassis.identity import Reach, Who

METADATA = MetaData()
NOTES = Table(
    "notes",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("team_id", String(36)),
    Column("author", String(36), nullable=False),
    Column("text", String(80), nullable=False),
)
BUILT: list[Reach] = []


@prepared
def _all(who: Who) -> Select[Any]:
    BUILT.append(who.reach)
    return scoped(NOTES, who).select(NOTES.c.id).order_by(NOTES.c.id)


@prepared
def _one(who: Who) -> Select[Any]:
    return scoped(NOTES, who).select().where(NOTES.c.id == bindparam("note"))


@prepared
def _rewriting(who: Who) -> Update:
    return scoped(NOTES, who).update().where(NOTES.c.id == bindparam("note"))


@prepared
def _mine_or_of_my_team(who: Who) -> Select[Any]:
    mine = NOTES.c.author == who.actor_id
    wanted = mine if who.team_id is None else or_(mine, NOTES.c.team_id == who.team_id)
    return scoped(NOTES, who).select(NOTES.c.id).where(wanted).order_by(NOTES.c.id)


@prepared
def _deciding_by_permission(who: Who) -> Select[Any]:
    return scoped(NOTES, who).select() if who.may("notes.see") else scoped(NOTES, who).select(NOTES.c.id)


def _who(branch: str | None, *, actor: str = "ann", team: str | None = None) -> Who:
    return Who(actor, "person", "staff", branch, team, "branch" if branch else "all", frozenset({"notes.see"}))


def _note(name: str, branch: str, **more: str) -> dict[str, str]:
    return {"id": name, "branch_id": branch, "author": "bob", "text": "", **more}


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database(database_url, "notes")
    METADATA.create_all(database.engine)
    with database.write() as tx:
        for note in (_note("e1", "east", author="ann"), _note("e2", "east", team_id="red"), _note("w1", "west")):
            tx.execute(*scoped(NOTES, _who(None)).new(note))
    yield database
    database.close()


def _ids(tx: Transaction, who: Who) -> list[str]:
    return list(tx.execute(*_all(who)).scalars())


def test_each_asker_sees_their_own_branch(database: Database) -> None:
    """One statement serves everybody, and yet shows each the rows of their own branch alone."""
    with database.read() as tx:
        assert _ids(tx, _who("east")) == ["e1", "e2"]
        assert _ids(tx, _who("west")) == ["w1"]
        assert _ids(tx, _who("east")) == ["e1", "e2"]
        assert _ids(tx, _who(None)) == ["e1", "e2", "w1"]


def test_a_statement_is_built_once_for_each_reach(database: Database) -> None:
    """However many ask, building happens once for each kind of asker."""
    with database.read() as tx:
        for branch in ("east", "west", None, "east", None):
            _ids(tx, _who(branch))
    assert sorted(BUILT) == ["all", "branch"]


def test_who_belongs_to_no_branch_without_reach_sees_nothing(database: Database) -> None:
    """A missing branch never widens what is seen."""
    with database.read() as tx:
        assert _ids(tx, Who("ann", "person", "staff", None, None, "branch", frozenset())) == []


def test_a_statement_without_its_asker_fails(database: Database) -> None:
    """Whoever forgets to say who asks gets no rows but an error."""
    statement, values = _one(_who("east"), note="e1")
    with database.read() as tx, pytest.raises(StatementError):
        tx.execute(statement, {"note": values["note"]})


def test_nothing_of_another_branch_is_changed(database: Database) -> None:
    """An update reaches the asker's rows alone, and says how many it found."""
    with database.write() as tx:
        assert tx.execute(*_rewriting(_who("west"), note="e1", text="ours")).rowcount == 0
        assert tx.execute(*_rewriting(_who("east"), note="e1", text="ours")).rowcount == 1
        assert tx.execute(*_one(_who("east"), note="e1")).one().text == "ours"


def test_the_asker_and_the_team_are_values_too(database: Database) -> None:
    """Who asks and of which team is said anew each time, and nobody is taken for their predecessor."""
    with database.read() as tx:
        assert list(tx.execute(*_mine_or_of_my_team(_who("east", team="red"))).scalars()) == ["e1", "e2"]
        assert list(tx.execute(*_mine_or_of_my_team(_who("east", actor="cy", team="red"))).scalars()) == ["e2"]
        assert list(tx.execute(*_mine_or_of_my_team(_who("east", team="blue"))).scalars()) == ["e1"]
        assert list(tx.execute(*_mine_or_of_my_team(_who("east"))).scalars()) == ["e1"]


def test_what_only_the_asker_can_say_is_no_part_of_a_statement() -> None:
    """A shared statement that would depend on one asker's permissions cannot be built."""
    with pytest.raises(AttributeError):
        _deciding_by_permission(_who("east"))


def test_a_new_row_belongs_to_the_askers_branch(database: Database) -> None:
    """Nobody writes a row into another branch, by either way of inserting."""
    for insert in (scoped(NOTES, _who("east")).insert, scoped(NOTES, _who("east")).new):
        with pytest.raises(OutOfReach):
            insert(_note("x", "west"))
