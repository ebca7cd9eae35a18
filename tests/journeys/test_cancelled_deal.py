"""A deal is cancelled: a signed correction to nothing takes its credit back, and the points it gave the customer."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from services.followups.app import SERVICE as FOLLOWUPS
from tests.journeys.house import BOSS, CUSTOMERS, SELLER, House, opened
from tests.services.customers.points_house import holding
from tests.services.reception.office import seller


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    """A company that keeps points: one for each 10,000 yuan of a deal, five for a visit."""
    with opened(tmp_path) as house:
        holding(house.databases["customers"])
        yield house


def bought(house: House) -> dict[str, Any]:
    """A visitor has come and bought for 1,234,567.89 yuan; the follow-up that says so."""
    visitor = {"name": "欧阳兰", "phone": "13900139000"}
    assert house.hall.act(seller("li"), house.hall.visit(), "complete", visitor).status_code == 200
    house.settle()
    (hers,) = house.done(CUSTOMERS, BOSS, "POST", "customers/search", {"phone": "13900139000"})["items"]
    said = {"customer_id": hers["customer_id"], "method": "现场跟进", "result": "成交", "amount": 123_456_789}
    return dict(house.done(FOLLOWUPS, SELLER, "POST", "followups/records", said))


def points(house: House, deal: dict[str, Any]) -> tuple[int, list[tuple[int, str]]]:
    """What may be spent, and each line with its words."""
    path = f"customers/{deal['customer_id']}/points"
    lines = house.done(CUSTOMERS, BOSS, "GET", f"{path}/postings", language="zh")["items"]
    available = house.done(CUSTOMERS, BOSS, "GET", path)["available"]
    return available, [(one["points"], one["text"]) for one in lines]


def credit(house: House) -> int:
    return int(house.done(FOLLOWUPS, SELLER, "GET", "followups/credit")["total_cents"])


def test_a_cancelled_deal_gives_its_points_back(house: House) -> None:
    """Asked for, nothing happens; signed by another, credit is 0 and the deal's points are taken back, in words; the
    visit's stay, the record says 0, and what was booked can be read for ever.
    """
    deal = bought(house)
    assert (points(house, deal)[0], credit(house)) == (5 + 123, 123_456_789)
    cancelled = {"deal_id": deal["followup_id"], "amount": 0, "reason": "客户退房，合同已解除"}
    asked = house.done(FOLLOWUPS, SELLER, "POST", "followups/corrections", cancelled)
    assert (points(house, deal)[0], credit(house)) == (5 + 123, 123_456_789)
    house.done(FOLLOWUPS, BOSS, "POST", f"followups/corrections/{asked['correction_id']}/sign")
    available, lines = points(house, deal)
    assert (available, credit(house)) == (5, 0)
    assert sorted(one for one, _text in lines) == [-123, 5, 123]
    assert "取消" in next(text for one, text in lines if one == -123)
    (record,) = [one for one in house.done(FOLLOWUPS, SELLER, "GET", "followups/records")["items"] if one["result"]]
    assert (record["result"], record["amount"]) == ("成交", 0)
    booked = [one.data["amount"] for one in house.events() if one.type == "credit.booked.v1"]
    assert booked == [123_456_789, 0]


def test_a_deal_that_is_cancelled_and_stands_again_earns_once(house: House) -> None:
    """Corrected back, by two people as well, the customer has what the deal gives, and not twice."""
    deal = bought(house)
    for amount in (0, 123_456_789):
        wish = {"deal_id": deal["followup_id"], "amount": amount, "reason": "退房后又成交"}
        asked = house.done(FOLLOWUPS, SELLER, "POST", "followups/corrections", wish)
        house.done(FOLLOWUPS, BOSS, "POST", f"followups/corrections/{asked['correction_id']}/sign")
    assert (points(house, deal)[0], credit(house)) == (5 + 123, 123_456_789)


def test_points_that_were_spent_are_owed(house: House) -> None:
    """What the customer has spent of a deal that is cancelled afterwards is owed."""
    deal = bought(house)
    path = f"customers/{deal['customer_id']}/points"
    house.done(CUSTOMERS, BOSS, "POST", f"{path}/spendings", {"points": 100, "reason": "gift"})
    wish = {"deal_id": deal["followup_id"], "amount": 0, "reason": "客户退房"}
    asked = house.done(FOLLOWUPS, SELLER, "POST", "followups/corrections", wish)
    house.done(FOLLOWUPS, BOSS, "POST", f"followups/corrections/{asked['correction_id']}/sign")
    standing = house.done(CUSTOMERS, BOSS, "GET", path)
    assert (standing["available"], standing["owed"]) == (0, 95)
