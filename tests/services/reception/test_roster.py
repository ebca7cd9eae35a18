"""The roster over HTTP: days that differ, swaps."""

from typing import Any

from tests.services.asking import code_of
from tests.services.reception.office import MANAGER, Office, seller
from tests.services.synthetic import named

_EARLY, _LATE = {"starts": "09:00", "ends": "17:00"}, {"starts": "13:00", "ends": "21:00"}


def days(office: Office) -> Any:
    """What differs from the week, for people by name."""
    path = f"{office.path('roster/days')}?first=2026-03-01&last=2026-03-31"
    names = {named(name): name for name in ("li", "wu", "zhao")}
    told = office.did(seller("li"), "GET", path)["days"]
    return [(names[one["staff_id"]], one["day"], one["shifts"]) for one in told]


def plan(office: Office, name: str, day: str, shifts: list[dict[str, str]] | None) -> Any:
    path = f"{office.path('roster/days')}/{day}/{named(name)}"
    return office.tried(MANAGER, "PUT", path, {"shifts": shifts, "reason": "调班"})


def swap(office: Office, day: str, other_day: str | None = None) -> Any:
    wish = {"staff_id": named("li"), "day": day, "with_staff_id": named("wu"), "other_day": other_day}
    return office.tried(MANAGER, "POST", office.path("roster/swaps"), wish | {"reason": "两人商量好"})


def test_other_hours_on_one_day(office: Office) -> None:
    """Li comes for the hours of the day, not for the week's; given back, the week holds again."""
    assert plan(office, "li", "2026-03-02", [_LATE]).status_code == 200
    assert code_of(office.tried(seller("li"), "POST", office.path("clock-in"))) == "not_rostered"
    office.come("wu")
    assert days(office) == [("li", "2026-03-02", [_LATE])]
    assert plan(office, "li", "2026-03-02", None).status_code == 200
    office.come("li")
    assert days(office) == [("li", "2026-03-02", None)]


def test_a_day_off(office: Office) -> None:
    """Nobody comes on duty on a day off."""
    assert plan(office, "li", "2026-03-02", []).status_code == 200
    assert code_of(office.tried(seller("li"), "POST", office.path("clock-in"))) == "not_rostered"


def test_one_sees_ones_own_days(sqlite_office: Office) -> None:
    """Shifts of some days as they hold, in all halls; what was changed, and why; a closed day has none."""
    office = sqlite_office
    plan(office, "li", "2026-03-03", [_EARLY])
    plan(office, "wu", "2026-03-03", [])
    office.tried(MANAGER, "PUT", f"{office.path('closed-days')}/2026-03-04", {"reason": "消防检查"})
    path = "/api/v1/reception/roster/mine?first=2026-03-02&last=2026-03-04"
    mine = office.did(seller("li"), "GET", path)
    assert [(one["day"], one["starts_at"][11:16]) for one in mine["shifts"]] == [
        ("2026-03-02", "16:00"),  # 00:00 in Shanghai
        ("2026-03-03", "01:00"),
    ]
    assert [(one["day"], one["reason"]) for one in mine["changed"]] == [("2026-03-03", "调班")]
    assert [(one["day"], one["hall"]) for one in mine["closed"]] == [("2026-03-04", "一号案场")]
    assert [one["day"] for one in office.did(seller("wu"), "GET", path)["shifts"]] == ["2026-03-02"]


def test_two_swap_their_shifts(office: Office) -> None:
    """On one day they change hours; on two days each works the other's, and both see with whom."""
    for name, shift in (("li", _EARLY), ("wu", _LATE)):
        plan(office, name, "2026-03-02", [shift])
        plan(office, name, "2026-03-03", [shift])
    assert swap(office, "2026-03-02").status_code == 200
    assert days(office)[:2] == sorted([("li", "2026-03-02", [_LATE]), ("wu", "2026-03-02", [_EARLY])], key=_by_id)
    for name in ("li", "wu"):
        plan(office, name, "2026-03-04", [_EARLY] if name == "li" else [])
        plan(office, name, "2026-03-05", [_LATE] if name == "wu" else [])
    answer = swap(office, "2026-03-04", "2026-03-05")
    assert {one["swapped_with"] for one in answer.get_json()["days"]} == {named("li"), named("wu")}
    worked = {(name, day): shifts for name, day, shifts in days(office)}
    assert worked[("li", "2026-03-04")] == worked[("wu", "2026-03-05")] == []
    assert (worked[("wu", "2026-03-04")], worked[("li", "2026-03-05")]) == ([_EARLY], [_LATE])


def test_what_the_roster_does_not_take(office: Office) -> None:
    """Overlapping hours, a day that is over, strangers, oneself, and times or days that are none."""
    assert code_of(plan(office, "li", "2026-03-02", [_EARLY, _LATE])) == "hours_overlap"
    assert code_of(plan(office, "li", "2026-03-01", [_EARLY])) == "day_is_over"
    assert code_of(plan(office, "nobody", "2026-03-02", [_EARLY])) == "unknown_staff"
    assert code_of(plan(office, "li", "2026-03-02", [{"starts": "9", "ends": "18:00"}])) == "bad_time"
    assert code_of(plan(office, "li", "tomorrow", [_EARLY])) == "bad_day"
    assert code_of(swap(office, "2026-03-01", "2026-03-05")) == "day_is_over"
    assert code_of(swap(office, "2026-03-02", "2026-03-03")) == "hours_overlap"
    assert days(office) == []
    wish = {"staff_id": named("li"), "day": "2026-03-02", "with_staff_id": named("li"), "reason": "x"}
    assert code_of(office.tried(MANAGER, "POST", office.path("roster/swaps"), wish)) == "invalid"
    path = f"{office.path('roster/days')}?first=2026-03-01&last=2026-07-31"
    assert code_of(office.tried(MANAGER, "GET", path)) == "invalid"


def _by_id(told: tuple[str, str, Any]) -> str:
    return named(told[0])
