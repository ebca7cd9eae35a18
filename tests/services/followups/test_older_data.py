"""What an earlier version left behind is brought into the credit ledger, once."""

import shutil
from pathlib import Path

from sqlalchemy import MetaData, create_engine, text

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.database.migrations import migrate
from chassis.jobs import JobLoop
from services.followups.app import SERVICE
from services.followups.consumers import consumers
from services.followups.credit.tables import credit_lines, merged, owned
from tests.services import synthetic as say
from tests.services.asking import asking
from tests.services.synthetic import EAST, NOW, deliver, named, person, rows_of

_COLUMNS = "id, branch_id, customer_id, date, result, deal_date, effective, salesperson_id, origin, origin_key"
_BEFORE = "2026-02-20T01:00:00.000000Z"


def test_deals_from_before_the_ledger_are_booked_once(database_url: str, tmp_path: Path) -> None:
    """A database of before is migrated: its deals are booked by who their customers were known to be, and only once."""
    _as_before_the_ledger(database_url, tmp_path)
    migrate("followups", SERVICE.folder / "migrations", SERVICE.metadata, database_url)
    database = Database(database_url, "followups", clock=StandingClock(NOW))
    assert rows_of(database, credit_lines) == []
    for _ in range(2):
        JobLoop(database, SERVICE.jobs, wall_clock=database.clock).run_due()
        with database.write() as tx:
            tx.execute(text("DELETE FROM jobs"))
    totals = {one: _lines(database, one) for one in ("li", "zhao", "mo")}
    assert totals == {"li": ["owner_after", "owner_after"], "zhao": [], "mo": ["nobodys"]}
    database.close()


def test_an_old_customer_is_the_owners_from_the_first_new_deal_on(sqlite_url: str, tmp_path: Path) -> None:
    """Whose a customer was, and who is one with whom, is known after the migration though nothing new is heard."""
    _as_before_the_ledger(sqlite_url, tmp_path)
    migrate("followups", SERVICE.folder / "migrations", SERVICE.metadata, sqlite_url)
    database = Database(sqlite_url, "followups", clock=StandingClock(NOW))
    assert (len(rows_of(database, owned)), len(rows_of(database, merged))) == (2, 1)
    row = {"result": "成交", "deal_date": "2026-03-02", "salesperson_id": named("mo")}
    deliver(database, consumers, [say.sheet_row(9, customer_id=named("wang2"), **row)])
    assert _lines(database, "li") == ["owner_after"]
    deliver(database, consumers, [say.customer("wang", 8, owner_id=named("zhao"))])
    assert _lines(database, "li") == ["owner_after"]
    database.close()


def _lines(database: Database, name: str) -> list[str]:
    """The reasons of a person's lines of February and March."""
    ask, boss = asking(SERVICE, database), person("boss", "branch")
    months = (f"/api/v1/followups/credit?staff_id={named(name)}&month=2026-0{n}" for n in (2, 3))
    return [line["why"]["code"] for month in months for line in ask(boss, "GET", month).get_json()["items"]]


def _as_before_the_ledger(url: str, tmp_path: Path) -> None:
    """Schema 0002 with three deals: Wang's, one of Wang's other id, and one of a customer in the pool."""
    versions = tmp_path / "followups" / "migrations" / "versions"
    versions.mkdir(parents=True)
    for number in ("0001", "0002"):
        shutil.copy(next((SERVICE.folder / "migrations" / "versions").glob(f"{number}_*.py")), versions)
    migrate("followups", versions.parent, MetaData(), url)
    engine = create_engine(url)
    with engine.begin() as connection:
        for n, customer in enumerate(("wang", "wang2", "pooled")):
            says = f"'{n}', '{EAST}', '{named(customer)}', '2026-02-20', '成交', '2026-02-20', true, '{named('mo')}'"
            rest = f"'import', 'row {n}', '{named('mo')}', '{_BEFORE}', 1"
            columns = f"{_COLUMNS}, recorded_by, recorded_at, version"
            connection.execute(text(f"INSERT INTO records ({columns}) VALUES ({says}, {rest})"))
        for customer, owner in (("wang", f"'{named('li')}'"), ("pooled", "NULL")):
            values = f"'{named(customer)}', '{EAST}', 'A1', {owner}, true, 7"
            columns = "customer_id, branch_id, code, owner_id, active, sequence"
            connection.execute(text(f"INSERT INTO customers ({columns}) VALUES ({values})"))
        values = f"'{named('wang2')}', '{named('wang')}', '{EAST}', true, 1"
        columns = "loser_id, winner_id, branch_id, active, sequence"
        connection.execute(text(f"INSERT INTO aliases ({columns}) VALUES ({values})"))
    engine.dispose()
