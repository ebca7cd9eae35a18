"""A customer whose data was erased: what reception forgets, what it keeps, and that nobody comes back."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import permutations
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from chassis import ledger
from chassis.database import Transaction
from chassis.events import Envelope
from chassis.events.dead_letters import park
from chassis.events.forgetting import FORGET_PERSONAL
from chassis.events.tables import outbox
from chassis.jobs import JobLoop
from services.reception.app import SERVICE
from services.reception.corrections.tables import corrections
from services.reception.receptions.actions import complete
from services.reception.receptions.tables import party, receptions
from services.reception.rotation.views import chain_of
from services.reception.visitors.tables import customer_phones, own_phones
from tests.services import synthetic
from tests.services.asking import code_of
from tests.services.grep import places_of
from tests.services.reception.journals import conflicts, entry, hand_in
from tests.services.reception.office import FRONT_DESK, MANAGER, SUPERVISOR, Office, seller
from tests.services.synthetic import named, rows_of

PHONE, E164 = "138 0013 8000", "+8613800138000"
WORDS = ["陈大文", "13800138000", "陈太太", "陈某", "想给女儿"]
JUDGE = replace(
    MANAGER, permissions=MANAGER.permissions | {f"discipline.{one}" for one in ("see", "record", "decide", "mediate")}
)
_SELLS = ("discipline.see", "discipline.answer")


@pytest.fixture
def hall(sqlite_url: str) -> Iterator[Office]:
    """Li, Wu and Zhao stand in the line; Li and Wu are on duty."""
    opened = Office(sqlite_url, ["li", "wu", "zhao"])
    opened.come("li", "wu")
    yield opened
    opened.database.close()


def about(customer_id: str, event: Envelope) -> Envelope:
    """The same news, of the customer with this id."""
    return replace(event, subject=f"customer/{customer_id}", data=event.data | {"customer_id": customer_id})


def registered(customer_id: str, sequence: int = 1) -> Envelope:
    personal = {"name": "陈大文", "phone": E164, "salt": "0"}
    return about(customer_id, synthetic.customer("chen", sequence, owner_id=named("li"), personal=personal))


def erased(customer_id: str) -> Envelope:
    return about(customer_id, synthetic.erased("chen"))


def erase(office: Office, customer_id: str) -> None:
    """The news of the erasure arrives, and the worker does what is left to do after it."""
    office.hear(erased(customer_id))
    JobLoop(office.database, [FORGET_PERSONAL]).run_due()


def receive(office: Office, name: str, phone: str, visit: Any = None, **more: Any) -> dict[str, Any]:
    """A visitor is received and registered, by whoever was called or for them."""
    said = {"name": name, "phone": phone} | more
    answer = office.act(SUPERVISOR, visit or office.visit(), "complete", said)
    assert answer.status_code == 200, answer.get_json()
    return dict(answer.get_json())


def full(office: Office) -> dict[str, Any]:
    """Chen has visited, with all that colleagues may say of it; answers the reception."""
    office.did(FRONT_DESK, "POST", office.path("look-ups"), {"phone": PHONE}, headers={"Idempotency-Key": "nobody"})
    done = receive(office, "陈大文", PHONE, note="想给女儿买")
    office.hear(registered(done["customer_id"]))
    with office.database.write() as tx:
        park(tx, registered(done["customer_id"], 2).to_json(), "cannot be handled", 1)
    claim = {"original_id": named("zhao"), "reason": "陈某是老客户"}
    assert office.act(seller("wu"), done, "re-ruling", claim).status_code == 201
    assert office.act(SUPERVISOR, done, "re-ruling/refuse", {"reason": "陈某不是"}).status_code == 200
    reporter = replace(seller("wu"), permissions=seller("wu").permissions | set(_SELLS))
    quarrel = {"other_id": named("li"), "reception_id": done["reception_id"], "said": "陈太太说是我的客户"}
    dispute = office.did(
        reporter, "POST", "/api/v1/reception/discipline/disputes", quarrel, headers={"Idempotency-Key": "d"}
    )
    office.did(
        JUDGE, "POST", f"/api/v1/reception/discipline/disputes/{dispute['dispute_id']}/decide", {"reason": "陈某归李"}
    )
    fine = {
        "staff_id": named("li"),
        "cause": "quarrel",
        "note": "在陈太太面前吵",
        "evidence": f"reception/{done['reception_id']}",
    }
    office.did(JUDGE, "POST", "/api/v1/reception/discipline/penalties", fine)
    office.later(minutes=60)
    again = entry(
        "again", "complete", 30, "li", reception_id=done["reception_id"], visitor={"name": "陈大文", "phone": PHONE}
    )
    hand_in(office, again)
    (found,) = conflicts(office)
    office.did(MANAGER, "POST", office.path(f"journal/conflicts/{found['entry_id']}/settle"), {"reason": "陈某已登记"})
    office.did(MANAGER, "POST", office.path("look-ups"), {"phone": PHONE}, headers={"Idempotency-Key": "l"})
    return done


def test_nothing_is_left_of_the_person(office: Office) -> None:
    """Every word of the erased visitor is gone from every column of every table; the registers verify."""
    hall = office
    hall.come("li", "wu")
    done = full(hall)
    before = {one.split(".")[0] for one in places_of(hall.database, WORDS)}
    assert before == (
        {"receptions", "own_phones", "customer_phones", "rulings", "disputes", "penalties", "journal_entries"}
        | {"outbox", "dead_letters", "ledger_personal", "kept_answers"}
    )
    erase(hall, done["customer_id"])
    assert places_of(hall.database, WORDS) == []
    assert hall.replayed() == hall.line()


def test_what_a_visitor_intends_is_a_fact_in_usual_words_alone(hall: Office) -> None:
    """Any other text for it is told and chained apart and forgotten with the visitor; a usual word stays everywhere."""
    own = receive(hall, "陈大文", PHONE, intent="陈太太说了算")
    usual = receive(hall, "林小姐", "13900139000", intent="确定购买意向")
    before = {one.split(".")[0] for one in places_of(hall.database, ["陈太太"])}
    assert {"receptions", "outbox", "ledger_personal"} <= before and "ledger" not in before
    for done in (own, usual):
        erase(hall, done["customer_id"])
    assert places_of(hall.database, WORDS) == []
    assert [row[0] for row in rows_of(hall.database, receptions, *(set(receptions.c.keys()) - {"intent"}))] == [
        None,
        "确定购买意向",
    ]
    assert hall.replayed() == hall.line()


def test_what_happened_stays(hall: Office) -> None:
    """Who came when, who served and whose the credit is are as before, and so are the penalty and the dispute."""
    done = full(hall)
    people = ("visitor_name", "visitor_phone", "note")
    kept = rows_of(hall.database, receptions, *people), hall.seen(done), hall.board()["today"]
    erase(hall, done["customer_id"])
    assert (rows_of(hall.database, receptions, *people), hall.seen(done), hall.board()["today"]) == kept
    (fine,) = hall.did(JUDGE, "GET", "/api/v1/reception/discipline/penalties")["items"]
    assert (fine["cause"], fine["state"], fine["note"]) == ("quarrel", "proposed", None)
    (dispute,) = hall.did(JUDGE, "GET", "/api/v1/reception/discipline/disputes")["items"]
    assert (dispute["said"], dispute["reason"], dispute["decided_by"]) == (None, None, JUDGE.actor_id)
    (ruling,) = hall.did(MANAGER, "GET", hall.path("re-rulings"))["items"]
    assert (ruling["reason"], ruling["state"], ruling["decided_because"]) == (None, "refused", None)
    (conflict,) = conflicts(hall, "?which=all")
    assert (conflict["personal"], conflict["reason"], conflict["settled_by"]) == (None, None, MANAGER.actor_id)


def test_why_an_entry_of_the_visit_was_undone_is_forgotten(office: Office) -> None:
    """Older versions noted a ruling's reason with the place it gave back: it goes, of others' visits it stays, and the
    database lets nothing else of a correction be changed."""
    office.come("li", "wu")
    visits = [receive(office, "陈大文", PHONE), receive(office, "林小姐", "13900139000")]
    with office.database.write() as tx:
        for visit, reason in zip(visits, ("陈某是老客户", "林小姐自己要求"), strict=True):
            n = next(ledger.entries(tx, chain_of(office.hall), f"reception/{visit['reception_id']}")).n
            kept = {"hall_id": office.hall, "n": n, "branch_id": synthetic.EAST, "entry": n, "reason": reason}
            tx.execute(insert(corrections).values(kept | {"corrected_by": named("wu"), "corrected_at": tx.now()}))
    erase(office, visits[0]["customer_id"])
    assert places_of(office.database, WORDS) == []
    assert places_of(office.database, ["林小姐自己"]) == ["corrections.reason"]
    for changes in ({"reason": "别的"}, {"reason": None, "corrected_by": named("li")}):
        with pytest.raises(DBAPIError, match="append-only"), office.database.write() as tx:
            tx.execute(update(corrections).values(changes))


def test_the_visitor_is_shown_as_erased(hall: Office) -> None:
    """The receipt stands and says in both languages that the customer was erased; at the door nobody is found."""
    done = full(hall)
    path = f"/api/v1/reception/receptions/{done['reception_id']}/receipt"
    digest = hall.did(MANAGER, "GET", path)["hash"]
    erase(hall, done["customer_id"])
    for language, words in (("zh", "已删除的客户"), ("en", "erased customer")):
        paper = hall.did(MANAGER, "GET", path, language=language)
        assert (paper["visitor_name"], paper["visitor_phone"], paper["erased"]) == (None, None, True)
        assert words in paper["text"]
    shown = {"reception_id": done["reception_id"], "hash": digest}
    assert hall.did(FRONT_DESK, "POST", "/api/v1/reception/receipts/verify", shown)["stands"]
    mine = hall.did(seller("li"), "GET", "/api/v1/reception/receipts/mine?first=2026-03-01&last=2026-03-31")["items"]
    assert [(one["visitor_name"], one["erased"]) for one in mine] == [(None, True)]
    for asked in ({"phone": PHONE}, {"last_four": "8000"}, {"customer_id": done["customer_id"]}):
        assert hall.did(FRONT_DESK, "POST", hall.path("look-ups"), asked)["candidates"] == []
    refused = hall.tried(FRONT_DESK, "POST", hall.path("arrivals"), {"customer_id": done["customer_id"]})
    assert (refused.status_code, code_of(refused)) == (422, "unknown_customer")


def test_with_the_same_phone_comes_somebody_new(hall: Office) -> None:
    """Registered again after the erasure, also by a visit that had begun before it, the phone is a new customer's."""
    done = full(hall)
    begun = hall.visit(customer_id=done["customer_id"], kind="returning")
    erase(hall, done["customer_id"])
    again = receive(hall, "陈大文", PHONE, begun)
    assert (again["customer_is_new"], again["customer_id"] == done["customer_id"]) == (True, False)
    erase(hall, done["customer_id"])
    hall.hear(registered(done["customer_id"], 12))
    assert [row[1:3] for row in rows_of(hall.database, own_phones)] == [(E164, again["customer_id"])]
    third = receive(hall, "陈大文", PHONE)
    assert (third["customer_id"], third["customer_is_new"]) == (again["customer_id"], False)
    assert hall.seen(done)["reconciled_with"] is None


