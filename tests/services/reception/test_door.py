"""来过吗？谁接待的？ asked at the door, of reception's own copy alone."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from chassis.audit import audit_trail
from tests.services import synthetic
from tests.services.asking import code_of
from tests.services.reception.office import FRONT_DESK, MANAGER, WEST_MANAGER, Office, seller
from tests.services.synthetic import NOW, named

PHONE, E164 = "138 0013 8000", "+8613800138000"


@pytest.fixture
def hall(sqlite_url: str) -> Iterator[Office]:
    """Li, Wu and Zhao stand in the line; nobody is on duty; of customers nothing has been heard."""
    opened = Office(sqlite_url, ["li", "wu", "zhao"])
    yield opened
    opened.database.close()


def known(name: str = "wang", owner: str | None = "li", phone: str = E164, **more: Any) -> Any:
    personal = {"name": "王小明", "phone": phone, "salt": "0"}
    return synthetic.customer(name, owner_id=owner and named(owner), personal=personal, **more)


def look_up(office: Office, who: Any = FRONT_DESK, language: str = "en", **asked: Any) -> dict[str, Any]:
    return office.did(who, "POST", office.path("look-ups"), asked, language=language)


def only(found: dict[str, Any]) -> dict[str, Any]:
    (candidate,) = found["candidates"]
    return dict(candidate)


def test_the_door_learns_whose_customer_stands_there(office: Office) -> None:
    """By phone, last four digits or id: the original, since when, the masked name and phone, and the arrival to make;
    recorded, it ends with the original."""
    office.hear(known(code="A007"))
    office.come("wu", "li")
    for asked in ({"phone": PHONE}, {"last_four": "8000"}, {"customer_id": named("wang")}):
        one = only(look_up(office, **asked))
        assert (one["customer_id"], one["code"], one["name"]) == (named("wang"), "A007", "王**")
        assert (one["phone"], one["registered_on"]) == ("138****8000", "2026-03-02")
        assert one["original"] == {"staff_id": named("li"), "name": "li", "standing": "free"}
        assert (one["delegate"], one["text"]) == (None, "Registered to li, 2 March 2026.")
    assert only(look_up(office, phone=PHONE, language="zh"))["text"] == "2026年3月2日登记给 li。"
    visit = office.visit(**one["suggested"])
    assert (visit["server_id"], visit["role"], visit["kind"]) == (named("li"), "original", "returning")


def test_the_door_works_while_customers_is_down(office: Office) -> None:
    """No event of customers ever comes: who was registered here is found, is the server's, and comes back to them."""
    office.come("li")
    first = office.complete("li", office.visit(), PHONE)
    office.come("wu")
    for asked in ({"phone": PHONE}, {"last_four": "8000"}, {"customer_id": first["customer_id"]}):
        one = only(look_up(office, **asked))
        assert (one["customer_id"], one["code"], one["name"]) == (first["customer_id"], None, "王**")
        assert (one["original"]["name"], one["text"]) == ("li", "Registered to li, 2 March 2026.")
        assert one["last_visit"]["reception_id"] == first["reception_id"]
    for arrival in (one["suggested"], {"phone": PHONE}):
        visit = office.visit(**arrival)
        assert (visit["server_id"], visit["kind"]) == (named("li"), "returning")
        assert office.complete("li", visit, PHONE)["customer_id"] == first["customer_id"]


def test_what_the_register_tells_later_goes_before_what_was_kept_here(hall: Office) -> None:
    """Another owner by the register's word is the original from then on."""
    hall.come("li", "wu")
    made = hall.complete("li", hall.visit(), PHONE)["customer_id"]
    hall.hear(known("x", "wu", customer_id=made))
    assert only(look_up(hall, phone=PHONE))["original"]["name"] == "wu"


def test_the_door_does_not_know_who_was_deleted(hall: Office) -> None:
    """In the recycle bin of the register: unknown by phone, also who was made here, and known again once restored."""
    hall.come("li", "wu")
    made = hall.complete("li", hall.visit(), PHONE)["customer_id"]
    for sequence, active in ((2, False), (3, True)):
        hall.hear(known("x", sequence=sequence, customer_id=made, active=active))
        for asked in ({"phone": PHONE}, {"last_four": "8000"}):
            assert [one["customer_id"] for one in look_up(hall, **asked)["candidates"]] == [made] * active


