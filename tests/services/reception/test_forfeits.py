"""Forfeits, suspensions and excuses over HTTP; numbers are the articles of the rule book."""

from dataclasses import replace
from typing import Any

from sqlalchemy import select

from chassis.identity import Who
from services.reception.discipline.tables import penalties
from services.reception.forfeits.actions import forfeit
from services.reception.forfeits.rules import ForfeitCause, GivenUp
from services.reception.policy.rules import BUILT_IN
from services.reception.rotation.views import hall_of
from services.reception.stepping_out.leaving import overstay
from tests.services.reception.leaving import (
    accept,
    come_back,
    excuse,
    registered,
    run_jobs,
    state_on_board,
    step_out,
    told,
    walked_off,
)
from tests.services.reception.office import MANAGER, SUPERVISOR, Office, seller
from tests.services.reception.test_together import together
from tests.services.synthetic import EAST, named


def give_up(office: Office, name: str, times: int) -> list[dict[str, Any]]:
    """Walk off as A or B and come back, so many times, a minute apart."""
    given_up = []
    for _ in range(times):
        office.later(minutes=1)
        given_up.append(walked_off(office, name, SUPERVISOR))
        come_back(office, name)
    return given_up


def fines(office: Office) -> list[tuple[str, int, int, str]]:
    """Article, fine, points and state of every penalty."""
    with office.database.read() as tx:
        columns = (penalties.c.article, penalties.c.fine, penalties.c.points, penalties.c.state)
        return [tuple(row) for row in tx.execute(select(*columns).order_by(penalties.c.at))]  # type: ignore[misc]


def forfeits_seen(office: Office, who: Who) -> list[dict[str, Any]]:
    return list(office.did(who, "GET", "/api/v1/reception/forfeits")["items"])


def count_one(office: Office, name: str, *, serving: bool) -> None:
    """A forfeit is counted as it is where a policy counts those not greeted: while they serve."""
    given_up = GivenUp(EAST, office.hall, named(name), ForfeitCause.NOT_GREETED, "reception/1")
    with office.database.write() as tx:
        forfeit(tx, MANAGER, given_up, BUILT_IN, entry=1, serving=serving)


def test_1_1_walking_off_is_a_forfeit_whether_or_not_a_customer_came(office: Office) -> None:
    """一.1 无故离开视为自动放弃: a colleague says so; to the tail, counted, away, and no fine for one."""
    office.come("li", "wu", "zhao")
    recorded = walked_off(office, "li", seller("zhao"))
    assert (recorded["cause"], recorded["recorded_by"]) == ("walked_off", named("zhao"))
    assert (office.line()[-1], state_on_board(office, "li")) == (named("li"), "away")
    assert (fines(office), told(office, "forfeit")) == ([], [("forfeit.recorded.v1", 1)])


def test_1_1_leaving_without_waiting_for_a_stand_in_is_a_forfeit(office: Office) -> None:
    """一.1 否则也视为自动放弃接待: B's own tap, with the ask still open, costs the place and counts."""
    office.come("li", "wu", "zhao")
    asked = step_out(office, "wu")
    gone = step_out(office, "wu", "washroom", without_stand_in=True)
    assert (gone["step_out_id"], gone["state"], gone["until"]) == (asked["step_out_id"], "away", None)
    (counted,) = forfeits_seen(office, seller("wu"))
    assert (counted["forfeit_id"], counted["recorded_by"]) == (gone["forfeit_id"], named("wu"))
    assert office.line() == [named("li"), named("zhao"), named("wu")] == office.replayed()


def test_who_is_neither_a_nor_b_forfeits_nothing_by_leaving(office: Office) -> None:
    """The third in line needs no stand-in, so leaving without one costs nothing."""
    office.come("li", "wu", "zhao")
    assert step_out(office, "zhao", without_stand_in=True)["forfeit_id"] is None
    assert told(office, "forfeit") == []


def test_1_1_walking_off_from_a_visitor_hands_them_to_the_next(office: Office) -> None:
    """一.1: A, called and gone, forfeits; the visitor is with the next at once, and no other fine follows."""
    office.come("li", "wu")
    visitor = office.visit()
    walked_off(office, "li", seller("wu"))
    assert office.seen(visitor)["server_id"] == named("wu")
    office.greet("wu", visitor)
    office.later(minutes=5)
    run_jobs(office)
    assert fines(office) == []


