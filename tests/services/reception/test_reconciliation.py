"""A phone that is unknown here but known to the register is reconciled when the event arrives (一.4, 一.5)."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest

from chassis.events import Envelope
from tests.services import synthetic
from tests.services.reception.office import MANAGER, Office
from tests.services.reception.test_receiving import announced
from tests.services.synthetic import EAST, NOW, named

PHONE, E164, OTHER = "138 0013 8000", "+8613800138000", "+8613900139000"
YESTERDAY, LATER = (NOW - timedelta(days=1)).isoformat(), (NOW + timedelta(hours=1)).isoformat()


@pytest.fixture
def hall(sqlite_url: str) -> Iterator[Office]:
    """Li stands in the line, on duty."""
    opened = Office(sqlite_url, ["li", "wu"])
    opened.come("li")
    yield opened
    opened.database.close()


def registered(customer_id: str, at: str, owner: str = "wu", phone: str = E164, sequence: int = 1, **more: Any) -> Any:
    personal = {"name": "王小明", "phone": phone, "salt": "0"}
    told = {"customer_id": customer_id, "registered_at": at, "owner_id": named(owner), "personal": personal}
    return synthetic.customer("anybody", sequence, **told | more)


def merged(loser_id: str, winner_id: str, sequence: int = 1, active: bool = True) -> Envelope:
    data = {"loser_id": loser_id, "winner_id": winner_id, "branch_id": EAST, "active": active}
    return synthetic.event("customers", "customer.merged.v1", f"customer_alias/{loser_id}", sequence, data)


def reconciled(office: Office, reception: dict[str, Any]) -> str | None:
    found: str | None = office.seen(reception)["reconciled_with"]
    return found


def test_the_register_knew_the_phone(office: Office) -> None:
    """The news of an older customer with this phone arrives after the registration: the reception says who it is, in
    its own answer and in reception.changed, and keeps the id it was announced with."""
    office.come("li")
    done = office.complete("li", office.visit(), PHONE)
    assert (done["customer_is_new"], done["reconciled_with"]) == (True, None)
    office.hear(registered(named("old"), YESTERDAY))
    seen = office.seen(done)
    assert (seen["reconciled_with"], seen["customer_id"]) == (named("old"), done["customer_id"])
    (told,) = announced(office, "reception.changed.v1")
    assert (told["reconciled_with"], told["state"]) == (named("old"), "completed")
    assert office.line() == office.replayed()
    again = office.visit(phone=PHONE)
    assert (again["original_id"], again["kind"]) == (named("wu"), "returning")


def test_a_merge_reconciles_and_its_undoing_takes_it_back(hall: Office) -> None:
    """customer.merged.v1 names the winner; a merge further on names that one; undone, the customer is themselves."""
    done = hall.complete("li", hall.visit(), PHONE)
    hall.hear(merged(done["customer_id"], named("old")))
    assert reconciled(hall, done) == named("old")
    hall.hear(merged(named("old"), named("oldest")))
    assert reconciled(hall, done) == named("oldest")
    hall.hear(merged(done["customer_id"], named("old"), 2, active=False))
    assert reconciled(hall, done) is None
    assert [one["reconciled_with"] for one in announced(hall, "reception.changed.v1")] == [
        named("old"),
        named("oldest"),
        None,
    ]


def test_the_own_registration_coming_back_changes_nothing(hall: Office) -> None:
    """The register's echo of the registration made here, and a later customer with the same phone, say nothing new."""
    done = hall.complete("li", hall.visit(), PHONE)
    hall.hear(registered(done["customer_id"], NOW.isoformat(), "li"))
    hall.hear(registered(named("newer"), LATER))
    assert reconciled(hall, done) is None
    assert announced(hall, "reception.changed.v1") == []


def test_a_number_handed_on_reconciles_nobody(hall: Office) -> None:
    """Who has another phone by now is not whoever was registered with the old one."""
    done = hall.complete("li", hall.visit(), PHONE)
    hall.hear(registered(done["customer_id"], NOW.isoformat(), "li", OTHER, 2))
    hall.hear(registered(named("older"), YESTERDAY))
    assert reconciled(hall, done) is None


def test_every_reception_of_the_customer_is_reconciled_once(hall: Office) -> None:
    """Two receptions of the customer, and the same news twice: each says it once."""
    done = [hall.complete("li", hall.visit(phone=PHONE), PHONE) for _ in range(2)]
    news = registered(named("old"), YESTERDAY)
    hall.hear(news, news, merged(done[0]["customer_id"], named("old")))
    assert [reconciled(hall, one) for one in done] == [named("old")] * 2
    assert len(announced(hall, "reception.changed.v1")) == 2