def test_the_door_does_not_know_the_family_of_who_was_deleted(hall: Office) -> None:
    """Whoever was merged into a customer of the recycle bin is there with them, under their own phone as well."""
    other = "+8613900139000"
    hall.hear(known(), known("wife", phone=other), known("wife", sequence=2, phone=other, active=False))
    hall.hear(synthetic.merged("wife", "wang"))
    assert only(look_up(hall, phone=other))["customer_id"] == named("wang")
    hall.hear(known(sequence=2, active=False))
    assert look_up(hall, phone=other)["candidates"] == look_up(hall, last_four="9000")["candidates"] == []


def test_where_the_original_is(hall: Office) -> None:
    """Free, serving, or off duty: as the rules would see them for a visitor of theirs."""
    hall.hear(known())
    assert only(look_up(hall, phone=PHONE))["original"]["standing"] == "off_duty"
    hall.come("li")
    assert only(look_up(hall, phone=PHONE))["original"]["standing"] == "free"
    hall.visit()
    assert only(look_up(hall, phone=PHONE))["original"]["standing"] == "serving"


def test_the_delegate_is_named_when_the_original_is_off_duty(hall: Office) -> None:
    """一.6: the door sees who stands in the original's shoes, and where they are; not while the original is here."""
    hall.hear(known())
    ends = (NOW + timedelta(days=1)).isoformat()
    hall.did(seller("li"), "POST", "/api/v1/reception/delegations", {"delegate_id": named("zhao"), "ends_at": ends})
    hall.come("zhao")
    one = only(look_up(hall, phone=PHONE))
    assert one["delegate"] == {"staff_id": named("zhao"), "name": "zhao", "standing": "free"}
    hall.come("li")
    assert only(look_up(hall, phone=PHONE))["delegate"] is None


def test_a_pool_customer_pays_a_first_visit(hall: Office) -> None:
    """Who lies in the pool has no original; recorded as suggested, A receives and uses the turn."""
    hall.hear(known(owner=None))
    hall.come("wu")
    one = only(look_up(hall, phone=PHONE))
    assert (one["original"], one["suggested"]["kind"]) == (None, "first_visit")
    assert one["text"] == "In the pool, nobody's: received as a first visit."
    assert hall.visit(**one["suggested"])["role"] == "a"


def test_nobody_found_is_a_first_visit(hall: Office) -> None:
    """An unknown phone, ending or id answers nobody, and the arrival that it then is."""
    hall.come("wu")
    found = look_up(hall, phone=PHONE)
    assert (found["candidates"], found["suggested"]) == ([], {"kind": "first_visit", "phone": E164})
    assert hall.visit(**found["suggested"])["kind"] == "first_visit"
    for asked in ({"last_four": "8000"}, {"customer_id": "nobody"}):
        assert look_up(hall, **asked)["suggested"] == {"kind": "first_visit"}


def test_several_end_in_the_same_four_digits(hall: Office) -> None:
    """All are answered, first registered first, a merged one once and as the one that stays; past twenty it says so."""
    hours = [(NOW - timedelta(hours=n)).isoformat() for n in range(30)]
    hall.hear(*(known(f"c{n}", phone=f"+861380013{n:02}00", registered_at=hours[n]) for n in range(3)))
    hall.hear(known("lost", phone="+8613900139900", registered_at=hours[3]), synthetic.merged("lost", "c0"))
    found = look_up(hall, last_four="0000")
    assert [one["customer_id"] for one in found["candidates"]] == [named("c0")]
    hall.hear(*(known(f"d{n}", phone=f"+86138{n:02}131234", registered_at=hours[n]) for n in range(21)))
    found = look_up(hall, last_four="1234")
    assert (len(found["candidates"]), found["more"]) == (20, True)
    assert found["candidates"][0]["customer_id"] == named("d20")


