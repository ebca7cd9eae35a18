"""An export, and a question by conditions, find all whom the search shows for the same text, and nobody else."""

from dataclasses import replace
from typing import Any

import pytest

from chassis.database import Database
from chassis.identity import Who
from services.customers.finding.rules import FEW
from tests.services.asking import Ask
from tests.services.customers.house import MANAGER, SUPERVISOR, person
from tests.services.customers.test_exports import HEADQUARTERS, exported
from tests.services.customers.test_finding_api import BASE, counted, found, registered, told_more
from tests.services.synthetic import EAST, WEST

EXPORTER = replace(
    person("boss", "branch", EAST, "customers.see", "customers.edit", "customers.export"), role="manager"
)


def shown(ask: Ask, who: Who, text: str) -> set[str]:
    """The codes of all whom the search shows, page by page, near ones included."""
    page = found(ask, who, text)
    codes = [one["code"] for one in page["items"]]
    while page["next_after"]:
        page = found(ask, who, text, after=page["next_after"])
        codes += [one["code"] for one in page["items"]]
    assert len(codes) == len(set(codes))
    return set(codes)


def ran(ask: Ask, who: Who, text: str | None, **more: Any) -> set[str]:
    """The codes of those who fit the question, which are all that it counts."""
    answer = ask(who, "POST", f"{BASE}/searches/run", json={"text": text, "limit": 200} | more).get_json()
    assert answer["count"] == len(answer["items"])
    return {one["code"] for one in answer["items"]}


@pytest.mark.parametrize("text", ["？？", "--", "…", "+", "。", "(*)"])
def test_signs_alone_find_nobody(quick_ask: Ask, quick_database: Database, text: str) -> None:
    """A text without letters and digits is in no name: nobody is shown or goes out. No text at all is no condition."""
    registered(quick_ask, "张三丰", "13700137001")
    assert shown(quick_ask, MANAGER, text) == ran(quick_ask, MANAGER, text) == set()
    assert exported(quick_ask, quick_database, EXPORTER, text) == []
    assert ran(quick_ask, MANAGER, None) == {"A001"}
    assert len(exported(quick_ask, quick_database, EXPORTER)) == 1


def test_near_ones_go_out_too(ask: Ask, database: Database) -> None:
    """Whom the search shows with one wrong character is found by conditions, where they hold, and exported."""
    for name, phone in (("欧阳兰", "13700137001"), ("欧阳蓝", "13700137002"), ("欧阳克", "13800137002")):
        registered(ask, name, phone)
    expected = {"欧阳蓝": {"A001", "A002", "A003"}, "欧阳菊": {"A001", "A002", "A003"}, "13700137009": {"A001", "A002"}}
    expected |= {"欧阳": {"A001", "A002", "A003"}, "欧阳牡丹": set(), "李三": set()}
    for text, codes in expected.items():
        assert shown(ask, MANAGER, text) == ran(ask, MANAGER, text) == codes, text
        assert {row["编号"] for row in exported(ask, database, EXPORTER, text)} == codes, text
    one = {"field": "name", "any_of": ["欧阳克"]}
    assert ran(ask, MANAGER, "欧阳菊", conditions=[one]) == {"A003"}


@pytest.mark.parametrize("exact", [FEW - 1, FEW])
def test_near_ones_follow_few_alone(ask: Ask, database: Database, exact: int) -> None:
    """Where as many hold it as are enough, nobody near is shown, asked for by conditions or exported."""
    for n in range(exact):
        registered(ask, "欧阳蓝", f"1370013700{n}" if n < 10 else f"137001380{n}")
    registered(ask, "欧阳兰", "13900137001")
    codes = shown(ask, MANAGER, "欧阳蓝")
    assert len(codes) == (FEW if exact < FEW else exact)
    assert ran(ask, MANAGER, "欧阳蓝") == codes == {row["编号"] for row in exported(ask, database, EXPORTER, "欧阳蓝")}


def test_a_text_with_nothing_near_takes_no_statement_more(ask: Ask, database: Database) -> None:
    """What is too short to be nearly right is looked for within the one statement that asks for the rest."""
    registered(ask, "欧阳兰", "13700137001")
    statements = []
    for text in (None, "欧阳", "欧阳兰"):
        with counted(database) as ran_now:
            ask(MANAGER, "POST", f"{BASE}/searches/run", json={"text": text})
        statements.append(len(ran_now))
    without, short, near = statements
    assert short - without == (0 if database.is_sqlite else 1) < near - without


def test_a_narrower_right_narrows_what_is_shown(quick_ask: Ask, quick_database: Database) -> None:
    """Of a role that reads every phone and takes out its team's alone, a whole phone finds the one who has it."""
    path = f"{BASE}/export-rights/manager"
    quick_ask(HEADQUARTERS, "PATCH", path, json={"scope": "team"}, headers={"If-Match": '"0"'})
    exporter = replace(EXPORTER, actor_id=SUPERVISOR.actor_id, team_id=SUPERVISOR.team_id)
    for name, phone in (("张三丰", "13700137001"), ("李四光", "13812347001")):
        registered(quick_ask, name, phone)
    told_more(quick_database, registered(quick_ask, "王三丰", "13900139000"), owner_id=None)
    registered(quick_ask, "陈三丰", "13700137001", person("west", "branch", WEST))
    expected = {"13700137001": {"张三丰"}, "0013": {"张三丰"}, "7001": {"张三丰", "李四光"}, "三丰": {"张三丰"}}
    for text, names in expected.items():
        assert {row["姓名"] for row in exported(quick_ask, quick_database, exporter, text)} == names
