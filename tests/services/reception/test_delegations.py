"""Entrusting one's customers to a colleague (现场同事有特殊委托, 一.6), over HTTP."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from chassis import ledger
from tests.services import synthetic
from tests.services.asking import code_of
from tests.services.reception.office import HEADQUARTERS, MANAGER, SUPERVISOR, WEST_MANAGER, Office, seller
from tests.services.reception.test_receiving import announced
from tests.services.synthetic import NOW, named

PATH = "/api/v1/reception/delegations"
E164 = "+8613800138000"
TOMORROW = (NOW + timedelta(days=1)).isoformat()


@pytest.fixture
def hall(sqlite_url: str) -> Iterator[Office]:
    """Li, Wu, Zhao and Sun stand in the line; 王 is Li's customer; nobody is on duty."""
    opened = Office(sqlite_url, ["li", "wu", "zhao", "sun"])
    known = {"name": "王小明", "phone": E164, "salt": "0"}
    opened.hear(synthetic.customer("wang", owner_id=named("li"), personal=known))
    yield opened
    opened.database.close()


def entrust(office: Office, name: str, delegate: str, **more: Any) -> dict[str, Any]:
    body = {"delegate_id": named(delegate), "ends_at": TOMORROW} | more
    return office.did(seller(name), "POST", PATH, body)


def returns(office: Office) -> tuple[str, str]:
    """The customer comes back: who serves, and as what."""
    visit = office.visit(kind="returning", customer_id=named("wang"))
    served = visit["server_id"], visit["role"]
    office.act(MANAGER, visit, "complete", {"name": "王小明", "phone": E164})
    return served


def test_the_customer_of_who_is_off_duty_goes_to_the_delegate(office: Office) -> None:
    """一.6: the arrival ends with the delegate, who keeps the place and leaves the credit to the owner."""
    office.hear(synthetic.customer("wang", owner_id=named("li")))
    entrust(office, "li", "zhao")
    office.come("wu", "zhao")
    visit = office.visit(kind="returning", customer_id=named("wang"))
    assert (visit["server_id"], visit["role"], visit["why"]["code"]) == (named("zhao"), "delegate", "delegate")
    done = office.complete("zhao", visit, "13800138000")
    assert (done["turn"], done["credit_rule"], done["owner_id"]) == ("kept", "owner", named("li"))


def test_the_word_about_one_customer_goes_before_the_general_one(hall: Office) -> None:
    """一.6: Li entrusts everybody to Zhao later, and this customer to Wu: Wu receives."""
    entrust(hall, "li", "wu", customer_id=named("wang"))
    hall.later(minutes=1)
    entrust(hall, "li", "zhao")
    hall.come("sun", "zhao", "wu")
    assert returns(hall) == (named("wu"), "delegate")


def test_a_delegation_is_one_hop(hall: Office) -> None:
    """一.6: Li entrusts to Wu, Wu to Zhao; with Wu off duty it is as if nobody had been entrusted."""
    entrust(hall, "li", "wu")
    entrust(hall, "wu", "zhao")
    hall.come("sun", "zhao")
    assert returns(hall) == (named("zhao"), "whole_visit")  # A, and not as Wu's delegate


def test_a_delegation_ends_by_its_date(hall: Office) -> None:
    """一.6: up to its last moment the delegate receives, from its end on A does for the whole visit."""
    entrust(hall, "li", "zhao", ends_at=(NOW + timedelta(hours=1)).isoformat())
    hall.come("wu", "zhao")
    hall.later(minutes=59)
    assert returns(hall) == (named("zhao"), "delegate")
    hall.later(minutes=1)
    assert returns(hall) == (named("wu"), "whole_visit")


def test_a_delegation_begins_at_its_date(hall: Office) -> None:
    """Before its beginning there is none; one that begins in the past holds from now."""
    entrust(hall, "li", "zhao", starts_at=(NOW + timedelta(hours=1)).isoformat())
    hall.come("wu", "zhao")
    assert returns(hall) == (named("wu"), "whole_visit")
    hall.later(hours=1)
    assert returns(hall) == (named("zhao"), "delegate")
    made = entrust(hall, "li", "wu", starts_at=NOW.isoformat(), ends_at=(NOW + timedelta(hours=2)).isoformat())
    assert made["starts_at"] == (NOW + timedelta(hours=1)).isoformat()


def test_a_delegate_who_serves_is_stood_in_for(hall: Office) -> None:
    """一.6: a delegate who is serving is on the spot: A stands in, and keeps the place."""
    entrust(hall, "li", "wu")
    hall.come("wu", "zhao")
    assert hall.visit()["server_id"] == named("wu")
    assert returns(hall) == (named("zhao"), "stand_in")


