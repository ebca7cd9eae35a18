"""A field of the company's own that is retired while a sheet waits or is under way, and imports that failed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.identity import system
from chassis.jobs import JobLoop
from services.customers.app import SERVICE
from services.customers.spreadsheets import actions
from services.customers.spreadsheets.tables import imports
from tests.services.asking import Ask, code_of
from tests.services.customers.erasing import BASE, BOSS, KEEPER, after_the_jobs, erase, sent
from tests.services.customers.house import LI, upload
from tests.services.customers.test_import_customers import files
from tests.services.customers.test_whole_file import changed, defined
from tests.services.synthetic import NOW

SHEET = "姓名,电话,渠道\n上官飞,13700137000,朋友介绍\n司马风,13711137000,\n无名氏,139,路过\n".encode()


@pytest.fixture
def field(quick_ask: Ask) -> Any:
    return defined(quick_ask)


@pytest.fixture
def held(quick_ask: Ask, field: Any) -> str:
    """The path of a sheet that waits, with a column that is read as the field."""
    answer = upload(quick_ask, SHEET, KEEPER, "sheet.csv", "?hold=true").get_json()
    assert [one["field"] for one in answer["columns"]] == ["name", "phone", f"details.{field['field_id']}"]
    return f"/imports/{answer['import_id']}"


def retire(ask: Ask, field: Any) -> None:
    assert changed(ask, BOSS, f"fields/{field['field_id']}", field["version"], retired=True).status_code == 200


@pytest.mark.parametrize("what", ["begin", "trial"])
def test_a_column_whose_field_is_gone_is_chosen_again(
    quick_ask: Ask, quick_database: Database, field: Any, held: str, what: str
) -> None:
    """Neither trying nor beginning goes on without it: the column is named, in both languages; then it goes on."""
    retire(quick_ask, field)
    for language, words in (("zh", "“渠道”"), ("en", "column 渠道")):
        refused = quick_ask(KEEPER, "POST", f"{BASE}{held}/{what}", language=language)
        assert (refused.status_code, code_of(refused)) == (422, "column_field_retired")
        assert words in refused.get_json()["detail"]
    sent(quick_ask, KEEPER, "PUT", f"{held}/columns", json={"fields": ["name", "phone", None]})
    sent(quick_ask, KEEPER, "POST", f"{held}/{what}", 202)
    after_the_jobs(quick_database)
    assert sent(quick_ask, KEEPER, "GET", held)["state"] in ("done", "tried")


def test_a_column_without_a_title_is_named_by_its_place(quick_ask: Ask, field: Any) -> None:
    """Where nothing stands above the column its number does."""
    answer = upload(quick_ask, SHEET.replace("渠道".encode(), b""), KEEPER, "sheet.csv", "?hold=true").get_json()
    path, columns = f"/imports/{answer['import_id']}", ["name", "phone", f"details.{field['field_id']}"]
    sent(quick_ask, KEEPER, "PUT", f"{path}/columns", json={"fields": columns})
    retire(quick_ask, field)
    assert "column 3 " in quick_ask(KEEPER, "POST", f"{BASE}{path}/begin").get_json()["detail"]


@pytest.mark.parametrize("what", ["begin", "trial"])
def test_what_has_begun_goes_on_without_the_column(
    quick_ask: Ask, quick_database: Database, field: Any, held: str, what: str
) -> None:
    """Retired after the beginning: all rows come in, those that have something in the column with a warning."""
    sent(quick_ask, KEEPER, "POST", f"{held}/{what}", 202)
    retire(quick_ask, field)
    after_the_jobs(quick_database)
    shown = quick_ask(KEEPER, "GET", f"{BASE}{held}", language="zh").get_json()
    assert shown["state"] == {"begin": "done", "trial": "tried"}[what]
    assert [one["fate"] for one in shown["rows"]] == ["new_customer", "new_customer", "refused"]
    warned = [[warning["text"] for warning in one["warnings"]] for one in shown["rows"]]
    assert [bool(one) for one in warned] == [True, False, True]
    assert "停用" in warned[0][0]
    assert [one["details"] for one in files(quick_database).values()] == [{}, {}] * (what == "begin")


def test_an_import_that_failed_holds_nobody_up(quick_ask: Ask, quick_database: Database) -> None:
    """While it is tried again nobody is erased; once it has failed for good whoever asks is, and its file is gone."""
    her = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13900139000"})
    path = failed(quick_ask, quick_database, in_between=lambda: refused(quick_ask, her))
    assert sent(quick_ask, KEEPER, "GET", path)["state"] == "failed"
    assert erase(quick_ask, her["customer_id"], her["code"]).status_code == 201
    assert contents(quick_database) == [None]


def test_the_file_of_an_import_that_failed_is_forgotten(quick_ask: Ask, quick_database: Database) -> None:
    """After a month, as that of one that was never begun; one that still waits for its turn keeps it."""
    failed(quick_ask, quick_database)
    assert upload(quick_ask, SHEET, KEEPER).status_code == 202
    with quick_database.write() as tx:
        assert actions.forget_old(tx, system("customers", None)) == 0
        tx.execute(imports.update().values(requested_at=NOW - timedelta(days=31)))
    with quick_database.write() as tx:
        assert actions.forget_old(tx, system("customers", None)) == 1
    assert sorted(one is None for one in contents(quick_database)) == [False, True]


def failed(ask: Ask, database: Database, in_between: Any = lambda: None) -> str:
    """The path of an import of a file that cannot be read any more, tried as often as jobs are."""
    import_id = upload(ask, SHEET, KEEPER).get_json()["import_id"]
    with database.write() as tx:
        tx.execute(imports.update().values(content=b"broken"))
    clock = StandingClock(NOW)
    loop = JobLoop(database, SERVICE.jobs, clock)
    for hours in range(1, 6):
        in_between()
        loop.run_due()
        clock.move_to(NOW + timedelta(hours=hours))
    return f"/imports/{import_id}"


def refused(ask: Ask, her: Any) -> None:
    assert code_of(erase(ask, her["customer_id"], her["code"])) == "sheet_under_way"


def contents(database: Database) -> list[bytes | None]:
    with database.read() as tx:
        return list(tx.execute(select(imports.c.content)).scalars())