def test_another_branchs_customer_reconciles_nobody(hall: Office) -> None:
    """The same phone in another branch is another branch's business."""
    done = hall.complete("li", hall.visit(), PHONE)
    hall.hear(registered(named("far"), YESTERDAY, branch_id=synthetic.WEST))
    assert reconciled(hall, done) is None


def test_who_came_along_is_reconciled_too(hall: Office) -> None:
    """Of a party each is reconciled by their own phone, the companion as the visitor: the reception, its event and the
    receipt say so, and a merge undone takes it back."""
    hall.come("wu")
    others = [{"name": "李小红", "phone": "139 0013 9000"}, {"name": "赵一", "phone": "137 0013 7000"}]
    done = hall.complete("li", hall.visit(party_size=3), PHONE, companions=others)
    hall.hear(registered(named("old"), YESTERDAY, phone=OTHER))
    seen = hall.seen(done)
    assert [one["reconciled_with"] for one in seen["companions"]] == [named("old"), None]
    assert seen["reconciled_with"] is None
    (told,) = announced(hall, "reception.changed.v1")
    assert told["companions"] == seen["companions"]
    receipt = hall.did(MANAGER, "GET", f"/api/v1/reception/receptions/{done['reception_id']}/receipt")
    assert receipt["companions"] == seen["companions"]
    third = seen["companions"][1]["customer_id"]
    hall.hear(merged(third, named("oldest")), merged(done["customer_id"], named("known")))
    assert [one["reconciled_with"] for one in hall.seen(done)["companions"]] == [named("old"), named("oldest")]
    assert reconciled(hall, done) == named("known")
    hall.hear(merged(third, named("oldest"), 2, active=False))
    assert [one["reconciled_with"] for one in hall.seen(done)["companions"]] == [named("old"), None]
    assert hall.line() == hall.replayed()


def test_whoever_came_along_once_and_alone_once(hall: Office) -> None:
    """A customer who came with somebody, and another day alone, is reconciled in both by one piece of news."""
    along = [{"name": "李小红", "phone": "139 0013 9000"}]
    party = hall.complete("li", hall.visit(party_size=2), PHONE, companions=along)
    alone = hall.complete("li", hall.visit(phone=OTHER), OTHER)
    hall.hear(registered(named("old"), YESTERDAY, phone=OTHER))
    assert reconciled(hall, alone) == hall.seen(party)["companions"][0]["reconciled_with"] == named("old")
    assert len(announced(hall, "reception.changed.v1")) == 2


STORIES = {
    "known and merged": (lambda own: [registered(named("old"), YESTERDAY), merged(own, named("old"))], "old"),
    "merged twice": (lambda own: [merged(own, named("old")), merged(named("old"), named("oldest"))], "oldest"),
    "merged and undone": (
        lambda own: [
            registered(own, NOW.isoformat(), "li"),
            merged(own, named("old")),
            merged(own, named("old"), 2, active=False),
        ],
        None,
    ),
    "the phone corrected": (
        lambda own: [registered(named("old"), YESTERDAY), registered(own, NOW.isoformat(), "li", OTHER, 2)],
        None,
    ),
}


@pytest.mark.parametrize("story", STORIES)
def test_any_order_of_the_news_ends_the_same(story: str, hall: Office) -> None:
    """In whatever order the news arrives, twice or once, the reception says the same in the end."""
    tell, expected = STORIES[story]
    for n, order in enumerate(permutations(range(len(tell("x"))))):
        phone = f"+86138001390{n:02}"
        done = hall.complete("li", hall.visit(), phone)
        tag = {named(who): named(f"{who} {n}") for who in ("old", "oldest")}
        told = [_of(event, tag, phone) for event in tell(done["customer_id"])]
        hall.hear(*(told[place] for place in order), *(told[place] for place in reversed(order)))
        assert reconciled(hall, done) == (expected and named(f"{expected} {n}"))


def _of(event: Envelope, tag: dict[str, str], phone: str) -> Envelope:
    """The same news about others, so that each order has a story of its own."""
    data = {name: tag.get(value, value) if isinstance(value, str) else value for name, value in event.data.items()}
    if "personal" in data and data["personal"]["phone"] == E164:
        data |= {"personal": data["personal"] | {"phone": phone}}
    return synthetic.event(event.source, event.type, event.subject, event.sequence, data)
