"""A customer is known at the door by every phone, also a relative's; an erased relative is forgotten with theirs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.house import BOSS, CUSTOMERS, House, opened
from tests.services.customers.house import LI
from tests.services.reception.office import FRONT_DESK

HIS, HERS = ["13800138000", "13800138001"], ["13900139000", "13700137001"]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with opened(tmp_path) as one:
        yield one


def registered(house: House, name: str, phones: list[str]) -> str:
    """Somebody of Li's, registered with each of these phones; answers the id."""
    first, *others = ({"name": name, "phone": phone} for phone in phones)
    customer_id = str(house.done(CUSTOMERS, LI, "POST", "customers", first)["customer_id"])
    for one in others:
        house.done(CUSTOMERS, LI, "POST", f"customers/{customer_id}/register", one)
    return customer_id


def at_the_door(house: House, phones: list[str]) -> list[list[str]]:
    """Whom the door finds by each of these phones."""
    asked = [house.hall.did(FRONT_DESK, "POST", house.hall.path("look-ups"), {"phone": phone}) for phone in phones]
    return [[one["customer_id"] for one in found["candidates"]] for found in asked]


def test_who_was_family_is_forgotten_everywhere_and_only_they(house: House) -> None:
    """While they are one customer the door knows him by the phones of both. Taken out and erased, hers stand in no
    service, not even in what was announced of him, whatever is told late; him all know still.
    """
    husband, wife = registered(house, "王小明", HIS), registered(house, "李小红", HERS)
    assert at_the_door(house, HIS + HERS) == [[husband]] * 2 + [[wife]] * 2
    asked = {"relative_id": wife, "kind": "spouse"}
    relation = house.done(CUSTOMERS, LI, "POST", f"customers/{husband}/relations", asked)["relation_id"]
    house.done(CUSTOMERS, BOSS, "POST", f"customers/relations/{relation}/confirm")
    assert at_the_door(house, HIS + HERS) == [[husband]] * 4
    house.done(CUSTOMERS, BOSS, "POST", f"customers/relations/{relation}/end", {"reason": "不是夫妻"})
    heard = house.events()
    wish = {"code": "A002", "requested_by": "person"}
    house.done(CUSTOMERS, BOSS, "POST", f"customers/{wife}/erasure", wish)
    assert house.words("李小红", *HERS) == {}
    house.tell_again(heard)
    assert house.words("李小红", *HERS) == {}
    assert at_the_door(house, HIS + HERS) == [[husband], [husband], [], []]
    assert set(house.words("王小明", HIS[1])) >= {"customers", "reception"}
