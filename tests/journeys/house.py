"""Every service on a file of its own in one process, and the events between them."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from sqlalchemy import select

from chassis.bus.local import LocalBus
from chassis.database import Database
from chassis.events import Envelope
from chassis.events.tables import outbox
from chassis.identity import Who
from chassis.runtime import Worker, settle
from chassis.service import Service
from gateway.app import SERVICE as GATEWAY
from services.followups.app import SERVICE as FOLLOWUPS
from services.reception.app import SERVICE as RECEPTION
from services.reporting.app import SERVICE as REPORTING
from tests.services import synthetic as say
from tests.services.asking import Ask, asking
from tests.services.customers.points_house import KEEPING as CUSTOMERS
from tests.services.grep import where_they_stand
from tests.services.reception.office import Office
from tests.services.synthetic import EAST, deliver, named, open_database

SERVICES: tuple[Service, ...] = (CUSTOMERS, RECEPTION, FOLLOWUPS, REPORTING, GATEWAY)
_OF_CUSTOMERS = ("see", "edit", "register", "manage", "import", "export", "sign", "reveal", "claim")
_OF_FOLLOWUPS = ("see", "record", "sign")
BOSS = Who(
    named("boss"),
    "person",
    "sales_administrator",
    EAST,
    None,
    "branch",
    frozenset({*(f"customers.{one}" for one in _OF_CUSTOMERS), *(f"followups.{one}" for one in _OF_FOLLOWUPS)}),
)
SELLER = say.person("li", "own", EAST, None, "followups.see", "followups.record", "customers.see")


@dataclass
class House:
    """The databases by service, who works on them, and the hall of the branch EAST with li and zhao on duty."""

    databases: Mapping[str, Database]
    asks: Mapping[str, Ask]
    workers: list[Worker]
    hall: Office

    def settle(self) -> None:
        settle(self.workers)

    def done(self, service: Service, who: Who, method: str, path: str, body: Any = None, **options: Any) -> Any:
        """The answer of an act that is not refused, once everything that follows from it has happened."""
        said = options if body is None else options | {"json": body}
        answer = self.asks[service.name](who, method, f"/api/v1/{path}", **said)
        assert answer.status_code < 300, answer.get_data(as_text=True)
        self.settle()
        return answer.get_json()

    def words(self, *words: str) -> dict[str, set[str]]:
        """Which of these words stand where, by service."""
        found = {name: where_they_stand(database, words) for name, database in self.databases.items()}
        return {name: set(places) for name, places in found.items() if places}

    def events(self) -> list[Envelope]:
        """Every event that any service has announced, as it stands in the outbox."""
        bodies: list[str] = []
        for database in self.databases.values():
            with database.read() as tx:
                bodies += tx.execute(select(outbox.c.body).order_by(outbox.c.n)).scalars()
        return [Envelope.from_json(body) for body in bodies]

    def tell_again(self, events: Sequence[Envelope]) -> None:
        """All of them arrive once more everywhere, late and backwards, as if none had been handled."""
        for service in SERVICES:
            wanted = service.consumers.types
            late = [one for one in reversed(events) if wanted == ("#",) or one.type in wanted]
            with self.databases[service.name].write() as tx:
                for one in late:
                    service.consumers.handle(tx, replace(one, id=tx.new_id()))
        self.settle()


@contextmanager
def opened(folder: Path) -> Iterator[House]:
    """The house with its people in every service."""
    hall = Office(f"sqlite:///{folder / 'reception.db'}", ["li", "zhao"])
    hall.come("li", "zhao")
    others = [one for one in SERVICES if one is not RECEPTION]
    databases = {one.name: open_database(f"sqlite:///{folder / one.name}.db", one.name, one.metadata) for one in others}
    databases |= {"reception": hall.database}
    people = [say.branch(), *(say.staff(name) for name in ("li", "zhao", "boss"))]
    for one in (CUSTOMERS, FOLLOWUPS, REPORTING):
        deliver(databases[one.name], one.consumers, people)
    asks = {one.name: asking(one, databases[one.name]) for one in SERVICES}
    bus = LocalBus()
    yield House(databases, asks, [Worker(one, databases[one.name], bus) for one in SERVICES], hall)
    for database in databases.values():
        database.close()
