"""Receiving visitors over HTTP, from the door to the register."""

from typing import Any

from sqlalchemy import select

from chassis.events import Envelope
from chassis.events.tables import outbox
from tests.services import synthetic
from tests.services.reception.office import FRONT_DESK, MANAGER, SUPERVISOR, Office, seller
from tests.services.synthetic import named

PHONE = "138 0013 8000"
E164 = "+8613800138000"


def envelopes(office: Office) -> list[Envelope]:
    """Everything that was announced, oldest first."""
    with office.database.read() as tx:
        return [Envelope.from_json(body) for body in tx.execute(select(outbox.c.body).order_by(outbox.c.n)).scalars()]


def announced(office: Office, event_type: str) -> list[dict[str, Any]]:
    """The data of the events of one type, oldest first."""
    return [event.data for event in envelopes(office) if event.type == event_type]


def test_a_first_visit_from_door_to_register(office: Office) -> None:
    """A receives, greets and registers; the customer is new, the turn is used and A stands last."""
    office.come("li", "wu", "zhao")
    arrived = office.visit(party_size=3)
    assert (arrived["state"], arrived["server_id"], arrived["party_size"]) == ("assigned", named("li"), 3)
    assert office.greet("li", arrived)["state"] == "greeted"
    done = office.complete("li", arrived, PHONE, intent="确定购买意向", progress=45, next_contact="2026-03-09")
    assert (done["state"], done["turn"], done["customer_is_new"]) == ("completed", "used", True)
    assert (done["credit_rule"], done["credit_day"]) == ("owner", "2026-03-02")
    assert office.line() == [named("wu"), named("zhao"), named("li")] == office.replayed()


def test_the_announcement_of_a_completion_carries_everything(office: Office) -> None:
    """reception.completed.v1 has the full state, the visitor only inside `personal`, and no phone anywhere else."""
    office.come("li")
    done = office.complete("li", office.visit(), PHONE, intent="有意向徘徊犹豫", progress=45, note="想要三房")
    (data,) = announced(office, "reception.completed.v1")
    personal = data.pop("personal")
    assert {name: personal[name] for name in ("name", "phone", "note")} == {
        "name": "王小明",
        "phone": E164,
        "note": "想要三房",
    }
    expected = {"server_id": named("li"), "customer_id": done["customer_id"], "article": "一.1", "progress": 45}
    assert {name: data[name] for name in expected} == expected
    assert "138" not in str({name: value for name, value in data.items() if not name.endswith("_id")})


def test_each_step_raises_the_sequence(office: Office) -> None:
    """One reception is announced as opened, assigned, greeted, completed with sequences 1 to 4."""
    office.come("li")
    arrived = office.visit()
    office.greet("li", arrived)
    office.complete("li", arrived, PHONE)
    subject = f"reception/{arrived['reception_id']}"
    told = [(event.type, event.sequence) for event in envelopes(office) if event.subject == subject]
    steps = ("opened", "assigned", "greeted", "completed")
    assert told == [(f"reception.{step}.v1", number) for number, step in enumerate(steps, start=1)]


def test_the_kept_order_of_those_who_wait(office: Office) -> None:
    """With nobody free visitors wait; whoever finishes takes the one who waits longest."""
    office.come("li")
    first = office.visit()
    second = office.visit()
    office.later(seconds=5)
    third = office.visit()
    assert (second["state"], second["why"]["code"]) == ("waiting", "nobody_free")
    office.complete("li", first, PHONE)
    assert office.seen(second)["server_id"] == named("li")
    assert office.seen(third)["state"] == "waiting"


def test_nobody_on_duty_is_said_and_the_visitor_kept(office: Office) -> None:
    """The answer says that nobody is on duty; whoever clocks in receives."""
    waiting = office.visit()
    assert (waiting["state"], waiting["why"]["code"]) == ("waiting", "nobody_on_duty")
    assert "Nobody is on duty" in waiting["why"]["text"]
    office.come("wu")
    assert office.seen(waiting)["server_id"] == named("wu")