def test_what_was_taken_back_is_gone(hall: Office) -> None:
    """Taken back by who entrusted, by the delegate, or by who leads, it holds no longer; it ends once."""
    hall.come("wu", "zhao")
    for who in (seller("li"), seller("zhao"), SUPERVISOR):
        path = f"{PATH}/{entrust(hall, 'li', 'zhao')['delegation_id']}/take-back"
        assert hall.tried(seller("sun"), "POST", path).status_code == 403
        taken = hall.did(who, "POST", path)
        assert (taken["taken_back_by"], taken["taken_back_at"]) == (who.actor_id, NOW.isoformat())
        again = hall.tried(who, "POST", path)
        assert (again.status_code, code_of(again)) == (409, "taken_back_already")
    assert returns(hall) == (named("wu"), "whole_visit")


def test_a_merged_customer_stays_entrusted(hall: Office) -> None:
    """What was entrusted under the id that lost holds for the customer that stays."""
    entrust(hall, "li", "zhao", customer_id=named("wang"))
    hall.hear(synthetic.customer("winner", owner_id=named("li")), synthetic.merged("wang", "winner"))
    hall.come("wu", "zhao")
    assert returns(hall) == (named("zhao"), "delegate")


@pytest.mark.parametrize("who", [SUPERVISOR, MANAGER, HEADQUARTERS])
def test_who_leads_entrusts_for_an_absent_colleague(hall: Office, who: Any) -> None:
    """A supervisor, the manager or headquarters does it with a reason, which goes on the record."""
    body = {"staff_id": named("li"), "delegate_id": named("zhao"), "ends_at": TOMORROW, "reason": " 病假 "}
    made = hall.did(who, "POST", PATH, body)
    assert (made["made_by"], made["reason"], made["staff_id"]) == (who.actor_id, "病假", named("li"))
    hall.come("wu", "zhao")
    assert returns(hall) == (named("zhao"), "delegate")


def test_a_delegation_is_announced_and_stands_in_the_register(hall: Office) -> None:
    """Made and taken back it is announced as it stands, and the branch's chain holds both and is whole."""
    made = entrust(hall, "li", "zhao")
    hall.did(seller("li"), "POST", f"{PATH}/{made['delegation_id']}/take-back")
    told = announced(hall, "delegation.changed.v1")
    assert [one["taken_back_by"] for one in told] == [None, named("li")]
    with hall.database.read() as tx:
        kept = list(ledger.entries(tx, f"branch/{synthetic.EAST}"))
        assert ledger.verify(tx) == []
    assert [entry.body for entry in kept] == told


def test_one_sees_what_one_is_part_of(hall: Office) -> None:
    """A salesperson lists what they entrusted or were entrusted with; who leads the branch's; others nothing."""
    ids = [entrust(hall, "li", "zhao")["delegation_id"], entrust(hall, "wu", "li")["delegation_id"]]

    def seen(who: Any) -> list[str]:
        return [one["delegation_id"] for one in hall.did(who, "GET", PATH)["items"]]

    assert seen(seller("li")) == seen(MANAGER) == seen(SUPERVISOR) == ids
    assert (seen(seller("zhao")), seen(seller("sun")), seen(WEST_MANAGER)) == (ids[:1], [], [])
    foreign = hall.tried(WEST_MANAGER, "POST", f"{PATH}/{ids[0]}/take-back")
    assert (foreign.status_code, code_of(foreign)) == (404, "unknown_delegation")


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"delegate_id": named("li")}, 422, "not_to_oneself"),
        ({"delegate_id": "nobody"}, 422, "unknown_staff"),
        ({"customer_id": "nobody"}, 422, "unknown_customer"),
        ({"customer_id": named("pooled")}, 409, "not_their_customer"),
        ({"ends_at": NOW.isoformat()}, 422, "bad_period"),
        ({"starts_at": TOMORROW}, 422, "bad_period"),
        ({"staff_id": named("wu"), "reason": "休息"}, 403, "not_yours_to_entrust"),
        ({"ends_at": "soon"}, 422, "invalid"),
    ],
)
def test_what_is_no_delegation(hall: Office, change: dict[str, Any], status: int, code: str) -> None:
    """To oneself, to a stranger, of another's customer, without an end, or for a colleague: refused with the words."""
    hall.hear(synthetic.customer("pooled"))
    answer = hall.tried(seller("li"), "POST", PATH, {"delegate_id": named("zhao"), "ends_at": TOMORROW} | change)
    assert (answer.status_code, code_of(answer)) == (status, code)


def test_for_a_colleague_only_with_a_reason(hall: Office) -> None:
    """Who leads and does not say why is refused."""
    body = {"staff_id": named("li"), "delegate_id": named("zhao"), "ends_at": TOMORROW}
    answer = hall.tried(SUPERVISOR, "POST", PATH, body)
    assert (answer.status_code, code_of(answer)) == (422, "reason_needed")
