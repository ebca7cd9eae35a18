"""What is under way while somebody is erased: sheets, exports, saved questions, families, and requests that wait."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, select, update

from chassis.database import Database
from chassis.identity import system
from chassis.jobs import JobLoop
from chassis.jobs.tables import jobs
from services.customers.app import SERVICE
from services.customers.exports import actions as exports
from services.customers.exports.job import JOBS as EXPORTING
from services.customers.exports.views import export_row
from services.customers.recycle_bin.job import JOB as PURGING
from services.customers.spreadsheets.job import JOBS as TAKING_IN
from tests.services.asking import Ask, asking, code_of
from tests.services.customers.erasing import BASE, BOSS, EXPORTER, KEEPER, after_the_jobs, erase, file_of, sent
from tests.services.customers.house import HEADQUARTERS, LI, announced, furnished, upload
from tests.services.customers.test_recycle_bin import delete, in_bin, later, purge
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


def test_nobody_is_erased_while_a_sheet_is_taken_in(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """A sheet that is begun may bring her back: she is erased when it is in, and then stands nowhere."""
    handed_in(quick_ask, hold=False)
    refused = erase(quick_ask, her["customer_id"], her["code"])
    assert (refused.status_code, code_of(refused)) == (409, "sheet_under_way")
    assert file_of(quick_database, her["customer_id"]).name == HER["name"]
    after_the_jobs(quick_database)
    assert erase(quick_ask, her["customer_id"], her["code"]).status_code == 201
    after_the_jobs(quick_database)
    assert where_they_stand(quick_database, WORDS) == []


def test_purging_waits_for_the_sheet(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """By hand it is refused; the job leaves the branch alone until the sheet is in, and purges in the next hour."""
    delete(quick_ask, her["customer_id"])
    later(quick_database, 89)
    handed_in(quick_ask, hold=False)
    assert code_of(purge(quick_ask, her["customer_id"], her["code"])) == "sheet_under_way"
    later(quick_database, 91, [PURGING])
    assert in_bin(quick_ask) == [her["customer_id"]]
    JobLoop(quick_database, TAKING_IN).run_due()
    later(quick_database, 92, [PURGING])
    assert in_bin(quick_ask) == []


def test_a_trial_that_waits_is_forgotten(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """A sheet whose trial had not begun shows as forgotten, and its trial ends as a job that has nothing to do."""
    held = handed_in(quick_ask, hold=True)
    sent(quick_ask, KEEPER, "POST", f"{held}/trial", 202)
    erase(quick_ask, her["customer_id"], her["code"])
    after_the_jobs(quick_database)
    shown = sent(quick_ask, KEEPER, "GET", held)
    assert (shown["state"], shown["progress"]["done"]) == ("forgotten", 0)
    with quick_database.read() as tx:
        ended = tx.execute(select(jobs.c.state, jobs.c.attempts).where(jobs.c.name == TAKING_IN[1].name)).all()
    assert ended == [("done", 1)]
    assert where_they_stand(quick_database, WORDS) == []


def test_a_trial_under_way_writes_nothing_more(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """What it has found out about rows of a sheet that was forgotten meanwhile is not kept."""
    held = handed_in(quick_ask, hold=True)
    sent(quick_ask, KEEPER, "POST", f"{held}/trial", 202)
    with before(quick_database, "FROM sheet_rows", lambda: erase(quick_ask, her["customer_id"], her["code"])):
        after_the_jobs(quick_database)
    shown = sent(quick_ask, KEEPER, "GET", held)
    assert (shown["state"], shown["progress"]["done"]) == ("forgotten", 0)
    assert where_they_stand(quick_database, ["无名氏"]) == []


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


def test_saved_questions_that_name_somebody_are_removed(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """By their own name, by what is typed, by a condition; of the branch and of the whole company. Others stay."""
    blank = {"text": None, "conditions": [], "sort": "code", "descending": False}
    named = {"field": "name", "contains": HER["name"]}
    one_of = {"field": "name", "any_of": [HER["name"], None]}
    saved = {
        "欧阳兰的": blank,
        "a": blank | {"text": f" {HER['name']}"},
        "b": blank | {"text": "139 0013 9000"},
        "c": blank | {"conditions": [{"field": "grade", "any_of": ["A"]}, named]},
        "d": blank | {"conditions": [one_of]},
        "stays": blank | {"text": "欧阳", "conditions": [{"field": "registered", "since": "2026-03-01"}]},
    }
    for who in (LI, HEADQUARTERS):
        for name, question in saved.items():
            sent(quick_ask, who, "POST", "/searches", 201, json={"name": name, "question": question})
    erase(quick_ask, her["customer_id"], her["code"])
    left = [[one["name"] for one in sent(quick_ask, who, "GET", "/searches")["items"]] for who in (LI, HEADQUARTERS)]
    assert left == [["stays"], ["stays"]]
    after_the_jobs(quick_database)
    assert where_they_stand(quick_database, WORDS) == []


def family(ask: Ask, her: Any) -> str:
    """Her husband, and that they are one customer (一.5)."""
    his = str(registered(ask, name="上官飞", phone="13700137000")["customer_id"])
    said = {"relative_id": his, "kind": "spouse"}
    relation = sent(ask, LI, "POST", f"/{her['customer_id']}/relations", 201, json=said)["relation_id"]
    sent(ask, BOSS, "POST", f"/relations/{relation}/confirm")
    return his


def test_a_family_is_not_purged_for_one_of_them(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """一.5: by hand only if all are meant, as in erasing; nothing is forgotten before."""
    his = family(quick_ask, her)
    delete(quick_ask, her["customer_id"])
    refused = purge(quick_ask, his, her["code"])
    assert (refused.status_code, code_of(refused)) == (409, "stands_for_relatives")
    assert announced(quick_database, "customer.erased.v1") == []
    all_of_them = {"code": her["code"], "family_too": True}
    purged = quick_ask(BOSS, "POST", f"{BASE}/recycle-bin/{his}/purge", json=all_of_them)
    assert (purged.status_code, len(announced(quick_database, "customer.erased.v1"))) == (204, 2)


def test_a_family_deleted_together_is_purged_together(quick_ask: Ask, quick_database: Database, her: Any) -> None:
    """一.5: a family is one customer, in the bin as a whole; when its days are over there it goes as a whole."""
    his = family(quick_ask, her)
    delete(quick_ask, his)
    later(quick_database, 90)
    gone = {fact.data["customer_id"] for fact in announced(quick_database, "customer.erased.v1")}
    assert gone == {her["customer_id"], his}


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