def test_1_1_more_than_three_forfeits_in_a_week_suspend_for_a_week(office: Office) -> None:
    """一.1 停止接待客户一周, 罚款20元扣10分: at the fourth, once; receives nobody meanwhile, and again a week later."""
    office.come("li", "wu")
    give_up(office, "li", 3)
    assert (state_on_board(office, "li"), fines(office)) == ("free", [])
    give_up(office, "li", 1)
    assert (state_on_board(office, "li"), fines(office)) == ("off_duty", [("一.1", 20, 10, "proposed")])
    assert told(office, "suspension") == [("suspension.ordered.v1", 1), ("suspension.began.v1", 2)]
    assert office.visit()["server_id"] == named("wu")
    waiting = office.visit()
    assert (waiting["state"], waiting["why"]["code"]) == ("waiting", "nobody_free")
    office.later(days=7, seconds=-1)
    run_jobs(office)
    assert office.seen(waiting)["state"] == "waiting"
    office.later(seconds=1)
    run_jobs(office)
    assert office.seen(waiting)["server_id"] == named("li")
    assert told(office, "suspension")[-1] == ("suspension.ended.v1", 3)


def test_1_6_a_suspended_original_counts_as_off_duty(office: Office) -> None:
    """一.1, 一.6: own customers included: A serves the whole visit."""
    office.come("li", "wu")
    give_up(office, "li", 4)
    visitor = office.visit(kind="returning", original_id=named("li"))
    assert (visitor["server_id"], visitor["role"]) == (named("wu"), "whole_visit")


def test_the_counted_forfeits_are_spent(office: Office) -> None:
    """After the suspension one begins at none: three more in the same week do not suspend."""
    office.come("li", "wu")
    give_up(office, "li", 4)
    assert all(one["suspension_id"] for one in forfeits_seen(office, MANAGER))
    office.later(days=7)
    give_up(office, "li", 3)
    assert state_on_board(office, "li") == "free"
    assert len(fines(office)) == 1


def test_1_1_a_suspension_begins_when_the_reception_in_progress_ends(office: Office) -> None:
    """一.1: ordered while serving, it lets them finish; the week runs from then."""
    office.come("li", "wu")
    give_up(office, "li", 3)
    visitor = office.visit()
    office.leave(MANAGER, office.visit())
    office.complete("wu", visitor, "13800138000")
    mine = office.visit()
    assert mine["server_id"] == named("li")
    office.greet("li", mine)
    count_one(office, "li", serving=True)
    assert (state_on_board(office, "li"), told(office, "suspension")) == ("serving", [("suspension.ordered.v1", 1)])
    office.later(hours=1)
    office.complete("li", mine, "13800138001")
    assert state_on_board(office, "li") == "off_duty"
    office.later(days=7, hours=-1)
    assert state_on_board(office, "li") == "off_duty"
    office.later(hours=1)
    assert state_on_board(office, "li") == "free"
    assert len(fines(office)) == 1


def test_excusing_one_ends_the_suspension_and_the_others_count_again(office: Office) -> None:
    """The fine is withdrawn, who waits is received, and one more forfeit suspends anew with a fine of its own."""
    office.come("li", "wu")
    first, *_others = give_up(office, "li", 4)
    office.visit()
    waiting = office.visit()
    excused = excuse(office, SUPERVISOR, first)
    assert (excused["excused_by"], excused["reason"]) == (named("supervisor"), "孩子发烧")
    assert [one["suspension_id"] for one in forfeits_seen(office, MANAGER)] == [None] * 4
    assert office.seen(waiting)["server_id"] == named("li")
    assert fines(office) == [("一.1", 20, 10, "withdrawn")]
    office.leave(MANAGER, waiting)
    give_up(office, "li", 1)
    assert state_on_board(office, "li") == "off_duty"
    assert [state for *_amounts, state in fines(office)] == ["withdrawn", "proposed"]


def test_excusing_one_before_the_suspension_begins(office: Office) -> None:
    """Still serving when it is excused, one finishes and stays free: it never began, and its penalty is withdrawn."""
    office.come("li")
    first, *_others = give_up(office, "li", 3)
    mine = office.visit()
    office.greet("li", mine)
    count_one(office, "li", serving=True)
    excuse(office, SUPERVISOR, first)
    assert told(office, "suspension") == [("suspension.ordered.v1", 1), ("suspension.ended.v1", 2)]
    office.complete("li", mine, "13800138000")
    assert state_on_board(office, "li") == "free"
    assert [state for *_amounts, state in fines(office)] == ["withdrawn"]


def test_an_excused_forfeit_does_not_count(office: Office) -> None:
    """Excused before the fourth: three are left, and nobody is suspended; the lost place stays lost."""
    office.come("li", "wu")
    first, *_others = give_up(office, "li", 2)
    line = office.line()
    excuse(office, MANAGER, first)
    assert office.line() == line
    give_up(office, "li", 2)
    assert state_on_board(office, "li") == "free"


