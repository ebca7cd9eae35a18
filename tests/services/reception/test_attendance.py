"""Coming late, not coming, leave and closed days, over HTTP and by the job (二.1)."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from chassis.jobs import JobLoop
from services.reception.app import SERVICE
from services.reception.discipline.tables import penalties
from services.reception.forfeits.actions import forfeit
from services.reception.forfeits.rules import ForfeitCause, GivenUp
from services.reception.policy.rules import BUILT_IN
from tests.services import synthetic
from tests.services.asking import code_of
from tests.services.reception.office import MANAGER, SUPERVISOR, Office, seller
from tests.services.synthetic import EAST, NOW, named

LEAVES = "/api/v1/reception/leaves"
_SHANGHAI = ZoneInfo("Asia/Shanghai")
_DAYS = {"weekdays": [1, 2, 3, 4, 5, 6, 7]}
_DAY, _NIGHT = {"starts": "09:00", "ends": "18:00"}, {"starts": "22:00", "ends": "06:00"}
_ROSTER = (("li", _DAY), ("wu", _DAY), ("zhao", _NIGHT))
_LATER = (("li", "10:00"), ("wu", "09:00"))


@pytest.fixture
def early(sqlite_url: str) -> Iterator[Office]:
    """Seven in the morning: Li and Wu are rostered from nine to six, Zhao from ten at night to six."""
    yield from _opened(sqlite_url)


@pytest.fixture
def anywhere(database_url: str) -> Iterator[Office]:
    """The same, on either database."""
    yield from _opened(database_url)


def _opened(url: str) -> Iterator[Office]:
    opened = Office(url, ["li", "wu", "zhao"], NOW - timedelta(hours=2))
    opened.roster(*(_DAYS | hours | {"staff_id": named(name)} for name, hours in _ROSTER))
    yield opened
    opened.database.close()


def at(office: Office, text: str) -> None:
    """It is this moment on the wall."""
    moment = datetime.fromisoformat(text).replace(tzinfo=_SHANGHAI)
    office.later(seconds=(moment - office.database.clock.now()).total_seconds())


def worked(office: Office) -> None:
    """The jobs that are due are done, twice: the second time changes nothing."""
    for _ in range(2):
        JobLoop(office.database, SERVICE.jobs, office.database.clock).run_due()


def proposed(office: Office) -> list[tuple[str, str, int, int, str]]:
    """Who is to pay what, for what, and how that stands."""
    told = (penalties.c.staff_id, penalties.c.cause, penalties.c.fine, penalties.c.points, penalties.c.state)
    names = {named(name): name for name in ("li", "wu", "zhao")}
    with office.database.read() as tx:
        rows = tx.execute(select(*told).order_by(penalties.c.at, penalties.c.id)).all()
    return [(names[row.staff_id], row.cause, row.fine, row.points, row.state) for row in rows]


def day_of(office: Office, day: str = "2026-03-02") -> dict[str, Any]:
    """The manager's list, by name."""
    people = office.did(MANAGER, "GET", f"{office.path('attendance')}?day={day}")["people"]
    return {one["name"]: one for one in people}


def leave(office: Office, name: str, starts: str, ends: str) -> str:
    """The name asks for leave, local times."""
    span = {"starts_at": f"{starts}+08:00", "ends_at": f"{ends}+08:00", "reason": "看病"}
    return str(office.did(seller(name), "POST", LEAVES, span)["leave_id"])


def approve(office: Office, leave_id: str) -> dict[str, Any]:
    return office.did(SUPERVISOR, "POST", f"{LEAVES}/{leave_id}/approve", {"reason": "同意"})


def close(office: Office, day: str = "2026-03-02") -> None:
    path = f"{office.path('closed-days')}/{day}"
    assert office.tried(MANAGER, "PUT", path, {"reason": "台风"}).status_code == 204


def test_2_1_coming_late_proposes_and_goes_to_the_tail(anywhere: Office) -> None:
    """二.1: ten minutes and a second cost the second row, proposed; the late go to the tail (the product's own)."""
    at(anywhere, "2026-03-02T09:10:01.500")
    came = anywhere.did(seller("li"), "POST", anywhere.path("clock-in"))
    assert came["late_by"] == 601
    assert proposed(anywhere) == [("li", "late", 20, 10, "proposed")]
    assert anywhere.line() == [named("wu"), named("zhao"), named("li")] == anywhere.replayed()
    assert anywhere.did(seller("wu"), "POST", anywhere.path("clock-in"))["local_day"] == "2026-03-02"
    assert (day_of(anywhere)["li"]["state"], day_of(anywhere)["li"]["late_by"]) == ("late", 601)


