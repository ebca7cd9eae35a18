"""A policy as a form: what a filled form means, and what the pages ask of reception."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.datastructures import MultiDict

from gateway.pages import policy_form
from tests.gateway.company import Company
from tests.gateway.told import TeamRoom, Told, sent

HELD: dict[str, Any] = {
    "non_buyers": ["same_trade"],
    "greet_within": 60,
    "not_greeted_counts_as_forfeit": False,
    "forfeits_allowed": 3,
    "forfeit_week": "rolling",
    "suspended_for": 604800,
    "out_for": {"meal": 2700, "washroom": 900},
    "out_names": {"meal": {"zh": "用餐", "en": "Meal"}, "washroom": {"zh": "洗手间", "en": "Washroom"}},
    "overstaying_counts_as_forfeit": False,
    "order": "lasting",
    "late_to_the_tail": True,
    "halls_joined": False,
    "registered_by_phone_is_returning": True,
    "undo_within": 60,
    "grace": 0,
    "clock_in_ahead": 1800,
    "late": [{"up_to": 600, "fine": 10, "points": 5}],
    "amounts": {"absent": {"fine": 50, "points": 20}, "quarrel": {"fine": 50, "points": 20}},
    "points_only": False,
    "cap_percent": None,
}


SOURCES = {"out_names.meal": "built-in-1", "out_names.washroom": "company.1"}
"""The washroom is called as the company has it."""


def _filled(**changed: Any) -> "MultiDict[str, str]":
    """The form as it is shown, with some fields filled in otherwise."""
    form: MultiDict[str, str] = MultiDict()
    for field in policy_form.FIELDS:
        for name, values in _inputs(field, HELD[field.name]).items():
            form.setlist(name, values)
    for name, value in changed.items():
        form.setlist(name.replace("__", "."), value if isinstance(value, list) else [value])
    return form


def _inputs(field: policy_form.Field, value: Any) -> dict[str, list[str]]:
    name = field.name
    if field.shape == "number":
        return {name: [policy_form.shown(field, value)]}
    if field.shape == "switch":
        return {name: ["yes" if value else "no"]}
    if field.shape == "limits":
        return {
            f"{name}.entry": list(value),
            f"{name}.value": [policy_form.shown(field, one) for one in value.values()],
        }
    if field.shape in ("called", "bands"):
        bands = [one | {"up_to": policy_form.shown(field, one["up_to"])} for one in value] if field.of > 1 else []
        rows = bands or list(value.values())
        return {f"{name}.{part}": [str(row[part]) for row in rows] for part in rows[0]}
    if field.shape == "amounts":
        return {f"{name}.{one}.{part}": [str(said[part])] for one, said in value.items() for part in said}
    return {name: value if isinstance(value, list) else [value]}


def test_a_form_left_as_it_is_decides_nothing() -> None:
    """What is shown reads back as what holds: an untouched form names no setting."""
    assert policy_form.document(_filled(), HELD, (), SOURCES) == {}
    assert policy_form.as_typed(_filled(), HELD) == HELD


@pytest.mark.parametrize(
    ("changed", "meant"),
    [
        ({"greet_within": "90"}, {"greet_within": 90}),
        ({"clock_in_ahead": "1.5"}, {"clock_in_ahead": 90}),
        ({"points_only": "yes"}, {"points_only": True}),
        ({"order": "lot"}, {"order": "lot"}),
        ({"cap_percent": "20"}, {"cap_percent": 20}),
        ({"non_buyers": ["same_trade", " 中介 ", ""]}, {"non_buyers": ["same_trade", "中介"]}),
        ({"out_for__value": ["30", "15"]}, {"out_for": {"meal": 1800}}),
        (
            {"out_for__value": ["45", "10"]},
            {"out_for": {"washroom": 600}, "out_names": {"washroom": HELD["out_names"]["washroom"]}},
        ),
        (
            {
                "out_for__entry": ["meal", "washroom", ""],
                "out_names__zh": ["用餐", "洗手间", "取车"],
                "out_names__en": ["Meal", "Washroom", "Car"],
                "out_for__value": ["45", "15", "20"],
            },
            {"out_for": {"取车": 1200}, "out_names": {"取车": {"zh": "取车", "en": "Car"}}},
        ),
        ({"amounts__quarrel__fine": "100"}, {"amounts": {"quarrel": {"fine": 100, "points": 20}}}),
        (
            {"late__up_to": ["10", "20", ""], "late__fine": ["10", "20", ""], "late__points": ["5", "10", ""]},
            {"late": [HELD["late"][0], {"up_to": 1200, "fine": 20, "points": 10}]},
        ),
        ({"grace": "two"}, {"grace": "two"}),
        ({"grace": "NaN"}, {"grace": "NaN"}),
    ],
)
def test_only_what_differs_is_decided(changed: dict[str, Any], meant: dict[str, Any]) -> None:
    """Values in the units of the form become reception's, entry by entry; what is no number goes on as typed."""
    assert policy_form.document(_filled(**changed), HELD, (), SOURCES) == meant


