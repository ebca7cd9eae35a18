"""What is under way while somebody is erased: sheets, exports, saved questions, families, and requests that wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, update

from chassis.database import Database
from chassis.identity import system
from chassis.jobs import JobLoop
from chassis.jobs.tables import jobs
from services.customers.app import SERVICE
from services.customers.exports import actions as exports
from services.customers.exports.job import JOBS as EXPORTING
from services.customers.exports.views import export_row
from tests.services.asking import Ask, asking, code_of
from tests.services.customers.conftest import furnished
from tests.services.customers.erasing import BASE, BOSS, EXPORTER, KEEPER, after_the_jobs, erase, sent
from tests.services.customers.house import LI, upload
from tests.services.grep import where_they_stand

HER = {"name": "欧阳兰", "phone": "13900139000"}
WORDS = list(HER.values())
SHEET = "姓名,电话,业务员\n上官飞,13700137000,li\n欧阳兰,13900139000,li\n无名氏,139,li\n".encode()


@pytest.fixture
def her(quick_ask: Ask) -> Any:
    return registered(quick_ask)


@pytest.fixture
def meanwhile(postgres_url: str) -> Iterator[Database]:
    """Where a request that waits for a lock has read before it: in a file it reads once it is its turn."""
    opened = furnished(postgres_url)
    yield opened
    opened.close()


def registered(ask: Ask, **said: str) -> Any:
    return sent(ask, LI, "POST", "", 201, json=HER | said)


def handed_in(ask: Ask, *, hold: bool) -> str:
    answer = upload(ask, SHEET, KEEPER, "sheet.csv", "?hold=true" if hold else "").get_json()
    return f"/imports/{answer['import_id']}"


@contextmanager
def before(database: Database, words: str, do: Callable[[], Any]) -> Iterator[None]:
    """`do` is done once, right before the first statement with these words is run."""
    waiting = [do]

    def step_in(*told: Any) -> None:
        if words in told[2] and waiting:
            waiting.pop()()

    event.listen(database.engine, "before_cursor_execute", step_in)
    yield
    event.remove(database.engine, "before_cursor_execute", step_in)
    assert waiting == []


def test_an_export_made_anew_goes_with_the_next_erasure(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """A file that was written anew because somebody was erased holds others, and goes when one of them is."""
    other = registered(quick_ask, name="上官飞", phone="13700137000")
    asked = sent(quick_ask, EXPORTER, "POST", "/exports", 202, json={})["export_id"]
    erase(quick_ask, other["customer_id"], other["code"])
    JobLoop(quick_database, EXPORTING).run_due()
    path = f"{BASE}/exports/{asked}/customers.xlsx"
    assert quick_ask(EXPORTER, "GET", path).status_code == 200
    erase(quick_ask, her["customer_id"], her["code"])
    refused = quick_ask(EXPORTER, "GET", path)
    assert code_of(refused) == "export_forgotten"
    assert "erased" in refused.get_json()["detail"]


def test_what_a_failed_export_asked_is_forgotten(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """An export that will not be written any more keeps no question; one that will be keeps its own."""
    asked = [sent(quick_ask, EXPORTER, "POST", "/exports", 202, json={"text": HER["name"]})["export_id"] for _ in "12"]
    who = system("customers", None)
    with quick_database.write() as tx:
        failed, going_on = (export_row(tx, who, one) for one in asked)
        tx.execute(update(jobs).where(jobs.c.id == failed["job_id"]).values(state="failed"))
        exports.forget_files(tx, str(failed["branch_id"]))
        assert [export_row(tx, who, one)["question"] is None for one in asked] == [True, False]
    assert going_on["question"]["text"] == HER["name"]


@pytest.mark.system
@pytest.mark.parametrize("act", ["decide", "relate", "sign_wrong"])
def test_who_waited_for_an_erasure_is_told_of_it(meanwhile: Database, act: str) -> None:
    """What was asked of her while she was being erased is refused, and not a word of it is kept."""
    ask = asking(SERVICE, meanwhile)
    her, other = registered(ask), registered(ask, name="上官飞", phone="13700137000")
    one, two = her["customer_id"], other["customer_id"]
    (entry,) = sent(ask, BOSS, "GET", f"/{one}/register")["entries"]
    asked: dict[str, tuple[str, dict[str, Any]]] = {
        "decide": (f"{one}/candidates/{two}/decide", {"same": False, "reason": "她的前夫"}),
        "relate": (f"{one}/relations", {"relative_id": two, "kind": "spouse"}),
        "sign_wrong": (f"{one}/wrong-phones", {"entry_ids": [entry["entry_id"]], "reason": "她的前夫"}),
    }
    path, said = asked[act]
    with before(meanwhile, "FROM codes", lambda: erase(ask, one, her["code"])):
        answer = ask(BOSS, "POST", f"{BASE}/{path}", json=said)
    assert (answer.status_code, code_of(answer)) == (410, "customer_erased")
    after_the_jobs(meanwhile)
    assert where_they_stand(meanwhile, [*WORDS, "前夫"]) == []