def test_coming_early_is_on_time_and_keeps_the_place(early: Office) -> None:
    """Half an hour ahead one comes for the shift; nothing is proposed, nobody moves."""
    at(early, "2026-03-02T08:29:59")
    assert code_of(early.tried(seller("li"), "POST", early.path("clock-in"))) == "not_rostered"
    at(early, "2026-03-02T08:30")
    early.come("li")
    assert proposed(early) == []
    assert early.line() == [named("li"), named("wu"), named("zhao")]
    assert day_of(early)["li"]["state"] == "on_time"


def test_2_1_only_the_first_clock_in_counts(early: Office) -> None:
    """Who was on time, went and came back is not late."""
    at(early, "2026-03-02T09:00")
    early.come("li")
    at(early, "2026-03-02T12:00")
    early.go("li")
    at(early, "2026-03-02T13:00")
    early.come("li")
    assert proposed(early) == []
    assert [duty["late_by"] for duty in day_of(early)["li"]["duties"]] == [0, 0]


def test_2_1_more_than_half_an_hour_late_is_absence_once(early: Office) -> None:
    """二.1: it costs what absence costs, and the shift's end adds nothing."""
    at(early, "2026-03-02T09:30:01")
    early.come("li", "wu")
    at(early, "2026-03-02T18:00")
    worked(early)
    assert proposed(early) == [("li", "absent", 50, 20, "proposed"), ("wu", "absent", 50, 20, "proposed")]
    assert day_of(early)["li"]["state"] == "late"


def test_2_1_who_never_came_is_absent_at_the_shifts_end(anywhere: Office) -> None:
    """二.1: not before the end; at the end once, however often it is looked at."""
    at(anywhere, "2026-03-02T09:00")
    anywhere.come("wu")
    at(anywhere, "2026-03-02T17:59:59")
    worked(anywhere)
    assert (proposed(anywhere), day_of(anywhere)["li"]["state"]) == ([], "expected")
    at(anywhere, "2026-03-02T18:00")
    worked(anywhere)
    assert proposed(anywhere) == [("li", "absent", 50, 20, "proposed")]
    assert day_of(anywhere)["li"]["state"] == "absent"
    at(anywhere, "2026-03-02T20:00")
    worked(anywhere)
    assert len(proposed(anywhere)) == 1


def test_a_night_shift_is_missed_in_the_morning(early: Office) -> None:
    """It belongs to the day it began and is over when it ends, after midnight."""
    at(early, "2026-03-02T09:00")
    early.come("li", "wu")
    at(early, "2026-03-03T05:59:59")
    worked(early)
    assert proposed(early) == []
    at(early, "2026-03-03T06:00")
    worked(early)
    assert proposed(early) == [("zhao", "absent", 50, 20, "proposed")]
    assert day_of(early)["zhao"]["state"] == "absent"


def test_what_nobody_looked_at_in_time_is_found_later(early: Office) -> None:
    """After a day without jobs the missed shifts are found; what is older than three days is left alone."""
    at(early, "2026-03-03T12:00")
    worked(early)
    assert sorted(who for who, *_ in proposed(early)) == ["li", "wu", "zhao"]
    at(early, "2026-03-20T12:00")
    worked(early)
    assert {one["shift_starts_at"][:10] for one in day_of(early, "2026-03-10").values()} == {"2026-03-10"}
    assert {one["state"] for one in day_of(early, "2026-03-10").values()} == {"not_counted"}


def test_leave_before_the_shift_takes_lateness_away(early: Office) -> None:
    """Approved until ten, five past ten is five minutes late; refused leave changes nothing."""
    approve(early, leave(early, "li", "2026-03-02T09:00", "2026-03-02T10:00"))
    refused = leave(early, "wu", "2026-03-02T09:00", "2026-03-02T10:00")
    early.did(SUPERVISOR, "POST", f"{LEAVES}/{refused}/refuse", {"reason": "人手不够"})
    at(early, "2026-03-02T10:05")
    early.come("li", "wu")
    assert proposed(early) == [("li", "late", 10, 5, "proposed"), ("wu", "absent", 50, 20, "proposed")]


