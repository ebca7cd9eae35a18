"""How fast a service handles what arrives: reporting's own handlers, many events per commit against one per commit.

The second reference is the least that could be: the very SQL statements of the same run, replayed by the database
module alone, 200 events per commit.
"""

import json
from collections.abc import Callable, Sequence
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from sqlalchemy import event

from benchmarks.ground import figure, servers
from chassis.bus import Delivery
from chassis.database import Database, Transaction
from chassis.events.consuming import Consuming
from chassis.ids import TimeOrderedIds
from deploy.backup.postgres_programs import plain
from services.reporting.app import SERVICE

EVENTS = 6_000
ALONE = 1_000  # one commit each is slow: fewer tell as much
TOGETHER = 200
ROUNDS = 3
_STATES = ("opened", "assigned", "greeted", "completed")
Statement = tuple[str, list[Any]]  # the text, and the parameters of each time it ran


def figures() -> list[dict[str, object]]:
    """The consumer's figures on the databases this machine has."""
    with servers(broker=False) as ground:
        together, alone = _rates(ground.sqlite_url)
        found = [figure("consumer, reporting's handlers, SQLite, against one event per commit", together, alone, 5.0)]
        if ground.postgres:
            found += _on_postgres(lambda _name: ground.postgres_url())
        return found


def _on_postgres(new_url: Callable[[str], str]) -> list[dict[str, object]]:
    statements = _recorded(new_url("recorded"))
    together, alone = _rates(new_url)
    bare = median(_replayed(new_url("bare"), statements) for _round in range(ROUNDS))
    name = "consumer, reporting's handlers, PostgreSQL, against"
    return [
        figure(f"{name} one event per commit", together, alone, 5.0),
        figure(f"{name} a bare psycopg loop, 200 per commit", together, bare, 0.6),
    ]


def _rates(new_url: Callable[[str], str]) -> tuple[float, float]:
    """Events per second, many per commit and one per commit, measured in turn."""
    together, alone = [], []
    for number in range(ROUNDS):
        together.append(_handled(new_url(f"together-{number}"), EVENTS, TOGETHER))
        alone.append(_handled(new_url(f"alone-{number}"), ALONE, 1))
    return median(together), median(alone)


class _Box:
    """A mailbox that has everything already: what is measured is the handling, not the carrying."""

    def __init__(self, bodies: Sequence[str]) -> None:
        self._bodies = bodies
        self._next = 0

    def take(self, most: int, patience: float) -> list[Delivery]:
        bodies = self._bodies[self._next : self._next + most]
        self._next += len(bodies)
        return [Delivery(body, 0, self._next) for body in bodies]

    def settle(self, tx: Transaction, deliveries: Sequence[Delivery]) -> None: ...
    def acknowledge(self, deliveries: Sequence[Delivery]) -> None: ...
    def rest(self, seconds: float) -> None: ...
    def wake(self) -> None: ...
    def close(self) -> None: ...

    def postpone(self, delivery: Delivery) -> bool:
        raise RuntimeError("a handler refused an event of the benchmark")


def _handled(url: str, events: int, most: int) -> float:
    """Events per second with `most` per commit."""
    database = Database(url, "reporting")
    SERVICE.metadata.create_all(database.engine)
    consuming = Consuming(SERVICE.consumers, database, _Box(bodies(events)), most=most)
    began = perf_counter()
    while consuming.step(patience=0):
        pass
    rate = events / (perf_counter() - began)
    database.close()
    return rate


def _recorded(url: str) -> list[list[Statement]]:
    """The statements of each commit, as they went to the database module."""
    database = Database(url, "reporting")
    SERVICE.metadata.create_all(database.engine)
    commits: list[list[Statement]] = [[]]
    event.listen(database.engine, "before_cursor_execute", lambda *told: commits[-1].append(_statement(*told[2:])))
    event.listen(database.engine, "commit", lambda _c: commits.append([]))
    consuming = Consuming(SERVICE.consumers, database, _Box(bodies(EVENTS)), most=TOGETHER)
    while consuming.step(patience=0):
        pass
    database.close()
    return [commit for commit in commits if commit]


def _statement(sql: str, parameters: Any, _context: Any, many: bool) -> Statement:
    return sql, list(parameters) if many else [parameters]


def _replayed(url: str, commits: Sequence[Sequence[Statement]]) -> float:
    """The recorded statements on an empty database, by psycopg alone, one after the other."""
    database = Database(url, "reporting")
    SERVICE.metadata.create_all(database.engine)
    database.close()
    with psycopg.connect(plain(url)) as connection:
        began = perf_counter()
        for commit in commits:
            for sql, rows in commit:
                for row in rows:
                    connection.execute(sql, row)
            connection.commit()
        return EVENTS / (perf_counter() - began)


def bodies(events: int) -> list[str]:
    """A day's mixture: a reception's four states, the customer, the follow-up record and its plan."""
    ids = TimeOrderedIds()
    made: list[str] = []
    while len(made) < events:
        made += _one_visit(ids, len(made))
    return made[:events]


def _one_visit(ids: TimeOrderedIds, number: int) -> list[str]:
    reception, customer, followup, staff = (ids.new() for _ in range(4))
    visit = {
        "reception_id": reception,
        "branch_id": "branch",
        "local_day": "2026-03-02",
        "server_id": staff,
        "turn": None,
    }
    person = {"name": "单雄信", "phone": f"+86138{number:08d}"}
    known = {"customer_id": customer, "branch_id": "branch", "owner_id": staff}
    told = {"followup_id": followup, "date": "2026-03-02", "method": "现场跟进", "progress": 40, "intent": None}
    rest = {"result": None, "deal_date": None, "salesperson_id": staff, "salesperson_name": None, "row_number": None}
    new = {"code": f"A{number:03d}", "customer_type": "一般客户", "local_day": "2026-03-02", "personal": person}
    due = {"next_due": "2026-03-16", "last_contact": "2026-03-02"}
    return [
        *(
            _event(
                ids, f"reception.{state}.v1", f"reception/{reception}", version, visit | {"state": state, "turn": None}
            )
            for version, state in enumerate(_STATES, start=1)
        ),
        _event(ids, "customer.registered.v1", f"customer/{customer}", 1, known | new),
        _event(ids, "followup.recorded.v1", f"followup/{followup}", 1, known | told | rest),
        _event(ids, "followup_plan.changed.v1", f"followup_plan/{customer}", 1, known | due),
    ]


def _event(ids: TimeOrderedIds, kind: str, subject: str, sequence: int, data: dict[str, Any]) -> str:
    attributes = {"specversion": "1.0", "id": ids.new(), "source": "benchmark", "type": kind, "subject": subject}
    return json.dumps(attributes | {"sequence": sequence, "time": "2026-03-02T01:00:00Z", "data": data})