def test_forfeits_a_week_apart_do_not_add_up(office: Office) -> None:
    """一.1 一周内: the first is exactly seven days old at the fourth, and counts no longer."""
    office.come("li", "wu")
    give_up(office, "li", 1)
    office.later(days=7, minutes=-3)
    give_up(office, "li", 3)
    assert state_on_board(office, "li") == "free"
    assert len(forfeits_seen(office, MANAGER)) == 4


def test_ones_own_forfeits_are_seen_by_oneself_and_who_leads(office: Office) -> None:
    """A colleague sees none of another's."""
    office.come("li", "wu", "zhao")
    recorded = walked_off(office, "li", seller("wu"))
    for reader in (seller("li"), SUPERVISOR, MANAGER):
        assert [one["forfeit_id"] for one in forfeits_seen(office, reader)] == [recorded["forfeit_id"]]
    assert forfeits_seen(office, seller("wu")) == []


def test_one_sees_which_of_ones_forfeits_count_and_ones_suspension(sqlite_office: Office) -> None:
    """一.1: one's own, the latest first; the fourth within a week suspends, and the counted ones are spent."""
    office = sqlite_office
    office.come("li", "wu")
    given_up = give_up(office, "li", 3)
    path = "/api/v1/reception/forfeits/mine"
    mine = office.did(seller("li"), "GET", path)
    ids = [one["forfeit_id"] for one in given_up]
    assert [one["forfeit_id"] for one in mine["items"]] == ids[::-1]
    assert (sorted(mine["counting"]), mine["allowed"], mine["suspension"]) == (sorted(ids), 3, None)
    assert office.did(seller("wu"), "GET", path)["items"] == []
    office.later(days=7)
    assert office.did(seller("li"), "GET", path)["counting"] == []
    give_up(office, "li", 4)
    suspended = office.did(seller("li"), "GET", path)
    assert suspended["counting"] == []
    assert suspended["suspension"]["ends_at"] > suspended["suspension"]["starts_at"]


def test_the_register_tells_of_forfeits_and_suspensions(office: Office) -> None:
    """Each forfeit, the suspension ordered and begun, the excuse and the end stand in the hall's chain, in order."""
    office.come("li", "wu")
    excuse(office, MANAGER, give_up(office, "li", 4)[0])
    kinds = registered(office, "forfeit.", "suspension.")
    assert kinds[:4] == ["forfeit.recorded"] * 4
    assert kinds[4:] == ["suspension.ordered", "suspension.began", "forfeit.excused", "suspension.ended"]
    assert office.replayed() == office.line()


def test_the_stand_in_who_walks_off_forfeits_too(office: Office) -> None:
    """Wu took Li's place and is A now: leaving without a stand-in is Wu's forfeit, and Li's leave stands."""
    office.come("li", "wu", "zhao")
    accept(office, "wu", step_out(office, "li"))
    walked_off(office, "wu", SUPERVISOR)
    assert [one["staff_id"] for one in forfeits_seen(office, MANAGER)] == [named("wu")]
    assert (state_on_board(office, "li"), state_on_board(office, "wu")) == ("away", "away")


def test_overstaying_is_a_forfeit_only_by_policy(office: Office) -> None:
    """The article says 无故: a policy may count it all the same, once, and then it stands in the register so."""
    office.come("li", "wu")
    gone = accept(office, "wu", step_out(office, "li", "washroom"))
    office.later(minutes=16)
    strict = replace(BUILT_IN, overstaying_counts_as_forfeit=True)
    for _ in range(2):
        with office.database.write() as tx:
            overstay(tx, MANAGER, hall_of(tx, MANAGER, office.hall, lock=True), gone["step_out_id"], strict)
    (counted,) = forfeits_seen(office, seller("li"))
    assert (counted["cause"], counted["evidence"]) == ("overstayed", f"step_out/{gone['step_out_id']}")
    assert registered(office, "forfeit.", "step_out.overstayed") == ["forfeit.recorded", "step_out.overstayed"]


def test_several_who_report_the_same_at_once_count_one_forfeit(office: Office) -> None:
    """Wu, Zhao and the supervisor tap at the same moment: Li forfeits once, and the others learn that Li is away."""
    office.come("li", "wu", "zhao")
    body = {"staff_id": named("li")}
    tappers = (seller("wu"), seller("zhao"), SUPERVISOR)
    answers = together([lambda who=who: office.tried(who, "POST", office.path("forfeits"), body) for who in tappers])
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    assert len(forfeits_seen(office, MANAGER)) == 1
    assert office.line() == [named("wu"), named("zhao"), named("li")] == office.replayed()