def test_what_a_branch_decided_stays_decided() -> None:
    """An own setting goes into the next version though it did not change, unless it follows the company again."""
    versions = [{"version": "E-1", "branch_id": "e"}, {"version": "company.1", "branch_id": None}]
    sources = {"grace": "E-1", "amounts.quarrel": "E-1", "amounts.absent": "company.1", "order": "built-in-1"}
    own = policy_form.own_settings(versions, sources, "e")
    assert own == {"grace", "amounts.quarrel"}
    kept = {"grace": 0, "amounts": {"quarrel": {"fine": 50, "points": 20}}}
    assert policy_form.document(_filled(), HELD, own, SOURCES) == kept
    assert policy_form.document(_filled(follow=["amounts"]), HELD, own, SOURCES) == {"grace": 0}
    assert policy_form.sources_of(sources, "amounts") == ["E-1", "company.1"]
    assert policy_form.sources_of(sources, "order") == []


@pytest.fixture
def reception(team_room: TeamRoom, company: Company) -> Told:
    version = {"version": "E-1", "branch_id": company.east, "holds_from": "2026-01-01", "values": {"grace": 0}}
    version |= {"reason": "试行", "made_by": "m", "made_at": "2025-12-01T00:00:00+00:00"}
    held = {"version": "E-1", "values": HELD, "sources": {"grace": "E-1", "order": "built-in-1"}}
    told = team_room.forget()
    told.answers["policies/current"] = 200, held
    told.answers["policies"] = 200, {"items": [version], "next_after": None}
    return told


@pytest.fixture
def manager(team_room: TeamRoom, reception: Told) -> FlaskClient:
    return team_room.as_("manager")


def test_what_holds_is_shown_with_its_version(manager: FlaskClient) -> None:
    """Each setting is shown in words, with the version it comes from and since when."""
    page = manager.get("/office/policy").text
    assert (
        "E-1 · 2026-01-01 起" in page
        and "用餐 45 分钟" in page
        and "10 分钟以内 罚款 10 元" in page
        and "不设上限" in page
    )


def test_a_new_version_is_the_branchs_from_a_day_on(manager: FlaskClient, reception: Told, company: Company) -> None:
    """A manager's version is the branch's, whatever the form says; refused, it keeps what was typed."""
    form: dict[str, Any] = _filled(greet_within="90").to_dict(flat=False)
    form |= {"branch": "company", "holds_from": "2026-04-01", "reason": "试行"}
    assert sent(manager, "/office/policy/new", form).status_code == 303
    wish = {"branch_id": company.east, "holds_from": "2026-04-01", "values": {"greet_within": 90, "grace": 0}}
    assert reception.acts == [("POST policies", wish | {"reason": "试行"})]
    assert "day=2026-04-01" in reception.queries["policies/current"]
    reception.answers["POST policies"] = 422, {"detail": "最早从明天起。"}
    refused = sent(manager, "/office/policy/new", form | {"grace": ["soon"]})
    assert refused.status_code == 422 and "最早从明天起。" in refused.text
    assert 'value="90"' in refused.text and 'value="soon"' in refused.text and "试行" in refused.text


def test_a_draft_is_tried_on_past_days(manager: FlaskClient, reception: Told, company: Company) -> None:
    """The trial is asked with the draft and the days, makes no version, and shows the totals and whom they concern."""
    sums = dict.fromkeys(
        (
            "penalties",
            "fine",
            "points",
            "forfeits",
            "suspensions",
            "passed_on",
            "overstays",
            "turns_used",
            "turns_kept",
        ),
        3,
    )
    totals = {"before": sums, "after": sums | {"fine": 71}, "assignments_changed": 2, "turns_changed": 0}
    totals |= {"penalties_changed": 1, "people_changed": 1, "passed_on_unsure": 0}
    side = {"staff_id": "s1", "name": "甲", "role": "a"}
    change = {"day": "2026-03-02", "reception_id": "v1", "before": side, "after": side | {"name": "乙"}}
    trial: dict[str, Any] = {
        kind: [] for kind in ("passed_on", "overstays", "turns", "penalties", "forfeits", "suspensions")
    }
    trial |= {"from_day": "2026-03-01", "to_day": "2026-03-07", "totals": totals, "assignments": [change]}
    trial |= {"people": [{"staff_id": "s1", "name": "甲", "before": sums, "after": sums | {"fine": 71}}]}
    reception.answers["policies/trial"] = 200, trial | {"re_decided": [], "as_it_happened": [], "cannot_know": []}
    form: dict[str, Any] = _filled(greet_within="90").to_dict(flat=False)
    form |= {"try": "yes", "from_day": "2026-03-01", "to_day": "2026-03-07", "holds_from": ""}
    page = sent(manager, "/office/policy/new", form).text
    draft = {"branch_id": company.east, "values": {"greet_within": 90, "grace": 0}}
    assert reception.acts == [("POST policies/trial", draft | {"from_day": "2026-03-01", "to_day": "2026-03-07"})]
    assert "派单 2 次" in page and page.count("3 → <b>71</b>") == 2 and "乙 · A位" in page and 'value="90"' in page


def test_the_form_begins_tomorrow(manager: FlaskClient) -> None:
    """The first day that the form offers is the branch's tomorrow."""
    tomorrow = (datetime.now(UTC) + timedelta(hours=8, days=1)).date()
    assert f'name="holds_from" value="{tomorrow}"' in manager.get("/office/policy/new").text
