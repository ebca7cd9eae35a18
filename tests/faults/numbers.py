"""Two tiny services to count faults with, made of the real chassis: one announces numbers, the other counts them.

The announcer answers `POST /api/v1/announcer/numbers {"number": n}` with 201. It stores n and adds it to its series
(n modulo 7), whose version it raises, and records a fact that carries n and the series' new total, all in one
transaction. A number stands once: 409 `number_said_already` afterwards.

The reader adds one to `times` of each number it hears, so that what is applied twice shows, and keeps each series'
newest total by its version, so that what comes late changes nothing. It refuses every number below zero.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import marshmallow as ma
from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table, update

from chassis.database import Transaction, insert_if_new, upsert
from chassis.events import Consumers, Fact, Received, about, record
from chassis.furniture import furnish
from chassis.identity import Who
from chassis.service import Service
from chassis.web import Blueprint, acts
from chassis.web.fields import Whole

PATH = "/api/v1/announcer/numbers"
ASKER = Who("tester", "system", "system", None, None, "all", frozenset())
_SERIES = 7
_HERE = Path(__file__).parent

ANNOUNCER_TABLES = furnish(MetaData())
NUMBERS = Table("numbers", ANNOUNCER_TABLES, Column("number", BigInteger, primary_key=True, autoincrement=False))
SERIES = Table(
    "series",
    ANNOUNCER_TABLES,
    Column("series", Integer, primary_key=True, autoincrement=False),
    Column("version", Integer, nullable=False),
    Column("total", BigInteger, nullable=False),
)

READER_TABLES = furnish(MetaData())
APPLIED = Table(
    "applied",
    READER_TABLES,
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
)
TOTALS = Table(
    "totals",
    READER_TABLES,
    Column("subject", String(120), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("total", BigInteger, nullable=False),
)


@dataclass(frozen=True)
class NumberSaid(Fact):
    """A number was said; `total` is what its series adds up to since."""

    TYPE = "number.said.v1"
    number: int
    total: int


class NumberSaidAlready(Exception):
    """The number stands already."""


class NumberRefused(Exception):
    """The reader does not take numbers below zero."""


class NumberSchema(ma.Schema):
    number = Whole(required=True)


blueprint = Blueprint("numbers", __name__)


@blueprint.post(PATH)
@blueprint.arguments(NumberSchema)
@acts("numbers.say")
@blueprint.response(201, NumberSchema)
def say_number(tx: Transaction, who: Who, body: dict[str, Any]) -> dict[str, Any]:
    """Say a number."""
    say(tx, body["number"])
    return body


def say(tx: Transaction, number: int) -> None:
    """Store the number and record that it was said; raises NumberSaidAlready."""
    if not insert_if_new(tx, NUMBERS, {"number": number}, ["number"]):
        raise NumberSaidAlready
    series = number % _SERIES
    insert_if_new(tx, SERIES, {"series": series, "version": 0, "total": 0}, ["series"])
    raised = update(SERIES).where(SERIES.c.series == series)
    raised = raised.values(version=SERIES.c.version + 1, total=SERIES.c.total + number)
    row = tx.execute(raised.returning(SERIES.c.version, SERIES.c.total)).one()
    record(tx, NumberSaid(number, row.total), about("series", str(series), row.version, None))


def apply(tx: Transaction, event: Received[NumberSaid]) -> None:
    """Count the number; raises NumberRefused."""
    number = event.data.number
    if number < 0:
        raise NumberRefused
    insert_if_new(tx, APPLIED, {"number": number, "times": 0}, ["number"])
    tx.execute(update(APPLIED).where(APPLIED.c.number == number).values(times=APPLIED.c.times + 1))
    total = {"subject": event.subject, "version": event.sequence, "total": event.data.total}
    upsert(tx, TOTALS, total, ["subject"], newer_by="version")


def reader(handler: Callable[[Transaction, Received[NumberSaid]], None] = apply) -> Service:
    """The reader, with another handler where a test brings one."""
    consumers = Consumers()
    consumers.on(NumberSaid.TYPE, NumberSaid)(handler)
    return Service("reader", _HERE, READER_TABLES, (), consumers, (), {})


ANNOUNCER = Service(
    "announcer", _HERE, ANNOUNCER_TABLES, (blueprint,), Consumers(), (NumberSaid,), {NumberSaidAlready: 409}
)
READER = reader()