def test_several_waiting_go_to_those_who_come_by_order(office: Office) -> None:
    """Two wait, two come: each gets one, the longest waiting first."""
    first, second = office.visit(), office.visit()
    office.come("zhao", "li")
    assert office.seen(first)["server_id"] == named("zhao")
    assert office.seen(second)["server_id"] == named("li")


def test_going_off_duty_while_serving(office: Office) -> None:
    """Who clocks out while serving finishes, uses the turn, and receives nobody after."""
    office.come("li")
    first = office.visit()
    office.go("li")
    second = office.visit()
    assert office.complete("li", first, PHONE)["turn"] == "used"
    assert office.line()[-1] == named("li")
    assert office.seen(second)["state"] == "waiting"


def test_going_off_duty_moves_nobody(office: Office) -> None:
    """Off duty and on again, everybody stands where they stood."""
    before = office.line()
    office.come("li", "wu")
    office.go("li")
    office.come("li")
    assert office.line() == before
    assert office.visit()["server_id"] == named("li")


def test_a_visitor_gone_before_the_greeting_costs_nothing(office: Office) -> None:
    """A colleague says that the visitor left: the place is kept, and A is free again."""
    office.come("li", "wu")
    arrived = office.visit()
    closed = office.leave(seller("wu"), arrived)
    assert (closed["state"], closed["turn"]) == ("closed", "kept")
    assert office.line()[0] == named("li") == office.board()["a"]


def test_a_visitor_gone_after_the_greeting_uses_the_turn(office: Office) -> None:
    """一.7: whoever was greeted was received, registered or not."""
    office.come("li")
    arrived = office.visit()
    office.greet("li", arrived)
    assert office.leave(seller("li"), arrived)["turn"] == "used"
    assert office.line()[-1] == named("li") == office.replayed()[-1]


def test_a_waiting_visitor_may_leave(office: Office) -> None:
    """Who waits and goes is nobody's turn."""
    waiting = office.visit()
    assert office.leave(FRONT_DESK, waiting)["turn"] is None
    office.come("li")
    assert office.seen(waiting)["server_id"] is None


def test_a_colleague_taps_greeted(office: Office) -> None:
    """一.1: a colleague of the line may say that A greeted, and so may the supervisor."""
    office.come("li", "wu")
    first, second = office.visit(), office.visit()
    assert office.greet("zhao", first)["state"] == "greeted"
    assert office.act(SUPERVISOR, second, "greet").status_code == 200


def test_supervisor_and_manager_complete_for_the_server(office: Office) -> None:
    """The turn and the credit stay the server's."""
    office.come("li", "wu")
    receptions = [office.visit(), office.visit()]
    for who, reception, phone in zip((SUPERVISOR, MANAGER), receptions, (PHONE, "13900139000"), strict=True):
        done = office.act(who, reception, "complete", {"name": "王小明", "phone": phone}).get_json()
        assert (done["turn"], done["server_id"]) == ("used", reception["server_id"])


def test_a_phone_known_here_is_the_same_customer(office: Office) -> None:
    """The same phone, however typed, is the customer it was before."""
    office.come("li")
    first = office.complete("li", office.visit(), PHONE)
    again = office.complete("li", office.visit(), "+86 138-0013-8000")
    assert (again["customer_id"], again["customer_is_new"]) == (first["customer_id"], False)


def test_a_phone_known_to_the_register_is_its_customer(office: Office) -> None:
    """A customer who was imported or entered by hand is found by phone; a merged one is the one that stays."""
    office.hear(synthetic.customer("old", personal={"name": "王", "phone": E164, "salt": "0"}))
    office.come("li")
    assert office.complete("li", office.visit(), PHONE)["customer_id"] == named("old")
    office.hear(synthetic.merged("old", "winner"))
    assert office.complete("li", office.visit(), PHONE)["customer_id"] == named("winner")
    office.hear(synthetic.merged("old", "winner", 2, active=False))
    assert office.complete("li", office.visit(), PHONE)["customer_id"] == named("old")