def test_the_visit_of_others_is_theirs(hall: Office) -> None:
    """Who came along is forgotten, and the note, which is about all; what is told later names the visitor alone."""
    along = [{"name": "陈大文", "phone": PHONE}]
    done = receive(hall, "林小姐", "13900139000", note="陈太太想看", companions=along)
    (companion,) = done["companions"]
    erase(hall, companion["customer_id"])
    assert places_of(hall.database, WORDS) == []
    paper = hall.did(MANAGER, "GET", f"/api/v1/reception/receptions/{done['reception_id']}/receipt")
    assert (paper["visitor_name"], paper["erased"], len(paper["companions"])) == ("林小姐", False, 1)
    hall.hear(synthetic.customer("old"), replace_ids(synthetic.merged("x", "old"), done["customer_id"]))
    with hall.database.read() as tx:
        told = tx.execute(select(outbox.c.body).where(outbox.c.type == "reception.changed.v1")).scalars().all()
    personal = Envelope.from_json(told[-1]).data["personal"]
    assert (personal["name"], personal["note"], personal["companions"]) == ("林小姐", None, [])


def replace_ids(event: Envelope, loser_id: str) -> Envelope:
    return replace(event, data=event.data | {"loser_id": loser_id})


def test_no_order_brings_the_person_back(hall: Office) -> None:
    """Registered, changed after the erasure, merged and erased in any order: the same is left, and no word."""
    ends = set()
    for n, order in enumerate(permutations(range(4))):
        phone = f"1380013{8100 + n}"
        done = receive(hall, "陈大文", phone)
        customer_id = done["customer_id"]
        told = [registered(customer_id), registered(customer_id, 12)]
        told = [replace(one, data=one.data | {"personal": {"name": "陈大文", "phone": f"+86{phone}"}}) for one in told]
        news = [*told, replace_ids(synthetic.merged(f"x{n}", f"kin{n}"), customer_id), erased(customer_id)]
        for one in (*order, order[0]):
            hall.hear(news[one])
        left = [row[2:] for row in rows_of(hall.database, customer_phones, "registered_at") if row[0] == customer_id]
        seen = hall.seen(done)
        ends |= {(*left, seen["reconciled_with"] == named(f"kin{n}"), seen["customer_is_new"], seen["credit_rule"])}
    assert ends == {((None, None, None, None, False, 2**31 - 1), True, True, "owner")}
    JobLoop(hall.database, [FORGET_PERSONAL]).run_due()
    assert places_of(hall.database, ["陈大文", "138001381"]) == []
    assert rows_of(hall.database, own_phones) == rows_of(hall.database, party) == []
    with hall.database.read() as tx:
        assert ledger.verify(tx) == []


