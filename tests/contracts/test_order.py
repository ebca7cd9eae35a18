"""Events arrive late, twice and in any order; what a service knows in the end is the same."""

from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Table, select

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.events import Envelope
from chassis.events.inbox import enter
from chassis.furniture import FURNITURE
from chassis.jobs import JobLoop
from deploy.catalogue import NAMES, facts, service
from tests.contracts.histories import history

pytestmark = pytest.mark.slow  # the whole history, through every service, again and again

# Columns that tell of the way and not of the end, each with the reason.
OF_THE_WAY: dict[str, dict[str, str]] = {
    "customers": {
        "code": "numbers are given in the order in which customers become known",
        "parts": "hold the code",
        "texts": "hold the code",
        "n": "entries are numbered as they are written down; who was first is told by `at`",
        "version": "counts how often the file was written",
    },
    "followups": {
        "version": "counts how often the plan was computed",
    },
    "gateway": {
        "position": "the log keeps the order in which events came: that is its use",
    },
}


def test_the_history_holds_every_event_of_the_catalogue() -> None:
    """What is shuffled is everything that is announced."""
    assert {envelope.type for envelope in history()} == set(facts())


# Tables of the same kind, each with the reason.
ALL_OF_THE_WAY = {
    "customers": {
        "draws": "the seed of a branch's next draw is made at random when the branch is first heard of",
        "owners": "tells who was the owner before an earlier registration was heard of; the files name the present one",
    },
    "followups": {
        "credit_lines": "keeps what was booked before it was reversed; test_credit.py shows that what holds is the same"
    },
}


Ended = dict[str, list[str]]
"""The rows of each table, as texts."""


@pytest.fixture(scope="module")
def in_order(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Ended]:
    """How a service ends that is told the history once and in order."""
    return cache(lambda name: _ends_with(name, _told(name), tmp_path_factory.mktemp(name) / "told.db"))


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("name", NAMES)
def test_any_order_ends_the_same(name: str, seed: int, tmp_path: Path, in_order: Callable[[str], Ended]) -> None:
    """Shuffled and each event twice, the history leaves a service the same tables as told once and in order."""
    shuffled = 2 * _told(name)
    Random(seed).shuffle(shuffled)
    assert _ends_with(name, shuffled, tmp_path / "shuffled.db") == in_order(name)


def _told(name: str) -> list[Envelope]:
    return [envelope for envelope in history() if _hears(name, envelope)]


def _hears(name: str, envelope: Envelope) -> bool:
    types = service(name).consumers.types
    return types == ("#",) or envelope.type in types


def _ends_with(name: str, envelopes: Sequence[Envelope], file: Path) -> Ended:
    """What stands in the service's own tables after these events, and the work that they left."""
    database = Database(f"sqlite:///{file}", name, StandingClock(history()[0].time))
    service(name).metadata.create_all(database.engine)
    with database.write() as tx:
        for envelope in enter(tx, envelopes, tx.now()):
            service(name).consumers.handle(tx, envelope)
    JobLoop(database, service(name).jobs).run_due()
    with database.read() as tx:
        own = [table for table in service(name).metadata.sorted_tables if table.name not in _left_out(name)]
        found = {table.name: _rows(tx.execute(select(*_columns(name, table))).mappings().all()) for table in own}
    database.close()
    return found


def _left_out(name: str) -> set[str]:
    return {*FURNITURE.tables, *ALL_OF_THE_WAY.get(name, {})}


def _columns(name: str, table: Table) -> list[Any]:
    return [column for column in table.c if column.name not in OF_THE_WAY.get(name, {})] or list(table.c)


def _rows(rows: Sequence[Any]) -> list[str]:
    return sorted(str(sorted(row.items(), key=lambda item: str(item[0]))) for row in rows)