def test_another_branchs_customer_is_nobody_here(office: Office) -> None:
    """The phone of a customer of another branch makes a new customer in this one."""
    known = {"name": "王", "phone": E164, "salt": "0"}
    office.hear(synthetic.customer("far", branch_id=synthetic.WEST, personal=known))
    office.come("li")
    assert office.complete("li", office.visit(), PHONE)["customer_is_new"]


def test_a_phone_given_up_makes_a_new_customer(office: Office) -> None:
    """When the register has corrected a customer's phone, the old number is no longer that customer's."""
    office.come("li")
    first = office.complete("li", office.visit(), PHONE)
    corrected = {"name": "王", "phone": "+8613900139000", "salt": "0"}
    office.hear(synthetic.customer("x", 2, customer_id=first["customer_id"], personal=corrected))
    second = office.complete("li", office.visit(), PHONE)
    third = office.complete("li", office.visit(), PHONE)
    assert second["customer_is_new"]
    assert second["customer_id"] != first["customer_id"]
    assert (third["customer_id"], third["customer_is_new"]) == (second["customer_id"], False)


def test_the_manager_reorders_with_a_reason(office: Office) -> None:
    """The new order holds, stands on the record with its reason, and is announced."""
    wanted = [named("zhao"), named("li"), named("wu")]
    version = office.board()["line_version"]
    body = {"order": wanted, "reason": "新来的同事先接"}
    board = office.did(MANAGER, "PUT", office.path("line"), body, headers={"If-Match": f'"{version}"'})
    assert [person["staff_id"] for person in board["order"]] == wanted == office.replayed()
    told = announced(office, "line.changed.v1")[-1]
    assert (told["cause"], told["reason"], told["order"]) == ("reordered", "新来的同事先接", wanted)


def test_who_left_the_branch_receives_nobody(office: Office) -> None:
    """Somebody whose account was closed while on duty is passed over."""
    office.come("li", "wu")
    office.hear(synthetic.staff("li", 2, active=False))
    assert office.visit()["server_id"] == named("wu")


def test_the_explanation_names_who_was_passed_over_in_both_languages(office: Office) -> None:
    """Article, policy version, everybody passed over with the reason, in the reader's language."""
    office.come("wu", "zhao")
    office.visit()
    path = f"/api/v1/reception/receptions/{office.visit()['reception_id']}/explanation"
    why = office.did(seller("li"), "GET", path)
    assert (why["article"], why["policy_version"], why["code"]) == ("一.1", "built-in-1", "first_free_in_line")
    assert [(one["name"], one["reason"]) for one in why["passed_over"]] == [("li", "off_duty"), ("wu", "serving")]
    assert "zhao is the first on duty and free" in why["text"]
    chinese = office.did(seller("li"), "GET", path, language="zh")
    assert "zhao 是第一位在岗且空闲的同事（A位）" in chinese["text"]
    assert "li 排在前面，但不在岗。wu 排在前面，但正在接待。" in chinese["text"]


def test_the_explanation_keeps_the_facts_of_the_assignment(office: Office) -> None:
    """What changed later does not change why somebody was chosen."""
    office.come("wu")
    arrived = office.visit()
    office.come("li")
    assert office.seen(arrived)["why"] == arrived["why"]


def test_an_arrival_sent_twice_with_its_key_is_one_arrival(office: Office) -> None:
    """The same Idempotency-Key answers the same reception."""
    office.come("li", "wu")
    sent = [
        office.did(
            FRONT_DESK,
            "POST",
            office.path("arrivals"),
            {"kind": "first_visit"},
            headers={"Idempotency-Key": "visit-1"},
        )
        for _ in range(2)
    ]
    assert sent[0] == sent[1]
    assert office.board()["today"]["arrivals"] == 1
