"""The rooms of the office without a browser: what their forms say to reception, and what they show of its answers."""

from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient

from gateway.pages.line import moved
from tests.gateway.company import Company
from tests.gateway.told import TeamRoom, Told, sent

_AT = "2026-03-02T01:00:00+00:00"
_SHIFT = {"staff_id": "s1", "weekdays": [1, 2, 3, 4, 5], "starts": "09:00", "ends": "18:00"}
_OTHERS = {"staff_id": "s2", "weekdays": [6], "starts": "12:00", "ends": "24:00"}
_PLAN = {"staff_id": "s1", "day": "2026-03-04", "shifts": [], "swapped_with": None, "reason": "轮休", "made_by": "m"}
_PERSON = {"staff_id": "s1", "name": "甲", "state": "free", "on_duty_since": _AT}


@pytest.fixture
def reception(team_room: TeamRoom, company: Company) -> Told:
    hall = {"hall_id": "h1", "branch_id": company.east, "name": "东厅"}
    line = [_PERSON, _PERSON | {"staff_id": "s2", "name": "乙", "state": "off_duty", "on_duty_since": None}]
    closed = [{"day": "2026-03-05", "reason": "检修"}]
    told = team_room.forget()
    told.answers = {
        "halls": (200, {"items": [hall], "next_after": None}),
        "halls/h1/roster": (200, {"hall_id": "h1", "version": 4, "shifts": [_SHIFT, _OTHERS]}),
        "halls/h1/roster/days": (200, {"days": [_PLAN], "closed": closed}),
        "halls/h1/line": (200, {"entry": 3, "a": "s1", "b": None, "line": line, "waiting": []}),
        "halls/h1/attendance": (
            200,
            {"closed_because": None, "people": [_came("甲", "late", 61), _came("乙", "absent")]},
        ),
        "halls/h1/board": (200, {"line": line, "line_version": 9}),
    }
    return told


def _came(name: str, state: str, late_by: int | None = None) -> dict[str, Any]:
    return {"name": name, "state": state, "late_by": late_by, "shift_starts_at": _AT, "shift_ends_at": _AT}


@pytest.fixture
def manager(team_room: TeamRoom, reception: Told) -> FlaskClient:
    return team_room.as_("manager")


def test_the_week_shows_what_differs(manager: FlaskClient, reception: Told) -> None:
    """The week lies from Monday to Sunday with each one's hours, days that differ and closed days; and who is late."""
    page = manager.get("/office/roster?week=2026-03-04").text
    assert reception.queries["halls/h1/roster/days"] == "first=2026-03-02&last=2026-03-08"
    assert page.count("09:00–18:00") == 4 and "轮休" in page and "检修" in page and "12:00–24:00" in page
    assert "迟到 1 分 1 秒" in page and "旷工" in page


@pytest.mark.parametrize(
    ("form", "shifts"),
    [
        ({"as": "off", "starts": "09:00", "ends": "18:00"}, []),
        ({"as": "week"}, None),
        ({"as": "hours", "starts": ["09:00", ""], "ends": ["12:00", ""]}, [{"starts": "09:00", "ends": "12:00"}]),
    ],
)
def test_a_day_is_planned(manager: FlaskClient, reception: Told, form: dict[str, Any], shifts: Any) -> None:
    """One day is off, has other hours, or is the week's again; the page comes back to its week."""
    answer = sent(manager, "/office/roster/days/2026-03-04/s1?hall=h1", form | {"reason": "调休"})
    assert answer.headers["Location"] == "/office/roster?hall=h1&week=2026-03-04&said=roster.planned"
    assert reception.acts == [("PUT halls/h1/roster/days/2026-03-04/s1", {"shifts": shifts, "reason": "调休"})]


def test_a_persons_week_leaves_the_others(manager: FlaskClient, reception: Told) -> None:
    """The whole roster is replaced with one's lines changed, in the place of the version that the form was made of."""
    form = {"version": "4", "weekdays-0": ["1", "2"], "starts": ["10:00", ""], "ends": ["19:00", ""]}
    sent(manager, "/office/roster/people/s1?hall=h1", form)
    mine = {"staff_id": "s1", "weekdays": [1, 2], "starts": "10:00", "ends": "19:00"}
    assert reception.acts == [("PUT halls/h1/roster", {"shifts": [_OTHERS, mine]})]
    assert reception.headers[0]["If-Match"] == '"4"'
    reception.answers["PUT halls/h1/roster"] = 412, {"detail": "别人已经改过。"}
    refused = sent(manager, "/office/roster/people/s1?hall=h1", form)
    assert refused.status_code == 412 and "别人已经改过。" in refused.text and 'value="10:00"' in refused.text


def test_a_hall_is_closed_and_opened(manager: FlaskClient, reception: Told) -> None:
    """A day is closed with a reason, and opened again."""
    sent(manager, "/office/roster/closed/2026-03-05?hall=h1", {"reason": "检修"})
    sent(manager, "/office/roster/closed/2026-03-05?hall=h1", {"open": "yes", "reason": ""})
    assert reception.acts == [
        ("PUT halls/h1/closed-days/2026-03-05", {"reason": "检修"}),
        ("DELETE halls/h1/closed-days/2026-03-05", None),
    ]


