"""Whatever order things are heard and signed in, the credit ledger ends the same and adds up to the cent."""

import datetime as dt
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from chassis.database import Database
from chassis.events import Envelope
from chassis.ledger import verify
from services.followups.app import SERVICE
from services.followups.corrections import actions as corrections
from services.followups.credit.tables import corrected_deals, credit_lines, deals
from services.followups.records.rules import Origin, id_of
from tests.services import synthetic as say
from tests.services.asking import asking
from tests.services.followups.crediting import corrected, standing, told, whole_visit
from tests.services.synthetic import EAST, named, open_database, person, rows_of


def story() -> list[Envelope]:
    """Around Wang: receptions, corrections, owners, merges and deals, in the order they happened."""
    of = (("wang", "2026-03-02"), ("wang2", "2026-03-02"), ("wang", "2026-03-03"), ("chen", "2026-03-02"))
    deals = [
        say.sheet_row(n, customer_id=named(who), result="成交", deal_date=day, salesperson_id=named("mo"))
        for n, (who, day) in enumerate(of)
    ]
    companions = [{"customer_id": named("chen"), "customer_is_new": False}]
    return [
        say.branch(),
        say.branch(sequence=2, time_zone="Asia/Urumqi"),
        say.customer("wang", 1, owner_id=named("li")),
        whole_visit(companions=companions),
        deals[0],
        say.customer("wang", 2, owner_id=None),
        whole_visit("two", credit_rule="server", completed_at="2026-03-02T18:00:00+00:00"),
        deals[1],
        corrected(companions=companions),
        say.merged("wang2", "wang"),
        say.customer("chen", 1, owner_id=named("sun")),
        deals[2],
        deals[3],
        say.merged("wang2", "wang", 2, active=False),
        say.customer("wang", 3, owner_id=named("sun")),
        say.customer("wang2", 1, owner_id=named("zhao")),
    ]


CORRECTED: dict[int, dict[str, Any]] = {
    0: {"deal_date": dt.date(2026, 3, 1)},
    2: {"deal_date": dt.date(2026, 3, 2), "amount": 70001},
    3: {"signed_time": dt.time(0, 20), "amount": 501},
}
"""What is signed about the deals of the story, by the number of the row that told of each."""


def deal_of_row(n: int) -> str:
    return id_of(EAST, Origin.IMPORT, f"{'0' * 64}:{n}")


def correct(database: Database, waiting: set[int]) -> None:
    """Ask for and sign each waiting correction whose deal was heard of; nobody but a branch's people take part."""
    blank = {"deal_date": None, "signed_time": None, "amount": None, "reason": "写错了"}
    for n in sorted(waiting):
        with database.write() as tx:
            if tx.execute(select(deals).where(deals.c.deal_id == deal_of_row(n))).first() is None:
                continue
            says = blank | CORRECTED[n] | {"deal_id": deal_of_row(n)}
            correction_id = corrections.ask(tx, person("boss", "branch"), says)
            corrections.sign(tx, person("other", "branch"), correction_id)
        waiting.remove(n)


def adds_up(database: Database) -> None:
    """All lines of each deal, those taken back included, are the whole of it on its day, and nothing elsewhere."""
    with database.read() as tx:
        lines = tx.execute(select(credit_lines)).mappings().all()
        stands = {row["deal_id"]: row for row in tx.execute(select(deals)).mappings()}
        stands |= {row["deal_id"]: row for row in tx.execute(select(corrected_deals)).mappings()}
        assert verify(tx) == []
    sums: dict[tuple[str, dt.date], list[int]] = {}
    for line in lines:
        held = sums.setdefault((line["deal_id"], line["day"]), [0, 0])
        held[0], held[1] = held[0] + line["parts"], held[1] + (line["cents"] or 0)
    whole = {(deal_id, row["day"]): [10000, row["amount"] or 0] for deal_id, row in stands.items()}
    assert {of: held for of, held in sums.items() if held != [0, 0]} == whole


def ends_with(events: list[Envelope], chance: Random | None = None) -> dict[str, list[tuple[Any, ...]]]:
    """What stands after these events and the corrections, the ledger having added up to the whole after each batch."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'x.db'}", "followups", SERVICE.metadata)
        batch, waiting = [], set(CORRECTED)
        for event in events:
            batch.append(event)
            if chance is not None and chance.random() < 0.4:
                told(database, *batch)
                batch = []
                if chance.random() < 0.5:
                    correct(database, waiting)
                adds_up(database)
        told(database, *batch)
        correct(database, waiting)
        adds_up(database)
        stands = standing(database)
        database.close()
    return stands


@cache
def in_order() -> dict[str, list[tuple[Any, ...]]]:
    """How the story ends, told once and as it happened; what was signed then decides about each deal."""
    found = ends_with(story())
    assert len(found) == 4
    assert [line[:4] for line in found[deal_of_row(2)]] == [(named("zhao"), 10000, 70001, "server")]
    assert [line[:4] for line in found[deal_of_row(3)]] == [(named("sun"), 10000, 501, "owner_that_day")]
    return found


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(some.randoms(use_true_random=False))
def test_order_and_repetition_move_no_credit(chance: Random) -> None:
    """Shuffled, repeated, cut into batches, corrected at any time: each deal ends with the same people and cents."""
    events = story()
    mixed = events + chance.sample(events, chance.randrange(len(events)))
    chance.shuffle(mixed)
    assert ends_with(mixed, chance) == in_order()


_HEARD = some.lists(
    some.sampled_from(
        [whole_visit(), corrected(), whole_visit("two", credit_rule="server"), say.customer("wang", 2, owner_id=None)]
    ),
    max_size=6,
)


@settings(max_examples=12, deadline=None)
@given(some.none() | some.integers(0, 10**15), _HEARD)
def test_the_ledger_adds_up_to_every_amount(amount: int | None, heard: list[Envelope]) -> None:
    """Whatever is heard after a deal of any amount, all lines of it add up to the whole, to the cent."""
    with TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'x.db'}", "followups", SERVICE.metadata)
        told(database, say.branch(), say.staff("li"), say.customer("wang", owner_id=named("li")))
        said = {"customer_id": named("wang"), "method": "现场跟进", "result": "成交", "amount": amount}
        asking(SERVICE, database)(person("li"), "POST", "/api/v1/followups/records", json=said)
        for event in heard:
            told(database, event)
            lines = rows_of(database, credit_lines)
            names = [column.name for column in credit_lines.c]
            parts, cents = names.index("parts"), names.index("cents")
            assert sum(line[parts] for line in lines) == 10000
            assert sum(line[cents] or 0 for line in lines) == (amount or 0)
        database.close()
