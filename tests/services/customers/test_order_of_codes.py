"""Lists by code stand as people count: A999 before A1000."""

from typing import Any

import pytest

from chassis.database import Database
from chassis.identity import Who
from services.customers.exports.asked import Asked, rows_of
from tests.services.asking import Ask
from tests.services.customers.house import HEADQUARTERS, MANAGER, imported, person
from tests.services.customers.test_finding_api import BASE, registered
from tests.services.synthetic import WEST

_CODES = ["A001", "A002", "A999", "A1000", "A1001", "A10000"]


@pytest.fixture
def numbered(ask: Ask, database: Database) -> None:
    """Customers with these codes, registered in another order."""
    rows = [f"{code},客户,1390013900{n}\n" for n, code in enumerate(sorted(_CODES))]
    imported(ask, database, "".join(["编号,姓名,电话\n", *rows]).encode())


def paged(ask: Ask, who: Who, descending: bool, limit: int) -> list[str]:
    """The codes of a list by code, page after page."""
    question: dict[str, Any] = {"sort": "code", "descending": descending, "limit": limit}
    codes: list[str] = []
    while True:
        page = ask(who, "POST", f"{BASE}/searches/run", json=question).get_json()
        codes += [one["code"] for one in page["items"]]
        if page["next_after"] is None:
            return codes
        question["after"] = page["next_after"]


@pytest.mark.usefixtures("numbered")
@pytest.mark.parametrize("limit", [1, 2, 10])
def test_codes_are_sorted_by_their_number(ask: Ask, database: Database, limit: int) -> None:
    """In both directions, from page to page, of all branches too, and in an export."""
    registered(ask, "西区客户", "13900139009", person("west", "branch", WEST))
    assert paged(ask, MANAGER, False, limit) == _CODES
    assert paged(ask, MANAGER, True, limit) == _CODES[::-1]
    assert paged(ask, HEADQUARTERS, False, limit) == ["A001", *_CODES]
    question = {"text": None, "conditions": [], "sort": "code", "descending": False}
    assert [row["code"] for row in rows_of(database, Asked(MANAGER, "branch", question), 10)] == _CODES
