"""What a follow-up sheet says in words of somebody's own is forgotten with the customer; the usual words stay."""

from typing import Any

from chassis.database import Database
from tests.services.asking import Ask
from tests.services.customers.erasing import KEEPER, after_the_jobs, erase, sent
from tests.services.customers.house import announced, imported
from tests.services.grep import where_they_stand

HEADER = "编号,姓名,电话,跟进日期,跟进方式,客户意向,跟进结果,成交日期,业务员\n"
USUAL = "B01,欧阳兰,13900139000,2026-02-01,微信,确定购买意向,成交,2026-02-02,li\n"
OWN = "B01,欧阳兰,,2026-02-03,托她表姐带话,嫌婆婆管得多,她说再也不来,,她表姐的同学\n"
WORDS = ["托她表姐带话", "嫌婆婆管得多", "她说再也不来", "她表姐的同学"]
FREE = ("method", "intent", "result", "salesperson_name")


def rows_told(ask: Ask, database: Database) -> list[dict[str, Any]]:
    imported(ask, database, (HEADER + USUAL + OWN).encode(), KEEPER)
    return [fact.data for fact in announced(database, "sheet_row.imported.v1")]


def test_words_of_somebodys_own_stand_in_personal(quick_ask: Ask, quick_database: Database) -> None:
    """A row of usual words has no personal part; of another each word that is not usual stands there alone."""
    usual, own = rows_told(quick_ask, quick_database)
    assert [usual[name] for name in FREE] == ["微信", "确定购买意向", "成交", None]
    assert usual["personal"] is None
    assert [own[name] for name in FREE] == [None] * 4
    assert [own["personal"][name] for name in FREE] == WORDS


def test_words_of_a_sheet_are_forgotten(ask: Ask, database: Database) -> None:
    """Erased, her rows stay told with their days and usual words, and without any other."""
    before = rows_told(ask, database)
    hers = sent(ask, KEEPER, "GET", f"/{before[0]['customer_id']}")
    assert {one.split(": ")[1] for one in where_they_stand(database, WORDS)} == set(WORDS)
    erase(ask, hers["customer_id"], hers["code"])
    after_the_jobs(database)
    assert where_they_stand(database, WORDS) == []
    after = [fact.data for fact in announced(database, "sheet_row.imported.v1")]
    assert after == [before[0], before[1] | {"personal": None}]
