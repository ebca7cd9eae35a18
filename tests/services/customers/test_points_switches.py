"""Where points are off there is no trace of them; and from which day on, by which rules, they are on."""

import json
from datetime import timedelta

from sqlalchemy import select

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.events.tables import outbox
from chassis.ledger import verify
from chassis.web import create_app, document
from services.customers.app import SERVICE
from services.customers.points.tables import points_rules
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.customers.house import HEADQUARTERS, LI, MANAGER, SUPERVISOR, announced, visit
from tests.services.customers.points_house import (
    BASE,
    DAY,
    KEEPING,
    RULES,
    TABLES,
    WANG,
    holding,
    lines,
    spent,
    standing,
    told,
)
from tests.services.synthetic import EAST, NOW, WEST, deliver, named, rows_of


def test_off_leaves_no_trace(quick_database: Database, quick_ask: Ask) -> None:
    """As long as the setting does not say yes there is no route, no word in OpenAPI, no event and no row of points."""
    app = create_app(SERVICE, quick_database, lambda _request: None)
    for said in ([rule.rule for rule in app.url_map.iter_rules()], document(app), [one.TYPE for one in SERVICE.facts]):
        written = json.dumps(said, ensure_ascii=False).lower()
        assert [word for word in ("points", "积分") if word in written] == []
    holding(quick_database)  # as if it had been on before
    deliver(quick_database, SERVICE.consumers, [visit("r1", "wang"), say.deal("d1"), visit("r2", "wang")])
    assert [rows_of(quick_database, table) for table in TABLES[1:]] == [[], [], []]
    with quick_database.read() as tx:
        assert [each for each in tx.execute(select(outbox.c.body)).scalars() if "points" in each] == []
    rights = quick_ask(HEADQUARTERS, "GET", f"{BASE}/export-rights/manager").get_json()
    assert "points" not in json.dumps(rights)


def test_off_its_paths_are_unknown_ones(quick_database: Database, quick_ask: Ask) -> None:
    """Each route of points answers as one that never was."""
    deliver(quick_database, SERVICE.consumers, [visit("r1", "wang")])
    unknown = f"{WANG}/nothing"
    for way in ("", "/postings", "/spendings", "/by-hand"):
        for method in ("GET", "POST"):
            there, never = (quick_ask(MANAGER, method, f"{path}{way}") for path in (f"{WANG}/points", unknown))
            assert (there.status_code, code_of(there)) == (never.status_code, code_of(never)) == (404, "not_found")
    for way in ("", "/current"):
        for method in ("GET", "POST"):
            there, never = (quick_ask(MANAGER, method, f"{BASE}/{name}{way}") for name in ("points-rules", "no-rules"))
            assert (there.status_code, code_of(there)) == (never.status_code, code_of(never))


def test_points_begin_on_the_day_that_rules_switch_them_on(quick_database: Database) -> None:
    """Decided today for tomorrow: today's visit counts for nothing, tomorrow's does, by the version that is named."""
    ask = asking(KEEPING, quick_database)
    new = {"branch_id": None, "holds_from": "2026-03-03", "values": RULES, "reason": "开业"}
    made = ask(HEADQUARTERS, "POST", f"{BASE}/points-rules", json=new)
    assert (made.status_code, made.get_json()["policy_id"], made.get_json()["n"]) == (201, "company", 1)
    told(quick_database, visit("r1", "wang"))
    assert code_of(ask(SUPERVISOR, "GET", f"{WANG}/points")) == "points_not_on"
    clock = quick_database.clock
    assert isinstance(clock, StandingClock)
    clock.move_to(NOW + timedelta(days=1))
    told(quick_database, visit("r2", "wang", local_day="2026-03-03"))
    assert standing(ask) == (5, 0)
    (line,) = lines(ask)
    assert (line["rule_version"], line["source_kind"], line["source_id"]) == ("company-1", "reception", named("r2"))
    shown = ask(LI, "GET", f"{BASE}/points-rules/current?day=2026-03-02").get_json()
    assert (shown["values"]["on"], shown["version"]) == (False, "built-in")
    assert ask(LI, "GET", f"{BASE}/points-rules/current").get_json()["values"]["visit_points"] == 5
    assert [one["n"] for one in ask(LI, "GET", f"{BASE}/points-rules").get_json()["items"]] == [1]
    (fact,) = announced(quick_database, "points_rules.changed.v1")
    assert {one["setting"]: json.loads(one["value"]) for one in fact.data["settings"]} == RULES
    with quick_database.read() as tx:
        assert verify(tx) == []


_NO_RULES = (
    (MANAGER, {}, "company_policy_is_headquarters"),
    (HEADQUARTERS, {"branch_id": "nowhere"}, "unknown_branch"),
    (MANAGER, {"branch_id": WEST}, "unknown_branch"),
    (HEADQUARTERS, {"holds_from": DAY}, "holds_too_soon"),
    (HEADQUARTERS, {"values": {"visits": 1}}, "unknown_setting"),
    (HEADQUARTERS, {"values": {"on": "yes"}}, "bad_setting"),
    (HEADQUARTERS, {"values": {"visit_points": -1}}, "setting_out_of_range"),
    (HEADQUARTERS, {"values": {"types_off": ["无此类型"]}}, "unknown_customer_type"),
    (SUPERVISOR, {}, "permission_missing"),
)


def test_rules_that_cannot_be_are_refused(quick_database: Database) -> None:
    """Not one's own to decide, too early, no setting of that form, no such type."""
    ask = asking(KEEPING, quick_database)
    new = {"branch_id": None, "holds_from": "2026-03-03", "values": RULES, "reason": "试行"}
    for who, changes, code in _NO_RULES:
        assert code_of(ask(who, "POST", f"{BASE}/points-rules", json=new | changes)) == code
    assert rows_of(quick_database, points_rules) == []


def test_a_branch_and_a_type_that_are_off(keeping: Ask, quick_database: Database) -> None:
    """What is off neither earns, shows nor spends; what was earned is there again when it is on."""
    version = keeping(LI, "GET", WANG).headers["ETag"]
    kind = keeping(LI, "GET", f"{BASE}/types").get_json()["names"][0]
    assert keeping(LI, "PATCH", WANG, json={"customer_type": kind}, headers={"If-Match": version}).status_code == 200
    for n, values in enumerate(({"on": False}, {"types_off": [kind]}), start=1):
        holding(quick_database, values, EAST, n)
        told(quick_database, visit(f"off {n}", "wang"))
        for answer in (keeping(SUPERVISOR, "GET", f"{WANG}/points"), spent(keeping, 1)):
            assert (answer.status_code, code_of(answer)) == (404, "points_not_on")
        assert code_of(keeping(SUPERVISOR, "GET", f"{WANG}/points/postings")) == "points_not_on"
    mine = keeping(LI, "GET", f"{BASE}/points-rules/current").get_json()
    whole = keeping(HEADQUARTERS, "GET", f"{BASE}/points-rules/current").get_json()
    assert (mine["version"], mine["values"]["types_off"]) == ("company-1+branch-2", [kind])
    assert (whole["branch_id"], whole["version"], whole["values"]["types_off"]) == (None, "company-1", [])
    holding(quick_database, {}, EAST, 3)
    assert standing(keeping) == (5, 0)