def test_a_merged_customer_is_the_one_that_stays(hall: Office) -> None:
    """Asked under either id or either phone the winner is answered, with the visits of both."""
    hall.come("li")
    first = hall.complete("li", hall.visit(), PHONE)
    hall.hear(known("old", "wu", phone="+8613900139000"))
    data = {"loser_id": first["customer_id"], "winner_id": named("old"), "branch_id": synthetic.EAST, "active": True}
    hall.hear(synthetic.event("customers", "customer.merged.v1", f"customer_alias/{first['customer_id']}", 1, data))
    for asked in ({"phone": PHONE}, {"phone": "13900139000"}, {"customer_id": first["customer_id"]}):
        one = only(look_up(hall, **asked))
        assert (one["customer_id"], one["original"]["name"]) == (named("old"), "wu")
        assert one["last_visit"]["reception_id"] == first["reception_id"]


def test_a_relative_is_the_customer_whose_family_they_are(hall: Office) -> None:
    """一.5: the phone of a wife whose file was laid aside leads to her husband's, and no more once that is taken back
    and she is nobody's; what was deleted leads nowhere."""
    hall.hear(known("husband", "wu"), known("wife", "li", phone="+8613900139000", active=False))
    assert look_up(hall, phone="13900139000")["candidates"] == []
    hall.hear(synthetic.merged("wife", "husband"))
    for asked in ({"phone": "13900139000"}, {"last_four": "9000"}):
        assert only(look_up(hall, **asked))["customer_id"] == named("husband")
    hall.hear(synthetic.merged("wife", "husband", 2, active=False))
    assert look_up(hall, phone="13900139000")["candidates"] == []


def test_names_and_phones_are_whole_for_the_owner_and_the_manager_alone(hall: Office) -> None:
    """The owner and who manages read them whole; a colleague and the front desk do not."""
    hall.hear(known())
    whole, masked = ("王小明", E164), ("王**", "138****8000")
    for who, sees in ((seller("li"), whole), (MANAGER, whole), (seller("wu"), masked), (FRONT_DESK, masked)):
        one = only(look_up(hall, who, phone=PHONE))
        assert (one["name"], one["phone"]) == sees


def test_a_whole_phone_of_anothers_customer_leaves_a_trace(hall: Office) -> None:
    """Shown to who manages it is in the audit trail, with who, where and by what they asked; what is masked, and the
    owner's own, is not. No phone stands in the trail."""
    hall.hear(known(), known("chen", "wu", "+8613900138000"))
    for who in (seller("li"), seller("wu"), FRONT_DESK):
        look_up(hall, who, last_four="8000")
    look_up(hall, MANAGER, last_four="8000")
    with hall.database.read() as tx:
        found = tx.execute(select(audit_trail).where(audit_trail.c.action == "phone.revealed")).mappings().all()
    assert {one["subject"] for one in found} == {f"customer/{named('wang')}", f"customer/{named('chen')}"}
    assert {(one["actor_id"], one["branch_id"]) for one in found} == {(MANAGER.actor_id, synthetic.EAST)}
    assert [one["details"] for one in found] == [{"hall_id": hall.hall, "asked_by": "last_four"}] * 2


def test_another_branchs_customer_is_not_found(hall: Office) -> None:
    """A branch learns nothing of another's customers, not even by their id."""
    hall.hear(known(branch_id=synthetic.WEST))
    for asked in ({"phone": PHONE}, {"last_four": "8000"}, {"customer_id": named("wang")}):
        assert look_up(hall, **asked)["candidates"] == []
    foreign = hall.tried(WEST_MANAGER, "POST", hall.path("look-ups"), {"phone": PHONE})
    assert (foreign.status_code, code_of(foreign)) == (404, "unknown_hall")


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({}, "one_question"),
        ({"phone": PHONE, "last_four": "8000"}, "one_question"),
        ({"phone": "12345"}, "bad_phone"),
        ({"last_four": "80"}, "invalid"),
        ({"last_four": "80%0"}, "invalid"),
    ],
)
def test_what_is_no_question(hall: Office, asked: dict[str, str], code: str) -> None:
    """Nothing, two things at once, a phone that does not exist, or four characters that are no digits: refused."""
    answer = hall.tried(FRONT_DESK, "POST", hall.path("look-ups"), asked)
    assert (answer.status_code, code_of(answer)) == (422, code)
