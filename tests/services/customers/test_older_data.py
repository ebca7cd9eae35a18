"""What an earlier version left behind is found, recognised and owned as before."""

import shutil
from pathlib import Path

from sqlalchemy import MetaData, create_engine, text

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.database.migrations import migrate
from services.customers.app import SERVICE
from tests.services import synthetic as say
from tests.services.asking import asking
from tests.services.customers.house import LI, MANAGER
from tests.services.synthetic import EAST, NOW, deliver, named

_AT = "2026-02-20T01:00:00.000000Z"
_CUSTOMER = {
    "customer_id": named("wang"),
    "branch_id": EAST,
    "code": "A001",
    "name": "王小明",
    "phone": "+8613800138000",
    "key_account": False,
    "source": "person",
    "owner_id": LI.actor_id,
    "owner_by_hand": False,
    "registered_at": _AT,
    "local_day": "2026-02-20",
    "active": True,
    "version": 3,
}
_ENTRY = {
    "entry_id": named("entry"),
    "branch_id": EAST,
    "customer_id": named("wang"),
    "kind": "registered",
    "at": _AT,
    "local_day": "2026-02-20",
    "name": "王小明先生",
    "phone": "+8613800138000",
    "phone_correct": True,
    "registered_by": LI.actor_id,
    "origin": "person",
    "origin_key": "1",
}


def test_a_customer_of_before_is_found_recognised_and_owned(database_url: str, tmp_path: Path) -> None:
    """Migrated, it is found by its reading, joined by the same name with the same end of a phone, and owned since."""
    _as_before(database_url, tmp_path)
    migrate("customers", SERVICE.folder / "migrations", SERVICE.metadata, database_url)
    database = Database(database_url, "customers", clock=StandingClock(NOW))
    deliver(database, SERVICE.consumers, [say.branch(EAST)])
    ask = asking(SERVICE, database)
    found = ask(LI, "POST", "/api/v1/customers/search", json={"text": "wxm"}).get_json()["items"]
    assert [one["code"] for one in found] == ["A001"]
    same = {"name": "王小明", "phone": "13900008000"}
    joined = ask(LI, "POST", "/api/v1/customers", json=same).get_json()
    assert (joined["customer_id"], joined["is_new"]) == (named("wang"), False)
    (line,) = ask(MANAGER, "GET", f"/api/v1/customers/{named('wang')}/owners").get_json()["owners"]
    assert line["owner_id"] == LI.actor_id
    database.close()


def _as_before(url: str, tmp_path: Path) -> None:
    """Schema 0004 with one customer."""
    versions = tmp_path / "customers" / "migrations" / "versions"
    versions.mkdir(parents=True)
    for number in range(1, 5):
        shutil.copy(next((SERVICE.folder / "migrations" / "versions").glob(f"{number:04}_*.py")), versions)
    migrate("customers", versions.parent, MetaData(), url)
    engine = create_engine(url)
    with engine.begin() as connection:
        for table, row in (("customers", _CUSTOMER), ("register", _ENTRY)):
            values = ", ".join(f":{name}" for name in row)
            connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({values})"), row)
        connection.execute(text(f"INSERT INTO codes (branch_id, last) VALUES ('{EAST}', 1)"))
    engine.dispose()
