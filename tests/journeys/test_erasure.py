"""A person whom every service knows is erased, and no service knows any more who it was (个人信息保护法 第四十七条)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from chassis.bus.local import LocalBus
from chassis.database import Database
from chassis.events import Envelope
from chassis.events.tables import outbox
from chassis.identity import Who
from chassis.ledger import verify
from chassis.runtime import Worker, settle
from gateway.app import SERVICE as GATEWAY
from services.customers.app import SERVICE as CUSTOMERS
from services.followups.app import SERVICE as FOLLOWUPS
from services.reception.app import SERVICE as RECEPTION
from services.reporting.app import SERVICE as REPORTING
from tests.services import synthetic as say
from tests.services.asking import Ask, asking
from tests.services.customers.house import LI, upload
from tests.services.grep import where_they_stand
from tests.services.reception.office import Office, seller
from tests.services.synthetic import EAST, deliver, named, open_database

_SERVICES = (CUSTOMERS, RECEPTION, FOLLOWUPS, REPORTING, GATEWAY)
_RIGHTS = ("see", "edit", "register", "manage", "import", "export", "sign")
BOSS = Who(
    named("boss"),
    "person",
    "sales_administrator",
    EAST,
    None,
    "branch",
    frozenset({*(f"customers.{one}" for one in _RIGHTS), "followups.see", "followups.record"}),
)
SELLER = say.person("li", "own", EAST, None, "followups.see", "followups.record", "customers.see")
NAME, PHONE, SISTER = "欧阳若兰", "13900139000", "13700137000"
WORDS = (
    NAME,
    PHONE,
    SISTER,
    "云锦绸缎庄",
    "腿脚不便要电梯",
    "司马长风",
    "一家三口来看房",
    "说婆婆要同住",
    "丝绸世家",
)


@dataclass
class House:
    """Every service on a file of its own, and the events between them."""

    databases: Mapping[str, Database]
    workers: list[Worker]
    hall: Office

    def settle(self) -> None:
        settle(self.workers)

    def of(self, service: Any) -> Ask:
        return asking(service, self.databases[service.name])

    def words(self, *words: str) -> dict[str, set[str]]:
        """Which of these words stand where, by service."""
        found = {name: where_they_stand(database, words or WORDS) for name, database in self.databases.items()}
        return {name: set(places) for name, places in found.items() if places}


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    hall = Office(f"sqlite:///{tmp_path / 'reception.db'}", ["li", "zhao"])
    hall.come("li", "zhao")
    others = [one for one in _SERVICES if one is not RECEPTION]
    opened = {one.name: open_database(f"sqlite:///{tmp_path / one.name}.db", one.name, one.metadata) for one in others}
    databases = opened | {"reception": hall.database}
    people = [say.branch(), *(say.staff(name) for name in ("li", "zhao", "boss"))]
    for one in (CUSTOMERS, FOLLOWUPS, REPORTING):
        deliver(databases[one.name], one.consumers, people)
    bus = LocalBus()
    yield House(databases, [Worker(one, databases[one.name], bus) for one in _SERVICES], hall)
    for database in databases.values():
        database.close()


def done(ask: Ask, who: Who, method: str, path: str, body: Any = None, **options: Any) -> dict[str, Any]:
    answer = ask(who, method, f"/api/v1/{path}", **(options if body is None else options | {"json": body}))
    assert answer.status_code < 300, answer.get_json()
    return dict(answer.get_json())


def known_everywhere(house: House) -> dict[str, Any]:
    """She visits and is registered, written about, called, found on a sheet, exported, and is her own double."""
    customers, followups = house.of(CUSTOMERS), house.of(FOLLOWUPS)
    visit = house.hall.visit()
    visitor = {"name": NAME, "phone": PHONE, "note": "一家三口来看房"}
    assert house.hall.act(seller("li"), visit, "complete", visitor).status_code == 200
    house.settle()
    (hers,) = done(customers, BOSS, "POST", "customers/search", {"phone": PHONE})["items"]
    mine = hers["customer_id"]
    file = {"company": "云锦绸缎庄", "remarks": "腿脚不便要电梯"}
    done(customers, LI, "PATCH", f"customers/{mine}", file, headers={"If-Match": f'"{hers["version"]}"'})
    done(customers, LI, "POST", f"customers/{mine}/contacts", {"name": "司马长风", "phones": [SISTER]})
    done(customers, LI, "PATCH", f"customers/{mine}/tags", {"add": ["丝绸世家"], "remove": []})
    said = {"customer_id": mine, "method": "电话", "said": "说婆婆要同住", "result": "成交", "amount": 100_000}
    done(followups, SELLER, "POST", "followups/records", said)
    sheet = f"姓名,电话,跟进日期,跟进方式\n{NAME},{PHONE},2026-03-01,电话\n{NAME},1.39E+10,,\n"
    assert upload(customers, sheet.encode(), BOSS).status_code == 202
    twin = done(customers, LI, "POST", "customers", {"name": NAME, "phone": "13611112222"})
    same = {"same": True, "reason": "同一个人"}
    done(customers, BOSS, "POST", f"customers/{mine}/candidates/{twin['customer_id']}/decide", same)
    done(customers, BOSS, "POST", "customers/exports", {"text": NAME})
    house.settle()
    return done(customers, BOSS, "GET", f"customers/{mine}")


def test_nobody_knows_any_more_who_it_was(house: House) -> None:
    """All of her stands in five databases and then nothing in any, whatever is told late; the chains verify."""
    hers = known_everywhere(house)
    before = house.words()
    assert set(before) == {one.name for one in _SERVICES}
    assert {place.split(": ")[1] for places in before.values() for place in places} == set(WORDS)
    heard = _all_events(house)
    wish = {"code": hers["code"], "requested_by": "person"}
    done(house.of(CUSTOMERS), BOSS, "POST", f"customers/{hers['customer_id']}/erasure", wish)
    house.settle()
    assert house.words() == {}
    for database in house.databases.values():
        with database.read() as tx:
            assert verify(tx) == []
    _tell_again(house, heard)
    assert house.words() == {}


def _all_events(house: House) -> list[Envelope]:
    """Every event that any service has announced, as it was announced."""
    bodies: list[str] = []
    for database in house.databases.values():
        with database.read() as tx:
            bodies += tx.execute(select(outbox.c.body).order_by(outbox.c.n)).scalars()
    return [Envelope.from_json(body) for body in bodies]


def _tell_again(house: House, events: list[Envelope]) -> None:
    """All of them arrive once more everywhere, late and backwards, as if none had been handled."""
    for service in _SERVICES:
        wanted = service.consumers.types
        late = [one for one in reversed(events) if wanted == ("#",) or one.type in wanted]
        with house.databases[service.name].write() as tx:
            for one in late:
                service.consumers.handle(tx, _anew(one, tx.new_id()))
    house.settle()


def _anew(one: Envelope, identifier: str) -> Envelope:
    return Envelope(**{**vars(one), "id": identifier})
