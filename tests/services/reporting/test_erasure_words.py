"""Words of somebody's own in follow-ups of an erased customer: reporting forgets them and counts as before."""

from itertools import permutations
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.events import Envelope
from services.reporting.app import SERVICE
from services.reporting.consumers import consumers
from services.reporting.facts import tables
from tests.services import synthetic as say
from tests.services.asking import asking
from tests.services.grep import places_of
from tests.services.reporting import source_sheet
from tests.services.synthetic import EAST, deliver, named, open_database, person, rows_of

FREE = ("method", "intent", "result", "salesperson_name")
WORDS = ["托她表姐带话", "嫌婆婆管得多", "她说再也不来", "她表姐的同学"]
OWN = dict(zip(FREE, WORDS, strict=True))
USUAL = {"method": "微信", "intent": "确定购买意向", "result": "成交", "deal_date": "2026-03-02"}
BOSS = person("boss", "branch")
SHEET = "/api/v1/reporting/followup-sheet?from=2026-03-01&to=2026-03-31"
COUNTED = ("/api/v1/reporting/days/2026-03-02", SHEET)


def followup(name: str, words: dict[str, str], **changes: Any) -> Envelope:
    """A follow-up as it is announced: words of somebody's own in `personal`."""
    personal = dict.fromkeys((*FREE, "said")) | words | {"salt": "0"}
    return say.followup(name, **{**dict.fromkeys(FREE), **changes}, personal=personal if words else None)


def forgotten(name: str) -> Envelope:
    data = {"followup_id": named(name), "branch_id": EAST}
    return say.event("followups", "followup.erased.v1", f"followup/{named(name)}", 1, data)


def columns_of(sheet: Any) -> list[tuple[Any, ...]]:
    return [(row["method"], row["intent"], row["result"], row["salesperson"]) for row in sheet["rows"]]


def test_words_are_shown_until_they_are_forgotten(database: Database) -> None:
    """On the sheet stands what was written; erased, only the usual words do, and every count is what it was."""
    stranger = {"salesperson_id": None, "salesperson_name": "业务员9", "result": "成交", "deal_date": "2026-03-02"}
    of_before = say.followup("before", customer_id=named("other"), **OWN | {"salesperson_id": None})
    deliver(
        database,
        consumers,
        [
            say.branch(),
            say.customer("wang"),
            followup("own", OWN, salesperson_id=None),
            followup("usual", {"salesperson_name": WORDS[3]}, salesperson_id=None, **USUAL),
            say.followup("stranger", customer_id=named("chen"), **stranger),
            of_before,
        ],
    )
    ask = asking(SERVICE, database)
    before = [ask(BOSS, "GET", path).get_json() for path in COUNTED]
    usual = ("微信", "确定购买意向", "成交")
    others = [tuple(WORDS), ("电话", None, "成交", "业务员9")]
    assert sorted(columns_of(before[1]), key=str) == sorted([tuple(WORDS), (*usual, WORDS[3]), *others], key=str)
    deliver(database, consumers, [say.erased("wang"), say.erased("other")])
    assert places_of(database, WORDS) == []
    after = [ask(BOSS, "GET", path).get_json() for path in COUNTED]
    nobody: list[tuple[Any, ...]] = [(None,) * 4, (None,) * 4, (*usual, None), others[1]]
    assert sorted(columns_of(after[1]), key=str) == sorted(nobody, key=str)
    assert after[1]["closed_deals"] == before[1]["closed_deals"] == 2
    counts = [{name: one for name, one in day.items() if name != "by_person"} for day in (before[0], after[0])]
    assert counts[0] == counts[1]
    assert sums(before[0]) == sums(after[0])


def sums(day: Any) -> tuple[int, int]:
    """Follow-ups and deals of all persons together."""
    return sum(one["followups"] for one in day["by_person"]), sum(one["deals"] for one in day["by_person"])


def test_the_source_sheet_counts_ten_when_all_were_erased(database: Database) -> None:
    """Every customer of the source's sheet is erased: 成交户数 of its period is 10 as before."""
    deliver(database, consumers, [say.branch(), *source_sheet.announced()])
    deliver(database, consumers, [say.erased(name) for _, name, *_ in source_sheet.ROWS if name])
    path = "/api/v1/reporting/followup-sheet?from=2020-02-01&to=2020-04-25"
    assert asking(SERVICE, database)(BOSS, "GET", path).get_json()["closed_deals"] == 10
    assert len(places_of(database, ["业务员1"])) == 1  # of row 16, which is nobody's


def test_no_order_brings_a_word_back(sqlite_url: str) -> None:
    """Recorded, told as older versions did, corrected, and erased with the customer or beside them, in every order."""
    database = open_database(sqlite_url, "reporting", SERVICE.metadata)
    for n, order in enumerate(permutations(range(4))):
        she, it = f"she {n}", f"it {n}"
        corrected = followup(it, OWN, customer_id=named(she))
        corrected = Envelope(**{**vars(corrected), "type": "followup.corrected.v1", "sequence": 2})
        news = [followup(it, OWN, customer_id=named(she)), say.followup(it, customer_id=named(she), **OWN), corrected]
        news.append(say.erased(she) if n % 2 else forgotten(it))
        for one in order:
            deliver(database, consumers, [news[one]])
    assert places_of(database, WORDS) == []
    assert len(rows_of(database, tables.followups)) == 24
    database.close()


@pytest.mark.system
@pytest.mark.parametrize("erased_first", [True, False])
def test_what_is_being_kept_meanwhile_is_forgotten_too(postgres_url: str, erased_first: bool) -> None:
    """Of two workers one hears of the erasure and one of a follow-up: whoever comes second waits for the first."""
    database = open_database(postgres_url, "reporting", SERVICE.metadata)
    news = [say.erased("wang"), followup("own", OWN)]
    first, second = news if erased_first else news[::-1]
    with database.write() as tx:
        consumers.handle(tx, first)
        tx.flush()
        later = Thread(target=deliver, args=(database, consumers, [second]))
        later.start()
        while later.is_alive() and not waits(database):
            pass
    later.join()
    assert places_of(database, WORDS) == []
    database.close()


def waits(database: Database) -> bool:
    """Whether somebody waits for a lock in this database."""
    waiting = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with database.read() as tx:
        return tx.execute(text(waiting)).first() is not None