def test_leave_of_the_whole_shift_is_no_absence(early: Office) -> None:
    """Nobody is missed who has leave; who asked and was not answered is."""
    approve(early, leave(early, "li", "2026-03-02T00:00", "2026-03-03T00:00"))
    leave(early, "wu", "2026-03-02T00:00", "2026-03-03T00:00")
    at(early, "2026-03-02T18:00")
    worked(early)
    assert proposed(early) == [("wu", "absent", 50, 20, "proposed")]
    assert day_of(early)["li"]["state"] == "on_leave"
    asked = early.did(SUPERVISOR, "GET", f"{LEAVES}?staff_id={named('li')}")["items"]
    assert [one["state"] for one in asked] == ["approved"]


def test_leave_approved_later_withdraws_what_was_proposed(anywhere: Office) -> None:
    """Lateness and absence are taken back with their penalties; the line stays as it is."""
    at(anywhere, "2026-03-02T09:20")
    anywhere.come("li")
    at(anywhere, "2026-03-02T18:00")
    worked(anywhere)
    for name in ("li", "wu"):
        approve(anywhere, leave(anywhere, name, "2026-03-02T08:00", "2026-03-02T19:00"))
    assert proposed(anywhere) == [("li", "late", 20, 10, "withdrawn"), ("wu", "absent", 50, 20, "withdrawn")]
    assert [day_of(anywhere)[name]["state"] for name in ("li", "wu")] == ["on_time", "on_leave"]
    assert anywhere.line()[-1] == named("li")
    worked(anywhere)
    assert len(proposed(anywhere)) == 2


def test_leave_of_a_part_leaves_the_rest_to_pay(anywhere: Office) -> None:
    """Of forty minutes thirty were leave, approved bit by bit: each time what remains is proposed anew."""
    at(anywhere, "2026-03-02T09:40")
    anywhere.come("li")
    approve(anywhere, leave(anywhere, "li", "2026-03-02T09:05", "2026-03-02T09:20"))
    approve(anywhere, leave(anywhere, "li", "2026-03-02T09:20", "2026-03-02T09:35"))
    assert proposed(anywhere) == [
        ("li", "absent", 50, 20, "withdrawn"),
        ("li", "late", 30, 15, "withdrawn"),
        ("li", "late", 10, 5, "proposed"),
    ]
    assert day_of(anywhere)["li"]["late_by"] == 600


def test_leave_is_decided_by_somebody_who_leads_and_never_ones_own(early: Office) -> None:
    """A salesperson decides none, a supervisor not their own, nobody twice; each sees their own, who leads sees all."""
    mine = leave(early, "li", "2026-03-02T09:00", "2026-03-02T10:00")
    reason = {"reason": "好"}
    assert code_of(early.tried(seller("wu"), "POST", f"{LEAVES}/{mine}/approve", reason)) == "not_your_leave_to_decide"
    assert code_of(early.tried(seller("li"), "POST", f"{LEAVES}/{mine}/approve", reason)) == "not_your_leave_to_decide"
    assert code_of(early.tried(MANAGER, "POST", f"{LEAVES}/none/approve", reason)) == "unknown_leave"
    done = approve(early, mine)
    assert (done["state"], done["decided_by"], done["decided_because"]) == ("approved", SUPERVISOR.actor_id, "同意")
    assert code_of(early.tried(MANAGER, "POST", f"{LEAVES}/{mine}/refuse", reason)) == "leave_decided"
    assert early.did(seller("wu"), "GET", LEAVES)["items"] == []
    assert [one["leave_id"] for one in early.did(seller("li"), "GET", f"{LEAVES}?state=approved")["items"]] == [mine]
    assert [one["staff_id"] for one in early.did(MANAGER, "GET", LEAVES)["items"]] == [named("li")]


def test_leave_that_is_none_is_refused(early: Office) -> None:
    """It ends after it begins; who does not work at the branch asks for none."""
    span = {"starts_at": "2026-03-02T10:00+08:00", "ends_at": "2026-03-02T10:00+08:00", "reason": "看病"}
    assert code_of(early.tried(seller("li"), "POST", LEAVES, span)) == "leave_of_no_time"
    assert code_of(early.tried(seller("nobody"), "POST", LEAVES, span)) == "unknown_staff"


