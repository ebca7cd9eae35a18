"""Finding customers by phone for those who read it masked: by what the mask shows, and by nothing else."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chassis.database import Database, Transaction
from chassis.identity import Who
from chassis.ids import CountedIds
from services.customers.app import SERVICE
from services.customers.files.views import found_page
from services.customers.finding import actions
from services.customers.finding.rules import MOST_COMPARED, Listed, Says, sought
from services.customers.finding.views import hits
from services.customers.searches.views import asked_page
from tests.services.asking import Ask, asking
from tests.services.customers.house import LI, MANAGER, SUPERVISOR, furnished, person
from tests.services.customers.test_finding_api import AUDITOR, BASE, found, names, registered, told_more
from tests.services.synthetic import EAST, NOW

_CLIENT = person("client", "branch", EAST, "customers.see")
_ONE, _OTHER = "13700137001", "13755557001"
"""Two phones of one mask: 137****7001."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The same test on SQLite and on PostgreSQL; ids are the same each time."""
    opened = furnished(database_url, CountedIds())
    yield opened
    opened.close()


@pytest.fixture
def ask(database: Database) -> Ask:
    return asking(SERVICE, database)


def _tried() -> list[str]:
    """Parts of both phones, the whole one with one digit wrong, and others of the mask."""
    parts = {
        phone[first : first + length]
        for phone in (f"86{_ONE}", f"86{_OTHER}")
        for length in (4, 7, 11, 13)
        for first in range(14 - length)
    }
    wrong = {f"{_ONE[:place]}{(int(_ONE[place]) + 1) % 10}{_ONE[place + 1 :]}" for place in range(11)}
    return sorted(parts | wrong | {"+86 137-5555-7001", "13712347001", "13700137001 13755557001"})


def _answers(database: Database, who: Who) -> Iterator[Any]:
    """All that each way of asking says, page after page, but for how often a file has changed."""
    nothing: dict[str, Any] = {"text": None, "phone": None, "code": None, "limit": 1}
    question = {"conditions": [], "sort": "registered", "descending": True, "limit": 1}
    ways: list[tuple[Callable[..., Any], dict[str, Any]]] = [
        *((found_page, nothing | {field: tried}) for tried in _tried() for field in ("text", "phone")),
        *((run, question | {"text": tried}) for tried in _tried()),
    ]
    with database.read() as tx:
        for ask, asked in ways:
            after, pages = None, 0
            while after or not pages:
                page = ask(tx, who, asked | {"after": after})
                yield asked, page | {"items": [one | {"version": None} for one in page["items"]]}
                after, pages = page["next_after"], pages + 1


def run(tx: Transaction, who: Who, question: Any) -> Any:
    return asked_page(tx, who, question, question)


def test_hidden_digits_cannot_be_guessed(ask: Ask, database: Database) -> None:
    """A file is asked about with one phone of its mask, then with the other, and so is a contact of it: to who reads
    it masked no answer differs in anything, whichever phone, part or slip is tried and however it is asked.
    """
    customer_id = registered(ask, "张三丰", "13900139000")
    registered(ask, "王小明", "13700138001")
    registered(ask, "李四光", "13812347001")
    registered(ask, "赵一", "13755557002", SUPERVISOR)
    told = []
    for phone in (_ONE, _OTHER):
        told_more(database, customer_id, phone=f"+86{phone}")
        with database.write() as tx:
            actions.keep(tx, LI, customer_id, "contacts", Says(phones=(f"+86{phone}",)))
        told.append([answer for who in (SUPERVISOR, AUDITOR, _CLIENT) for answer in _answers(database, who)])
    for one, other in zip(*told, strict=True):
        assert one == other


@pytest.mark.parametrize("who", [SUPERVISOR, AUDITOR, _CLIENT], ids=["team", "all", "branch"])
def test_a_masked_phone_is_found_by_its_ending(ask: Ask, who: Who) -> None:
    """Whole or by its last four digits it is among those who end alike, all of them masked; by no other part."""
    for name, phone in (("张三丰", _ONE), ("李四光", "13812347001"), ("王小明", "13700137002")):
        registered(ask, name, phone)
    alike = ["李四光", "张三丰"]
    tried = {_ONE: alike, "+86 138 1234 7001": alike, "7001": alike, "37001": [], "0013": [], "137": []}
    assert {text: names(found(ask, who, text)) for text in tried} == tried
    by_phone = ask(who, "POST", f"{BASE}/search", json={"phone": _ONE}).get_json()
    assert ([one["phone"] for one in by_phone["items"]], by_phone["count"]) == (["138****7001", "137****7001"], 2)
    assert ask(who, "POST", f"{BASE}/search", json={"phone": "137001"}).get_json()["items"] == []


def test_ones_own_are_found_by_the_whole_phone(ask: Ask) -> None:
    """An own customer by the phone as it is typed, near ones after; of a colleague's the ending counts."""
    registered(ask, "张三丰", _ONE)
    for name, phone in (("李四光", "13812347001"), ("王小明", "13700137009"), ("赵一", _OTHER)):
        registered(ask, name, phone, SUPERVISOR)
    page = found(ask, SUPERVISOR, _OTHER)
    assert (names(page), names(page, exact=False)) == (["赵一", "张三丰"], [])
    assert names(found(ask, SUPERVISOR, _ONE), exact=False) == ["王小明"]
    assert names(found(ask, SUPERVISOR, "5555")) == ["赵一"]
    page = found(ask, MANAGER, _ONE)
    assert (names(page), names(page, exact=False)) == (["张三丰"], ["王小明"])


def test_those_who_are_masked_hide_no_near_one(database: Database) -> None:
    """Of the many who are compared none is one whose phone the asker may not read: it would tell how many have it."""
    client = person("client", "all", None, "customers.see")
    with database.write() as tx:
        for n in range(MOST_COMPARED + 1):
            listed = Listed(f"customer-{n:04}", EAST, None, NOW, active=True)
            actions.enter(tx, MANAGER, listed, Says(phones=(f"+8613700139{n:03}",)))
        mine = Listed("mine", EAST, client.actor_id, NOW, active=True)
        actions.enter(tx, MANAGER, mine, Says(phones=("+8613700139999",)))
    wanted = sought("13700139998", reads_phones=False)
    assert wanted is not None
    with database.read() as tx:
        assert [one for _, _, one in hits(tx, client, wanted, {"after": None, "limit": 20}).page] == ["mine"]