def test_a_sheet_comes_back_row_by_row(manager: FlaskClient, reception: Told) -> None:
    """The file is handed in as it is; each row that was not taken is shown with its number and the reason."""
    row = {"row_number": 7, "staff_id": None, "day": None, "fate": "refused", "reason_text": "没有这个姓名的人。"}
    result = {"taken": 3, "unchanged": 1, "refused": 1, "rows": [row]}
    reception.answers["halls/h1/roster/imports"] = 200, result
    page = sent(manager, "/office/roster/sheet?hall=h1", {"file": (BytesIO(b"PK sheet"), "三月.xlsx")}).text
    assert b"PK sheet" in reception.acts[0][1]
    assert "已采用 3 行，未变 1 行，未采用 1 行" in page and "没有这个姓名的人。" in page and "7" in page


def test_the_line_is_put_together_first(manager: FlaskClient, reception: Told) -> None:
    """Moving somebody changes nothing yet; saved, the order goes with its reason and the line's version."""
    order = {"order": ["s1", "s2"], "version": "9"}
    page = sent(manager, "/office/line?hall=h1", order | {"move": "down:s1"}).text
    assert page.index("乙") < page.index("甲") and 'name="reason"' in page and reception.acts == []
    sent(manager, "/office/line?hall=h1", {"order": ["s2", "s1"], "version": "9", "reason": "今天换岗"})
    assert reception.acts == [("PUT halls/h1/line", {"order": ["s2", "s1"], "reason": "今天换岗"})]
    assert reception.headers[0]["If-Match"] == '"9"'


def test_moves_stay_in_the_line() -> None:
    """Who stands first moves no further up, who stands last no further down."""
    assert moved(["a", "b", "c"], "c", -1) == ["a", "c", "b"]
    assert moved(["a", "b"], "a", -1) == ["a", "b"] == moved(["a", "b"], "b", 1) == moved(["a", "b"], "x", 1)


def test_the_register_is_read_from_its_end(manager: FlaskClient, reception: Told) -> None:
    """The newest entry comes first; what is corrected says so, and only what may be undone has the button."""
    entry = {"at": _AT, "by": "s1", "corrected_by": None, "what": {}}
    entries = [
        entry | {"n": 1, "kind": "line", "what": {"cause": "joined", "staff_id": "s1"}},
        entry | {"n": 2, "kind": "reception.opened"},
        entry | {"n": 3, "kind": "line", "what": {"cause": "reordered"}, "corrected_by": 4},
    ]
    reception.answers["halls/h1/register"] = 200, {"items": entries, "next_after": None}
    page = manager.get("/office/register").text
    assert page.index("经理调整轮排") < page.index("来访登记") < page.index("加入轮排")
    assert "已由第 4 条更正" in page and 'id="undo-2"' in page
    assert 'id="undo-1"' not in page and 'id="undo-3"' not in page
    sent(manager, "/office/register/2/undo?hall=h1", {"reason": ""})
    assert reception.acts == [("POST halls/h1/register/2/undo", {})]


def test_the_line_at_a_moment_is_asked_by_the_branchs_clock(manager: FlaskClient, reception: Told) -> None:
    """A local time of the form is the branch's; what is no time is said, and the register shows all the same."""
    reception.answers["halls/h1/register"] = 200, {"items": [], "next_after": None}
    then = reception.answers["halls/h1/line"][1]
    reception.answers["halls/h1/line"] = 200, then | {"at": _AT}
    page = manager.get("/office/register?at=2026-03-02T09:00").text
    assert "由登记簿第 1 至 3 条还原" in page and "03-02 09:00" in page
    page = manager.get("/office/register?at=yesterday").text
    assert "请填写日期和时间" in page and 'id="entries-title"' in page


def test_a_month_is_settled_and_reviewed_where_it_belongs(
    manager: FlaskClient, reception: Told, company: Company
) -> None:
    """Every act of the settlement names the branch and the month; what is held has its own decision."""
    amounts = {"fine": 90, "points": -45, "held": 40, "let_go": 0, "carried": 0, "due": 50}
    month = {"settled_at": None, "settled_by": None, "totals": amounts}
    month["people"] = [amounts | {"staff_id": "s1", "name": "甲", "lines": []}]
    reception.answers["discipline/settlements/2026-02"] = 200, month
    page = manager.get("/office/settlement?month=2026-02").text
    assert 'id="review-s1"' in page and 'id="settle"' in page and "2026-02.xlsx?branch_id=" in page
    at = "?month=2026-02"
    sent(manager, f"/office/settlement/settle{at}", {})
    sent(manager, f"/office/settlement/held/s1{at}", {"choice": "let_go", "reason": "首次"})
    sent(manager, f"/office/settlement/pay/s1{at}", {"monthly": "8000"})
    review = {"staff_id": "s1", "verdict": "let_go", "reason": "首次"}
    assert reception.acts == [
        ("POST discipline/settlements/2026-02/settle", None),
        ("POST discipline/settlements/2026-02/reviews", review),
        ("PUT discipline/pay/s1", {"monthly": 8000, "month": "2026-02"}),
    ]
    assert reception.queries["discipline/pay/s1"] == f"branch_id={company.east}"


def test_customers_are_entrusted_by_the_branchs_clock(manager: FlaskClient, reception: Told) -> None:
    """A delegation for an absent colleague holds from now, or a local time, until a local time; it is taken back."""
    form = {"staff_id": "s1", "delegate_id": "s2", "starts_at": "", "ends_at": "2026-03-05T18:00", "reason": "她休假"}
    sent(manager, "/office/delegations/new", form)
    wish = {"staff_id": "s1", "delegate_id": "s2", "reason": "她休假", "ends_at": "2026-03-05T18:00:00+08:00"}
    assert reception.acts == [("POST delegations", wish)]
    reception.answers["POST delegations/d1/take-back"] = 409, {"detail": "已经收回。"}
    assert "已经收回。" in sent(manager, "/office/delegations/d1/take-back", {}).text
