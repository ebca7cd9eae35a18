"""Who asks, what is told, and what was announced, in the tests of customers."""

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from sqlalchemy import select

import deploy.demo
from chassis.database import Database
from chassis.events import Envelope
from chassis.events.tables import outbox
from chassis.identity import Reach, Who
from chassis.ids import Ids
from chassis.jobs import JobLoop
from services.customers.app import SERVICE
from tests.services import synthetic as say
from tests.services.asking import Ask
from tests.services.synthetic import EAST, NOW, WEST, deliver, named, open_database

SHEET = Path(deploy.demo.__file__).with_name("客户跟进记录统计表.xlsx").read_bytes()
CSV = Path(__file__).with_name("followup-sheet.csv").read_bytes()
TEAM = named("team")
PHONE = "+8613800138000"
_SALES = ("customers.see", "customers.register", "customers.edit")


def person(name: str, reach: Reach = "own", branch: str | None = EAST, *permissions: str) -> Who:
    """li and zhao are in a team; without `permissions` one who sees, registers and edits."""
    team = TEAM if name in ("li", "zhao", "supervisor") else None
    return Who(named(name), "person", "salesperson", branch, team, reach, frozenset(permissions or _SALES))


LI, ZHAO, CHEN = person("li"), person("zhao"), person("chen")
_SIGNS = (*_SALES, "customers.sign")
_LEADS = (*_SIGNS, "customers.manage")
SUPERVISOR, MANAGER = person("supervisor", "team", EAST, *_SIGNS), person("boss", "branch", EAST, *_LEADS)
ADMIN = person("boss", "branch", EAST, *_SALES, "customers.import")
HEADQUARTERS = person("hq", "all", None, *_LEADS, "customers.import")


def visit(reception: str, customer: str, server: str = "li", name: str = "王小明", **changes: Any) -> Envelope:
    """A completed reception; `minute` after NOW, `phone` in E.164."""
    minute, phone = changes.pop("minute", 0), changes.pop("phone", PHONE)
    personal: dict[str, Any] = {"name": name, "phone": phone, "note": None, "salt": "0"}
    personal["companions"] = changes.pop("companions", [])
    whose = {"customer_id": changes.pop("customer_id", named(customer)), "server_id": named(server)}
    says: dict[str, Any] = whose | {"personal": personal}
    at = (NOW + timedelta(minutes=minute)).isoformat()
    return say.reception(reception, **says, completed_at=at, **changes)


def announced(database: Database, kind: str) -> list[Envelope]:
    """What was announced of one type, in order."""
    with database.read() as tx:
        bodies = tx.execute(select(outbox.c.body).where(outbox.c.type == kind).order_by(outbox.c.n)).scalars()
        return [Envelope.from_json(body) for body in bodies]


def upload(ask: Ask, content: bytes, who: Who = ADMIN, name: str = "sheet.xlsx", query: str = "") -> Any:
    """The answer to handing in a file."""
    data = {"file": (BytesIO(content), name)}
    path = f"/api/v1/customers/imports{query}"
    return ask(who, "POST", path, data=data, content_type="multipart/form-data")


def imported(ask: Ask, database: Database, content: bytes, who: Who = ADMIN) -> Any:
    """The report of an import that has been done."""
    answer = upload(ask, content, who)
    assert answer.status_code == 202, answer.get_json()
    JobLoop(database, SERVICE.jobs).run_due()
    return ask(who, "GET", f"/api/v1/customers/imports/{answer.get_json()['import_id']}").get_json()


def furnished(url: str, ids: Ids | None = None) -> Database:
    """A database that knows the branches EAST and WEST, li and zhao of one team, chen of none, west of WEST."""
    database = open_database(url, "customers", SERVICE.metadata, ids=ids)
    people = [say.staff("li", 1, team_id=TEAM), say.staff("zhao", 1, team_id=TEAM), say.staff("chen", 1)]
    others = [say.staff("boss", 1), say.staff("west", 1, branch_id=WEST)]
    deliver(database, SERVICE.consumers, [say.branch(EAST), say.branch(WEST), *people, *others])
    return database
