"""A hall cut off from the network goes on, and hands in what it did when the line is back."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import update

from chassis import ledger
from chassis.jobs import JobLoop
from services.reception.app import SERVICE
from services.reception.journal.tables import journal_entries
from tests.services.asking import code_of
from tests.services.reception.journals import (
    MORNING,
    VISITOR,
    arrival,
    at,
    conflicts,
    device_id,
    entry,
    hand_in,
    outcomes,
)
from tests.services.reception.office import MANAGER, Office
from tests.services.reception.test_receiving import announced
from tests.services.reception.test_together import together
from tests.services.synthetic import NOW, named


@pytest.fixture
def hall(sqlite_url: str) -> Iterator[Office]:
    """Li, Wu and Zhao stand in the line, nobody on duty; it is ten, and the network has been gone since nine."""
    opened = Office(sqlite_url, ["li", "wu", "zhao"])
    opened.later(hours=1)
    yield opened
    opened.database.close()


def test_a_morning_without_network(office: Office) -> None:
    """Everything fits: it is done in order, as of its own time, by whoever did it; the register is whole and says when
    it was written."""
    office.later(hours=1)
    became = hand_in(office, *MORNING)
    assert outcomes(became) == ["applied"] * 7
    assert [one["counts_as_of"] for one in became] == [one["happened_at"] for one in MORNING]
    first, second = (office.seen(became[n]) for n in (2, 4))
    assert (first["state"], first["server_id"], first["turn"]) == ("completed", named("li"), "used")
    assert (first["arrived_at"], first["greeted_at"], first["completed_at"]) == (at(10), at(10.5), at(30))
    assert (second["state"], second["turn"]) == ("closed", "kept")
    clocked = announced(office, "attendance.clocked_in.v1")
    assert [one["clocked_in_at"] for one in clocked] == [at(1), at(2)]
    assert office.line() == office.replayed() == [named("wu"), named("zhao"), named("li")]
    with office.database.read() as tx:
        kept = [one for one in ledger.entries(tx, f"hall/{office.hall}") if one.kind == "journal"]
    assert [one.body["entry_id"] for one in kept] == [one["entry_id"] for one in MORNING]
    assert {one.at for one in kept} == {NOW + timedelta(hours=1)}
    assert [one.body["happened_at"] for one in kept] == [one["happened_at"] for one in MORNING]


def test_handing_in_again_changes_nothing(office: Office) -> None:
    """The same journal again, and a longer one that begins with it: the same answers, each entry done once."""
    office.later(hours=1)
    became = hand_in(office, *MORNING[:3])
    assert hand_in(office, *MORNING[:3]) == became
    again = hand_in(office, *MORNING, *MORNING)
    assert again[:3] == became
    assert again[7:] == again[:7]
    assert outcomes(again) == ["applied"] * 14
    assert office.board()["today"] == {"arrivals": 2, "completed": 1}
    assert office.line() == office.replayed()


def test_handed_in_by_four_tablets_at_once(office: Office) -> None:
    """The same journal four times at the same moment: each entry is done once, and all get the same answer."""
    office.later(hours=1)
    became = together([lambda: hand_in(office, *MORNING)] * 4)
    assert became == [became[0]] * 4
    assert outcomes(became[0]) == ["applied"] * 7
    assert office.board()["today"] == {"arrivals": 2, "completed": 1}
    assert office.line() == office.replayed()


def test_what_no_longer_fits_is_a_conflict_and_the_rest_is_done(hall: Office) -> None:
    """Each refusal leaves nothing behind but itself, with code and words; what follows is done all the same."""
    became = hand_in(
        hall,
        entry("li comes", "clock_in", 1, "li"),
        entry("li again", "clock_in", 2, "li"),
        arrival("first", 10),
        entry("wu registers", "complete", 11, "wu", of="first", visitor=VISITOR),
        entry("bad phone", "complete", 12, "li", of="first", visitor=VISITOR | {"phone": "12345"}),
        entry("lost", "greet", 13, "li", of="nowhere"),
        entry("stranger", "greet", 14, "nobody", of="first"),
        entry("far", "greet", 15, "li", reception_id="none"),
        entry("greeted", "greet", 16, "li", of="first"),
    )
    assert outcomes(became) == [
        "applied",
        "already_on_duty",
        "applied",
        "not_your_reception",
        "bad_phone",
        "unknown_arrival",
        "unknown_staff",
        "unknown_reception",
        "applied",
    ]
    assert "no such phone number" in became[4]["conflict"]["text"]
    assert hall.seen(became[2])["state"] == "greeted"
    assert hall.line() == hall.replayed()


def test_nothing_is_dropped(hall: Office) -> None:
    """The manager sees each conflict in order with all that was said, settles it with a reason, once, on the record."""
    hand_in(
        hall,
        arrival("first", 10),
        entry("early", "complete", 12, "li", of="first", visitor=VISITOR | {"note": "三房", "intent": "有意向"}),
        entry("lost", "take_over", 13, "li", of="nowhere"),
    )
    first, second = conflicts(hall)
    assert (first["conflict"]["code"], second["conflict"]["code"]) == ("wrong_state", "unknown_arrival")
    assert first["personal"] == {"name": "王小明", "phone": "138 0013 8000", "note": "三房"}
    assert (first["said"]["visitor"]["intent"], first["said"]["arrival_id"]) == ("有意向", device_id("first"))
    assert "王" not in str(first["said"])
    path = hall.path(f"journal/conflicts/{first['entry_id']}/settle")
    settled = hall.did(MANAGER, "POST", path, {"reason": "已补登记"})
    assert (settled["reason"], settled["settled_by"]) == ("已补登记", MANAGER.actor_id)
    assert [one["entry_id"] for one in conflicts(hall)] == [second["entry_id"]]
    assert [one["entry_id"] for one in conflicts(hall, "?which=all")] == [first["entry_id"], second["entry_id"]]
    again = hall.tried(MANAGER, "POST", path, {"reason": "再来"})
    assert (again.status_code, code_of(again)) == (409, "settled_already")
    with hall.database.read() as tx:
        assert [one.kind for one in ledger.entries(tx, f"hall/{hall.hall}")][-1] == "journal.settled"
        assert "王小明" not in str([one.body for one in ledger.entries(tx, f"hall/{hall.hall}")])


def test_a_conflict_outlives_its_words(hall: Office) -> None:
    """One whose words have come to ask for facts that were not kept is still in the manager's list."""
    hand_in(hall, arrival("first", 10), entry("early", "complete", 12, "li", of="first", visitor=VISITOR))
    assert "waiting" in conflicts(hall)[0]["conflict"]["text"]
    with hall.database.write() as tx:
        tx.execute(update(journal_entries).values(facts={}))
    assert conflicts(hall)[0]["conflict"]["text"]


