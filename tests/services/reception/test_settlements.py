"""The months of a branch over HTTP: what was confirmed or upheld, per person and penalty, settled once and for all."""

from io import BytesIO
from typing import Any

from openpyxl import load_workbook

from tests.services import synthetic
from tests.services.reception.court import (
    AUDITOR,
    FRONT_DESK,
    HEADQUARTERS,
    LI,
    MANAGER,
    SECOND,
    SUPERVISOR,
    WEST_MANAGER,
    WU,
    ZHAO,
    Court,
)
from tests.services.synthetic import EAST, named

APRIL = {"days": 31}


def sums(settlement: dict[str, Any]) -> dict[str, tuple[int, int, int]]:
    """Fine, points and what is due, by name."""
    return {person["name"]: (person["fine"], person["points"], person["due"]) for person in settlement["people"]}


def test_a_month_holds_what_was_confirmed_or_upheld(court: Court) -> None:
    """Proposed, appealed and waived ones are no line; the totals are the sums of people, and these of lines."""
    court.confirmed("li", "quarrel")
    court.confirmed("li", "late", late_by=60)
    upheld = court.take(WU, court.record("wu", "not_greeted"), "appeal")
    court.take(MANAGER, upheld, "uphold")
    court.record("wu", "quarrel")
    court.take(WU, court.record("wu", "quarrel"), "appeal")
    court.take(MANAGER, court.record("zhao", "quarrel"), "waive")
    month = court.month()
    assert sums(month) == {"li": (60, -25, 60), "wu": (10, -5, 10)}
    assert month["totals"] == {"fine": 70, "points": -30, "held": 0, "let_go": 0, "carried": 0, "due": 70}
    lines = [(line["cause"], line["article"], line["fine"], line["points"]) for line in month["people"][0]["lines"]]
    assert sorted(lines) == [("late", "二.1", 10, -5), ("quarrel", "一.2", 50, -20)]
    assert month == court.month()


def test_a_penalty_counts_in_the_month_of_the_deed(court: Court) -> None:
    """Confirmed in April, a deed of March is March's while March is open."""
    court.later(**APRIL)
    court.confirmed("li", "not_greeted", day="2026-03-30")
    assert sums(court.month("2026-03")) == {"li": (10, -5, 10)}
    assert court.month("2026-04")["people"] == []


def test_what_is_decided_after_the_settlement_counts_in_its_own_month(court: Court) -> None:
    """March is settled and stays as it is; the late decision is April's."""
    court.confirmed("li", "quarrel")
    late = court.record("li", "not_greeted")
    court.later(**APRIL)
    settled = court.settle()
    assert (settled["settled_by"], sums(settled)) == (MANAGER.actor_id, {"li": (50, -20, 50)})
    assert court.take(MANAGER, late, "confirm")["month"] == "2026-04"
    assert court.month("2026-03") == settled == court.settle()
    assert sums(court.month("2026-04")) == {"li": (10, -5, 10)}


def test_what_falls_after_the_settlement_is_given_back(court: Court) -> None:
    """Withdrawn in April, what was taken in March is a correction of April; the points are whole again."""
    court.propose("li", "reception/1")
    court.take(MANAGER, court.listed(MANAGER)[0], "confirm")
    court.later(**APRIL)
    settled = court.settle()
    court.withdraw("reception/1")
    assert court.month("2026-03") == settled
    assert sums(court.month("2026-04")) == {"li": (-10, 5, -10)}
    assert court.points(LI) == 0


def test_an_appeal_takes_back_where_it_was_counted(court: Court) -> None:
    """A deed of March, counted in April and appealed in May, leaves April empty: April is open still."""
    late = court.record("li", "not_greeted")
    court.later(**APRIL)
    court.settle()
    court.take(MANAGER, late, "confirm")
    court.later(days=30)
    court.take(LI, late, "appeal")
    assert [court.month(month)["people"] for month in ("2026-04", "2026-05")] == [[], []]


def test_what_is_settled_is_not_appealed(court: Court) -> None:
    """A confirmed penalty may be appealed until its month is settled; one not decided yet still may."""
    confirmed, open_still = court.confirmed("li", "quarrel"), court.record("li", "not_greeted")
    court.later(**APRIL)
    court.settle()
    path = f"penalties/{confirmed['penalty_id']}/appeal"
    assert court.refused(LI, "POST", path, {"reason": "x"}) == (409, "month_settled")
    assert court.take(LI, open_still, "appeal")["state"] == "appealed"


def test_a_settlement_is_in_the_register(court: Court) -> None:
    """Who settled which month, with the digest of its accounts; settling again writes nothing."""
    court.confirmed("li", "quarrel")
    court.later(**APRIL)
    court.settle()
    court.settle()
    (entry,) = [entry for entry in court.register() if entry.kind == "month.settled"]
    assert (entry.body["month"], entry.body["by"], len(entry.body["accounts"])) == ("2026-03", MANAGER.actor_id, 64)


def test_the_sheet_says_what_the_page_says(court: Court) -> None:
    """Two sheets, people with the totals and penalties; names stay text whatever they begin with; twice the same."""
    court.confirmed("li", "quarrel")
    court.confirmed("wu", "late", late_by=60)
    path = "settlements/2026-03.xlsx"
    first, again = (court.tried(MANAGER, "GET", path).get_data() for _ in range(2))
    people, lines = ([[cell.value for cell in row] for row in sheet] for sheet in load_workbook(BytesIO(first)))
    assert people[0][0] == "奖惩结算 2026-03（未结算）"
    assert people[1] == ["姓名", "罚款(元)", "积分", "超限待审(元)", "超限免收(元)", "前期补收(元)", "应收(元)"]
    assert people[2:] == [["li", 50, -20, 0, 0, 0, 50], ["wu", 10, -5, 0, 0, 0, 10], ["合计", 60, -25, 0, 0, 0, 60]]
    assert [line[:3] for line in lines[2:]] == [["li", "吵闹、指责", "一.2"], ["wu", "迟到", "二.1"]]
    values = [[cell.value for cell in row] for sheet in load_workbook(BytesIO(again)) for row in sheet]
    assert values == [*people, *lines]