def test_on_a_closed_day_nobody_is_late_or_absent(early: Office) -> None:
    """Nobody is rostered and nobody comes on duty, but a visitor is recorded and waits."""
    close(early)
    at(early, "2026-03-02T10:00")
    assert code_of(early.tried(seller("li"), "POST", early.path("clock-in"))) == "hall_is_closed"
    assert early.visit()["state"] == "waiting"
    at(early, "2026-03-02T18:00")
    worked(early)
    assert (proposed(early), day_of(early)) == ([], {})


def test_closing_a_day_afterwards_takes_lateness_and_absence_back(anywhere: Office) -> None:
    """The typhoon is noted the day after: what was proposed for the day is withdrawn, once."""
    at(anywhere, "2026-03-02T09:20")
    anywhere.come("li")
    at(anywhere, "2026-03-02T18:00")
    worked(anywhere)
    at(anywhere, "2026-03-03T08:00")
    close(anywhere)
    close(anywhere)
    assert {one[1:] for one in proposed(anywhere)} == {("late", 20, 10, "withdrawn"), ("absent", 50, 20, "withdrawn")}
    answer = anywhere.did(MANAGER, "GET", f"{anywhere.path('attendance')}?day=2026-03-02")
    assert answer["closed_because"] == "台风"
    assert [(one["name"], one["state"], one["late_by"]) for one in answer["people"]] == [("li", "on_time", 0)]


def test_a_closed_day_is_opened_again(anywhere: Office) -> None:
    """Closed by mistake and opened at ten: who comes then is not late; yesterday's closing stays."""
    for day in ("2026-03-01", "2026-03-02", "2026-03-03"):
        close(anywhere, day)
    yesterday, today = (f"{anywhere.path('closed-days')}/{day}" for day in ("2026-03-01", "2026-03-02"))
    assert code_of(anywhere.tried(MANAGER, "DELETE", yesterday)) == "day_is_over"
    at(anywhere, "2026-03-02T10:00")
    for _ in range(2):
        assert anywhere.tried(MANAGER, "DELETE", today).status_code == 204
    anywhere.come("li")
    assert proposed(anywhere) == []
    path = f"{anywhere.path('roster/days')}?first=2026-03-02&last=2026-03-31"
    assert anywhere.did(seller("li"), "GET", path)["closed"] == [{"day": "2026-03-03", "reason": "台风"}]
    close(anywhere)
    assert len(anywhere.did(seller("li"), "GET", path)["closed"]) == 2


def test_a_roster_made_afterwards_makes_nobody_absent(anywhere: Office) -> None:
    """Rostered at noon from nine, one who does not come is not absent; a shift that stayed as it was still binds."""
    at(anywhere, "2026-03-02T12:00")
    anywhere.roster(*(_DAYS | {"starts": start, "ends": "18:00", "staff_id": named(who)} for who, start in _LATER))
    at(anywhere, "2026-03-02T18:00")
    worked(anywhere)
    assert proposed(anywhere) == [("wu", "absent", 50, 20, "proposed")]


def test_who_left_the_branch_is_missed_by_nobody(early: Office) -> None:
    """Shifts of people who do not work here any more are over without a word."""
    early.hear(synthetic.staff("li", 2, active=False))
    at(early, "2026-03-02T18:00")
    worked(early)
    assert [who for who, *_ in proposed(early)] == ["wu"]


def test_the_suspended_come_and_receive_nobody(early: Office) -> None:
    """Who is suspended clocks in as everybody does; the visitor goes to the next."""
    at(early, "2026-03-02T09:00")
    with early.database.write() as tx:
        for number in range(4):
            given_up = GivenUp(EAST, early.hall, named("li"), ForfeitCause.WALKED_OFF, f"test/{number}")
            forfeit(tx, MANAGER, given_up, BUILT_IN, entry=number + 1, serving=False)
    early.come("li", "wu")
    assert early.visit()["server_id"] == named("wu")
    assert early.visit()["state"] == "waiting"


def test_the_list_is_the_managers(early: Office) -> None:
    """A salesperson does not read who was late."""
    path = f"{early.path('attendance')}?day=2026-03-02"
    assert early.tried(seller("li"), "GET", path).status_code == 403