def test_whom_the_device_called_is_kept_if_the_rules_say_the_same(hall: Office) -> None:
    """Else the visitor is kept, with whom the rules say, and the manager is told whom the device called."""
    came = [entry("li comes", "clock_in", 1, "li"), entry("wu comes", "clock_in", 2, "wu")]
    became = hand_in(hall, *came, arrival("first", 10, server_id=named("wu")))
    assert outcomes(became)[2] == "assigned_to_another"
    facts = became[2]["conflict"]["facts"]
    assert facts == {"server_id": named("li"), "device_said": named("wu")}
    assert hall.seen(became[2])["server_id"] == became[2]["server_id"] == named("li")


def test_no_limit_is_held_against_a_hall_that_was_cut_off(hall: Office) -> None:
    """Who was not tapped as greeted for an hour is neither passed on nor fined; the time to greet begins at the
    hand-in."""
    (_li, _wu, first, _second, greeted) = hand_in(
        hall, *MORNING[:3], arrival("second", 15), entry("late tap", "greet", 20, "wu", of="second")
    )
    assert greeted["outcome"] == "applied"
    assert hall.seen(first)["state"] == "assigned"
    clock = hall.database.clock
    assert JobLoop(hall.database, SERVICE.jobs, wall_clock=clock).run_due() > 0
    hall.later(seconds=60)
    JobLoop(hall.database, SERVICE.jobs, wall_clock=clock).run_due()
    assert announced(hall, "reception.passed_on.v1") == []
    hall.later(seconds=1)
    JobLoop(hall.database, SERVICE.jobs, wall_clock=clock).run_due()
    assert [one["reception_id"] for one in announced(hall, "reception.passed_on.v1")] == [first["reception_id"]]


def test_a_step_that_was_overtaken_elsewhere(hall: Office) -> None:
    """A reception known before went on at another desk after the tap on the device: the tap is a conflict; a tap after
    it fits."""
    hall.come("li")
    visit = hall.visit()
    reception = {"reception_id": visit["reception_id"]}
    became = hand_in(
        hall,
        entry("before", "greet", 59, "li", **reception),
        entry("after", "greet", 61, "li", **reception),
    )
    assert outcomes(became) == ["overtaken", "applied"]
    assert hall.seen(visit)["greeted_at"] == at(60)  # never after now


