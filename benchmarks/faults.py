"""What a broker that was away, and a reader that does not keep up, cost those who announce."""

import gc
import json
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from threading import Event
from time import perf_counter

import pika
from sqlalchemy import MetaData, func, insert, select, update

from benchmarks.consumer import bodies
from benchmarks.ground import Servers, figure, servers
from chassis.bus import EventBus
from chassis.bus.rabbitmq import RabbitBus, declare_topology
from chassis.database import Database
from chassis.events import Consumers
from chassis.events.relay import relay_of
from chassis.events.tables import inbox, outbox
from chassis.furniture import furnish
from chassis.runtime import Worker
from chassis.service import Service
from services.reporting.app import SERVICE as REPORTING

OUTAGE = 20_000  # events announced while the broker was away
BACKLOG = 100_000
BURST = 5_000  # events published at a time, with the backlog and without
ROUNDS = 3
TIMES = 3  # bursts of each kind in a round
ANNOUNCER = Service("announcer", Path(__file__).parent, furnish(MetaData()), (), Consumers(), (), {})


def figures() -> list[dict[str, object]]:
    """The figures of a broker and a PostgreSQL; none where the machine does not have both."""
    with servers(broker=True) as ground:
        if not ground.postgres or not ground.rabbitmq:
            return []
        declare_topology(ground.rabbitmq, {"announcer": (), "reporting": REPORTING.consumers.types})
        return [_drained(ground, ground.rabbitmq), *_beside_a_backlog(ground, ground.rabbitmq)]


def _drained(ground: Servers, rabbitmq: str) -> dict[str, object]:
    """From the outbox over the broker into reporting's tables, with relay and consumer on the same machine."""
    announcer, reporting = _announcer(ground, OUTAGE), Database(ground.postgres_url(), "reporting")
    REPORTING.metadata.create_all(reporting.engine)
    with ExitStack() as stack:
        for database in (announcer, reporting):
            stack.enter_context(closing(database))
        bus = stack.enter_context(closing(RabbitBus(rabbitmq)))
        began = perf_counter()
        for service, database in ((ANNOUNCER, announcer), (REPORTING, reporting)):
            worker = Worker(service, database, bus)
            worker.start()
            stack.callback(worker.stop)
        _until_handled(reporting, OUTAGE)
        rate = OUTAGE / (perf_counter() - began)
    return _plain("backlog of an outage, drained into reporting", rate, "events/s", ">= 2,000/s", rate >= 2000)


def _until_handled(database: Database, events: int) -> None:
    look, counted = Event(), select(func.count()).select_from(inbox)
    while True:
        with database.read() as tx:
            if tx.execute(counted).scalar_one() >= events:
                return
        look.wait(0.05)


def _beside_a_backlog(ground: Servers, rabbitmq: str) -> list[dict[str, object]]:
    """Rounds alternate between an empty queue and one in which 100,000 events wait for a reader that does not come."""
    alone, beside, before, after = [], [], 0.0, 0.0
    with closing(_announcer(ground, BURST)) as announcer, closing(RabbitBus(rabbitmq)) as bus:
        _burst(announcer, bus)
        for _round in range(ROUNDS):
            for _time in range(TIMES):
                _purge(rabbitmq)
                alone.append(_burst(announcer, bus))
            before = before or _memory()
            for _part in range(BACKLOG // BURST):
                _burst(announcer, bus)
            beside += [_burst(announcer, bus) for _time in range(TIMES)]
            after = _memory()
    grown = after - before
    return [
        figure("publishing with 100,000 events in the queue, against none", median(beside), median(alone), 0.9),
        _plain("memory of the announcing process, grown by that", grown, "MB", "<= 5 MB", grown <= 5),
    ]


def _announcer(ground: Servers, events: int) -> Database:
    """A database whose outbox holds so many events of reporting's types."""
    database = Database(ground.postgres_url(), "announcer")
    ANNOUNCER.metadata.create_all(database.engine)
    with database.write() as tx:
        tx.execute(insert(outbox), [_row(body, tx.now()) for body in bodies(events)])
    return database


def _row(body: str, now: object) -> dict[str, object]:
    envelope = json.loads(body)
    return {"id": envelope["id"], "type": envelope["type"], "body": body, "recorded_at": now}


def _burst(announcer: Database, bus: EventBus) -> float:
    """Publish the whole outbox, and put it back as it was."""
    began = perf_counter()
    published = relay_of(announcer, bus).sweep().published
    rate = published / (perf_counter() - began)
    if published != BURST:
        raise RuntimeError(f"{published} of {BURST} published")
    with announcer.write() as tx:
        tx.execute(update(outbox).values(position=None))
    with announcer.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM outbox")
    return rate


def _purge(url: str) -> None:
    with pika.BlockingConnection(pika.URLParameters(url)) as connection:
        connection.channel().queue_purge("reporting")


def _memory() -> float:
    """This process's share of memory (PSS) in MB."""
    gc.collect()
    lines = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


def _plain(name: str, value: float, unit: str, reach: str, holds: bool) -> dict[str, object]:
    """A figure without a reference."""
    return {
        "figure": name,
        "value": round(value, 1),
        "unit": unit,
        "reference": None,
        "ratio": None,
        "reach": reach,
        "holds": holds,
    }