def test_a_name_is_no_formula(court: Court) -> None:
    """A name that begins with = is text in the sheet."""
    court.hear(synthetic.staff("li", 2, name="=1+1"))
    court.confirmed("li", "quarrel")
    book = load_workbook(BytesIO(court.tried(MANAGER, "GET", "settlements/2026-03.xlsx").get_data()))
    cell = book["汇总"]["A3"]
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_who_sees_whose_month(court: Court) -> None:
    """Oneself, one's team, one's branch; what lets one reckon the pay only the person and managers."""
    for name in ("li", "zhao"):
        court.confirmed(name, "not_greeted")
    seen = {who.actor_id: sorted(sums(court.month(who=who))) for who in (LI, WU, ZHAO, SUPERVISOR, MANAGER)}
    assert [*seen.values()] == [["li"], [], ["zhao"], ["li"], ["li", "zhao"]]
    assert court.month(who=LI)["people"][0]["due"] == 10
    (shown,) = court.month(who=SUPERVISOR)["people"]
    assert [shown[name] for name in ("fine", "held", "let_go", "carried", "due")] == [10, None, None, None, None]
    assert shown["lines"][0]["untaken"] is None
    east = f"settlements/2026-03?branch_id={EAST}"
    assert court.did(HEADQUARTERS, "GET", east)["totals"]["due"] == 20
    assert court.did(AUDITOR, "GET", east)["totals"] == dict.fromkeys(("held", "let_go", "carried", "due")) | {
        "fine": 20,
        "points": -10,
    }
    assert court.refused(WEST_MANAGER, "GET", east) == (422, "unknown_branch")
    assert court.refused(HEADQUARTERS, "GET", "settlements/2026-03") == (422, "unknown_branch")
    assert court.refused(FRONT_DESK, "GET", "settlements/2026-03") == (403, "permission_missing")


def test_who_settles_and_when(court: Court) -> None:
    """A manager, once the month is over; a month that is none is refused."""
    for who in (LI, SUPERVISOR, AUDITOR):
        assert court.refused(who, "POST", "settlements/2026-03/settle") == (403, "permission_missing")
    assert court.refused(MANAGER, "POST", "settlements/2026-03/settle") == (409, "month_not_over")
    court.later(days=29, hours=14, minutes=59)  # 31 March, a minute to midnight in Shanghai
    assert court.refused(MANAGER, "POST", "settlements/2026-03/settle") == (409, "month_not_over")
    court.later(minutes=1)
    court.settle()
    for path in ("settlements/2026-13", "settlements/march.xlsx"):
        assert court.refused(MANAGER, "GET", path) == (422, "bad_month")


def test_pay_is_shown_to_the_person_and_the_manager(court: Court) -> None:
    """Set by a manager from a month on, seen by the person; not by the supervisor, a colleague or an auditor."""
    path = f"pay/{named('li')}"
    court.did(MANAGER, "PUT", path, {"monthly": 5000})
    court.did(MANAGER, "PUT", path, {"monthly": 6000, "month": "2026-05"})
    for who in (LI, MANAGER, SECOND):
        pays = [(pay["month"], pay["monthly"]) for pay in court.did(who, "GET", path)["items"]]
        assert pays == [("2026-05", 6000), ("2026-03", 5000)]
    for who in (WU, SUPERVISOR):
        assert court.refused(who, "GET", path) == (403, "pay_is_private")
    assert court.refused(AUDITOR, "GET", f"{path}?branch_id={EAST}") == (403, "pay_is_private")
    assert court.did(WEST_MANAGER, "GET", path)["items"] == []
    entry = court.register()[-1]
    assert (entry.kind, "monthly" in entry.body, dict(entry.personal or {})) == ("pay.set", False, {"monthly": 6000})


def test_who_sets_pay(court: Court) -> None:
    """A manager of the branch, of somebody who works there, never of themselves."""
    body = {"monthly": 5000}
    assert court.refused(MANAGER, "PUT", f"pay/{named('manager')}", body) == (403, "own_case")
    assert court.refused(MANAGER, "PUT", "pay/nobody", body) == (422, "unknown_staff")
    assert court.refused(SUPERVISOR, "PUT", f"pay/{named('li')}", body) == (403, "permission_missing")
    for bad in ({"monthly": -1}, {"monthly": "5000"}, body | {"month": "May"}):
        assert court.refused(MANAGER, "PUT", f"pay/{named('li')}", bad) == (422, "invalid")


def test_there_is_nothing_to_review_without_a_cap(court: Court) -> None:
    """Where no cap is set nothing is held, so nothing is reviewed; and nobody reviews their own."""
    court.confirmed("li", "quarrel")
    body = {"staff_id": named("li"), "verdict": "take", "reason": "x"}
    assert court.refused(MANAGER, "POST", "settlements/2026-03/reviews", body) == (409, "nothing_held")
    own = body | {"staff_id": named("manager")}
    assert court.refused(MANAGER, "POST", "settlements/2026-03/reviews", own) == (403, "own_case")