@pytest.mark.parametrize("erased_first", [False, True])
def test_a_registration_and_the_erasure_at_the_same_moment(office: Office, erased_first: bool) -> None:
    """Who is being registered while the news arrives is forgotten with it, or is somebody new: never half of both."""
    office.come("li", "wu")
    customer_id = receive(office, "陈大文", PHONE)["customer_id"]
    office.hear(registered(customer_id))
    visit, said = (
        office.visit(),
        {"companions": [], "intent": None, "progress": None, "note": None, "next_contact": None},
    )
    said |= {"name": "陈大文", "phone": PHONE}
    deeds: list[Callable[[Transaction], None]] = [
        lambda tx: SERVICE.consumers.handle(tx, erased(customer_id)),
        lambda tx: complete(tx, SUPERVISOR, visit["reception_id"], said),
    ]
    first, second = deeds if erased_first else reversed(deeds)
    other = Thread(target=do, args=(office, second))
    with office.database.write() as tx:
        first(tx)
        other.start()
        other.join(timeout=0.6)  # as far as it gets while this is not committed
    other.join()
    seen = office.seen(visit)
    assert (seen["customer_id"] == customer_id, seen["customer_is_new"]) == (not erased_first, erased_first)
    left = {(customer_id, None)} | ({(seen["customer_id"], E164)} if erased_first else set())
    assert phones(office) == left


def do(office: Office, deed: Callable[[Transaction], None]) -> None:
    with office.database.write() as tx:
        deed(tx)


def phones(office: Office) -> set[tuple[str, str | None]]:
    """Who was registered with which phone."""
    with office.database.read() as tx:
        found = tx.execute(select(receptions.c.customer_id, receptions.c.visitor_phone)).all()
    return {(row.customer_id, row.visitor_phone) for row in found}
