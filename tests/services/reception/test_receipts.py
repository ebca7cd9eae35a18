"""The receipt of a registration (登记回执), and whether one that is shown stands."""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import text

from chassis import ledger
from tests.services.asking import code_of
from tests.services.reception.office import FRONT_DESK, MANAGER, SUPERVISOR, WEST_MANAGER, Office, seller
from tests.services.synthetic import NOW, named

PHONE, E164 = "138 0013 8000", "+8613800138000"
VERIFY = "/api/v1/reception/receipts/verify"


@pytest.fixture
def hall(sqlite_url: str) -> Iterator[Office]:
    """Li and Wu stand in the line; Li is on duty."""
    opened = Office(sqlite_url, ["li", "wu"])
    opened.come("li")
    yield opened
    opened.database.close()


def receipt(office: Office, reception: dict[str, Any], who: Any = MANAGER, **options: Any) -> dict[str, Any]:
    path = f"/api/v1/reception/receptions/{reception['reception_id']}/receipt"
    return office.did(who, "GET", path, **options)


def verdict(office: Office, reception: dict[str, Any], digest: str, who: Any = FRONT_DESK) -> dict[str, Any]:
    return office.did(who, "POST", VERIFY, {"reception_id": reception["reception_id"], "hash": digest})


def test_a_registration_has_a_receipt(office: Office) -> None:
    """一.4: when, by whom, whose customer, and the register's entry with its digest and the one before it."""
    office.come("li")
    visit = office.visit()
    office.later(seconds=30)
    done = office.act(SUPERVISOR, visit, "complete", {"name": "王小明", "phone": PHONE}).get_json()
    paper = receipt(office, done)
    assert (paper["customer_id"], paper["customer_is_new"]) == (done["customer_id"], True)
    assert (paper["owner_name"], paper["server_name"], paper["registered_by"]) == ("li", "li", named("supervisor"))
    assert paper["registered_at"] == paper["recorded_at"] == done["completed_at"]
    with office.database.read() as tx:
        entries = {entry.n: entry for entry in ledger.entries(tx, f"hall/{office.hall}")}
    entry, before = entries[paper["number"]], entries[paper["number"] - 1]
    assert (entry.kind, entry.body["customer_id"]) == ("reception.completed", done["customer_id"])
    assert (paper["hash"], paper["previous_hash"]) == (entry.hash, before.hash)
    assert verdict(office, done, paper["hash"])["stands"]


def test_a_receipt_is_in_both_languages(hall: Office) -> None:
    """The branch's wall clock, the names and the digest stand in the text, in Chinese and in English."""
    done = hall.complete("li", hall.visit(), PHONE)
    paper = receipt(hall, done)
    for told in (paper["text"], receipt(hall, done, language="zh")["text"]):
        assert "2026-03-02 09:00:00" in told
        assert paper["hash"] in told and str(paper["number"]) in told and "王小明" in told
    assert "登记回执：王小明" in receipt(hall, done, language="zh")["text"]


def test_a_receipt_stays_what_it_was(hall: Office) -> None:
    """What happens afterwards does not change a receipt, and it still stands."""
    done = hall.complete("li", hall.visit(), PHONE)
    paper = receipt(hall, done)
    hall.later(hours=1)
    hall.complete("li", hall.visit(), "13900139000")
    assert receipt(hall, done) == paper
    found = verdict(hall, done, paper["hash"])
    assert (found["stands"], found["verdict"], found["number"]) == (True, "stands", paper["number"])