def test_an_arrival_is_decided_on_the_line_as_it_stands(hall: Office) -> None:
    """Somebody else changed the line at ten: an arrival of half past nine counts as of then, a clock-in as of when it
    was, and no order of times is turned round."""
    hall.come("wu")
    hall.later(minutes=5)
    came, waited = hand_in(hall, entry("li comes", "clock_in", 29, "li"), arrival("first", 30))
    assert (came["counts_as_of"], waited["counts_as_of"]) == (at(29), at(60))
    seen = hall.seen(waited)
    assert (seen["arrived_at"], seen["assigned_at"], seen["server_id"]) == (at(60), at(60), named("li"))


def test_who_waits_is_served_by_who_came_on_the_device(hall: Office) -> None:
    """Who waits since ten goes to who clocked in on the device at nine, and was not assigned before coming."""
    visit = hall.visit()
    hand_in(hall, entry("li comes", "clock_in", 1, "li"))
    seen = hall.seen(visit)
    assert (seen["server_id"], seen["assigned_at"]) == (named("li"), seen["arrived_at"])


def test_a_device_whose_clock_is_wrong(hall: Office) -> None:
    """The order counts: a time that goes back is the one before, one ahead is now; a week ago is not believed."""
    became = hand_in(
        hall,
        entry("li comes", "clock_in", 10, "li"),
        entry("wu comes", "clock_in", 5, "wu"),
        entry("zhao comes", "clock_in", 600, "zhao"),
        entry("old", "clock_out", -8 * 24 * 60, "zhao"),
    )
    assert [one["counts_as_of"] for one in became] == [at(10), at(10), at(60), None]
    assert outcomes(became)[3] == "too_old"
    assert "7" in became[3]["conflict"]["text"]


def test_midnight_on_the_device(hall: Office) -> None:
    """A visitor of half past eleven, handed in the next morning, is of the day on which they came, and so is the
    credit."""
    hall.later(hours=24)
    became = hand_in(
        hall,
        entry("li comes", "clock_in", 14 * 60, "li"),
        arrival("late", 14.5 * 60),
        entry("done", "complete", 15.5 * 60, "li", of="late", visitor=VISITOR),
    )
    seen = hall.seen(became[1])
    assert (seen["local_day"], seen["credit_day"]) == ("2026-03-02", "2026-03-02")
    assert announced(hall, "attendance.clocked_in.v1")[0]["local_day"] == "2026-03-02"


def test_going_off_duty_before_coming_is_a_conflict(hall: Office) -> None:
    """Who clocked in elsewhere after clocking out on the device stays on duty."""
    hall.come("li")
    assert outcomes(hand_in(hall, entry("li goes", "clock_out", 30, "li"))) == ["overtaken"]
    assert hall.board()["line"][0]["on_duty"]


def test_everything_a_hall_does_can_be_handed_in(hall: Office) -> None:
    """Not buying with a witness, the original taking over from the stand-in, going off duty: as online."""
    became = hand_in(
        hall,
        entry("li comes", "clock_in", 1, "li"),
        entry("wu comes", "clock_in", 2, "wu"),
        arrival("peer", 10),
        entry("said", "not_buying", 11, "li", of="peer", not_buying={"trade": "same_trade", "witness_id": named("wu")}),
        entry("heard", "witness", 12, "wu", of="peer"),
        entry("tapped", "greet", 13, "li", of="peer"),
        entry("gone", "leave", 14, "li", of="peer"),
        arrival("busy", 20),
        arrival("own", 21, arrival={"kind": "returning", "original_id": named("li")}),
        entry("free", "leave", 22, "wu", of="busy"),
        entry("back", "take_over", 23, "li", of="own"),
        entry("done", "complete", 30, "li", of="own", visitor=VISITOR),
        entry("off", "clock_out", 40, "li"),
    )
    assert outcomes(became) == ["applied"] * 13
    assert hall.seen(became[2])["turn"] == "kept"
    own = hall.seen(became[8])
    assert (own["server_id"], own["role"], own["turn"]) == (named("li"), "original", "kept")
    assert hall.line() == hall.replayed() == [named("li"), named("wu"), named("zhao")]


def test_a_long_journal_comes_in_parts(hall: Office) -> None:
    """In parts, what is decided on the line counts as of its own time all the same: a journal is nobody else."""
    first, second = hand_in(hall, *MORNING[:3]), hand_in(hall, *MORNING[3:])
    assert outcomes([*first, *second]) == ["applied"] * 7
    assert second[1]["counts_as_of"] == at(15)