def test_a_receipt_of_another_registration_does_not_stand(hall: Office) -> None:
    """A digest that is none of this reception's registration is told apart, and no number is given away."""
    first, second = (hall.complete("li", hall.visit(), phone) for phone in (PHONE, "13900139000"))
    for digest in (receipt(hall, second)["hash"], "0" * 64):
        found = verdict(hall, first, digest)
        assert (found["stands"], found["verdict"], found["number"]) == (False, "other_hash", None)


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE ledger SET body = replace(body, 'owner', 'other') WHERE kind = 'reception.completed'",
        "UPDATE ledger SET at = '2026-03-02T00:00:00.000000Z' WHERE kind = 'reception.completed'",
    ],
)
def test_a_changed_register_shows(hall: Office, tampering: str) -> None:
    """Somebody who went around the guards and changed the entry is found out by the receipt."""
    done = hall.complete("li", hall.visit(), PHONE)
    paper = receipt(hall, done)
    with hall.database.write() as tx:
        tx.execute(text("DROP TRIGGER ledger_guards_update"))
        tx.execute(text(tampering))
    assert verdict(hall, done, paper["hash"])["verdict"] == "register_changed"


def test_names_on_a_receipt_are_masked_for_others(hall: Office) -> None:
    """The owner and who manages read name and phone whole; a colleague and the front desk do not."""
    done = hall.complete("li", hall.visit(), PHONE)
    for who, sees in ((seller("li"), "王小明"), (MANAGER, "王小明"), (seller("wu"), "王**"), (FRONT_DESK, "王**")):
        assert receipt(hall, done, who)["visitor_name"] == sees
    assert receipt(hall, done, FRONT_DESK)["visitor_phone"] == "138****8000"


def test_no_receipt_without_a_registration(hall: Office) -> None:
    """A reception that has not come to a registration has none; another branch's does not exist; a digest has 64."""
    visit = hall.visit()
    path = f"/api/v1/reception/receptions/{visit['reception_id']}/receipt"
    shown = {"reception_id": visit["reception_id"], "hash": "0" * 64}
    for method, where, body in (("GET", path, None), ("POST", VERIFY, shown)):
        answer = hall.tried(MANAGER, method, where, body)
        assert (answer.status_code, code_of(answer)) == (409, "not_registered_yet")
        foreign = hall.tried(WEST_MANAGER, method, where, body)
        assert (foreign.status_code, code_of(foreign)) == (404, "unknown_reception")
    answer = hall.tried(MANAGER, "POST", VERIFY, shown | {"hash": "0" * 63})
    assert (answer.status_code, code_of(answer)) == (422, "invalid")


def test_who_came_along_stands_on_the_receipt(hall: Office) -> None:
    """Each customer of a party is on the receipt of their one reception."""
    together = [{"name": "李小红", "phone": "13900139000"}]
    done = hall.complete("li", hall.visit(party_size=2), PHONE, companions=together)
    assert receipt(hall, done)["companions"] == done["companions"]
    assert [one["customer_is_new"] for one in done["companions"]] == [True]


def test_a_receipt_carries_its_time(hall: Office) -> None:
    """The time of a registration is the moment of its completion."""
    visit = hall.visit()
    hall.later(minutes=12)
    assert receipt(hall, hall.complete("li", visit, PHONE))["registered_at"] == NOW.replace(minute=12).isoformat()


def test_one_finds_ones_receipts_again(hall: Office) -> None:
    """Of some days, the latest first, one's own alone; a longer time than a month is refused."""
    done = [hall.act(seller("li"), hall.visit(), "complete", {"name": name, "phone": phone}).get_json()
            for name, phone in (("王小明", PHONE), ("李秀英", "13900139000"))]  # fmt: skip
    path = "/api/v1/reception/receipts/mine"
    mine = hall.did(seller("li"), "GET", f"{path}?first=2026-03-01&last=2026-03-31")["items"]
    assert {one["reception_id"] for one in mine} == {one["reception_id"] for one in done}
    assert {one["visitor_name"] for one in mine} == {"王小明", "李秀英"}
    assert hall.did(seller("wu"), "GET", f"{path}?first=2026-03-01&last=2026-03-31")["items"] == []
    assert hall.did(seller("li"), "GET", f"{path}?first=2026-02-01&last=2026-02-02")["items"] == []
    assert hall.tried(seller("li"), "GET", f"{path}?first=2026-01-01&last=2026-03-31").status_code == 422
