"""Who owns whom over HTTP: assigning, applying, drawing from the pool, going back, handing over, and the history."""

from datetime import timedelta
from typing import Any

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.identity import Who
from chassis.jobs import JobLoop
from services.customers.app import SERVICE
from services.customers.people import copies
from services.customers.pool.rules import holds_true
from tests.services import synthetic as say
from tests.services.asking import Ask, asking, code_of
from tests.services.customers.house import announced, person, visit
from tests.services.synthetic import EAST, NOW, WEST, deliver, named, open_database

BASE = "/api/v1/customers"
_SELLS = ("customers.see", "customers.register", "customers.edit", "customers.claim")
_LEADS = (*_SELLS, "customers.manage")
LI, ZHAO, CHEN = (person(name, "own", EAST, *_SELLS) for name in ("li", "zhao", "chen"))
BOSS, WEST_BOSS = person("boss", "branch", EAST, *_LEADS), person("west", "branch", WEST, *_LEADS)
HEADQUARTERS = person("hq", "all", None, *_LEADS)


def registered(ask: Ask, many: int, who: Who = LI) -> list[str]:
    """The ids of so many new customers of somebody's."""
    bodies = [{"name": f"客户{n}", "phone": f"139{n:08}"} for n in range(many)]
    return [ask(who, "POST", BASE, json=body).get_json()["customer_id"] for body in bodies]


def given(ask: Ask, customer_id: str, owner: str | None, who: Who = BOSS, reason: str | None = "调整") -> Any:
    """The answer to assigning a customer, or taking it back."""
    body = {"owner_id": named(owner) if owner else None, "reason": reason}
    return ask(who, "POST", f"{BASE}/{customer_id}/owner", json=body)


def pooled(ask: Ask, many: int) -> list[str]:
    """So many customers in the pool, who were the manager's."""
    ids = registered(ask, many, BOSS)
    assert {given(ask, one, None).status_code for one in ids} <= {200}
    return ids


def draw(ask: Ask, who: Who, wanted: int) -> Any:
    return ask(who, "POST", f"{BASE}/draws", json={"wanted": wanted})


def decided(ask: Ask, **values: Any) -> None:
    """A policy of the branch that holds from tomorrow."""
    body = {"branch_id": EAST, "holds_from": "2026-03-03", "values": values, "reason": "试行"}
    answer = ask(BOSS, "POST", f"{BASE}/policies", json=body)
    assert answer.status_code == 201, answer.get_json()


def later(database: Database, days: int) -> None:
    """So many days after NOW, with what is due then done."""
    database.clock = StandingClock(NOW + timedelta(days=days))
    JobLoop(database, SERVICE.jobs).run_due()


def history(ask: Ask, customer_id: str, who: Who = BOSS) -> list[tuple[str | None, str]]:
    lines = ask(who, "GET", f"{BASE}/{customer_id}/owners").get_json()["owners"]
    return [(line["owner_id"], line["because"]) for line in lines]


def test_a_manager_assigns_and_takes_back(quick_ask: Ask) -> None:
    """To active people of the branch alone, back to the pool with a reason; every change is a line of the history."""
    (one,) = registered(quick_ask, 1)
    assert code_of(given(quick_ask, one, "zhao", who=LI)) == "permission_missing"
    assert code_of(given(quick_ask, one, "west")) == "owner_not_in_reach"
    assert given(quick_ask, one, "zhao").get_json()["owner_id"] == named("zhao")
    assert given(quick_ask, one, None, reason=None).status_code == 422
    assert given(quick_ask, one, None, reason="两个月未跟进").get_json()["owner_id"] is None
    lines = [(named("li"), "registered"), (named("zhao"), "assigned"), (None, "taken_back")]
    assert history(quick_ask, one) == lines
    last = quick_ask(BOSS, "GET", f"{BASE}/{one}/owners", language="zh").get_json()["owners"][-1]
    assert (last["by_id"], last["reason"], last["because_text"]) == (named("boss"), "两个月未跟进", "经理收回公海。")


def test_an_owner_given_by_hand_stays(quick_ask: Ask, quick_database: Database) -> None:
    """A later visit served by somebody else does not take the customer away (一.6)."""
    deliver(quick_database, SERVICE.consumers, [visit("r1", "c1", minute=-5)])
    given(quick_ask, named("c1"), "chen")
    deliver(quick_database, SERVICE.consumers, [visit("r9", "c1", "zhao", minute=9)])
    assert history(quick_ask, named("c1"))[-1] == (named("chen"), "assigned")
    assert quick_ask(LI, "GET", f"{BASE}/{named('c1')}/owners").status_code == 404


def test_a_visit_takes_a_customer_out_of_the_pool(quick_ask: Ask, quick_database: Database) -> None:
    """In the pool it counts as a first visit (一.6): its server is the owner; not for a visit before, nor a leaver."""
    deliver(quick_database, SERVICE.consumers, [visit("r1", "c1", minute=-5)])
    one = named("c1")
    given(quick_ask, one, None)
    left = say.staff("zhao", 2, active=False)
    deliver(quick_database, SERVICE.consumers, [visit("r2", "c1", "chen", minute=-1), left, visit("r3", "c1", "zhao")])
    assert history(quick_ask, one)[-1] == (None, "taken_back")
    deliver(quick_database, SERVICE.consumers, [visit("r4", "c1", "chen", minute=3)])
    assert history(quick_ask, one)[-1] == (named("chen"), "visited")


def test_whom_nobody_owned_is_the_first_servers(quick_ask: Ask, quick_database: Database) -> None:
    """Registered as nobody's, so in the pool: the first who serves is the owner, in whatever order it is heard."""
    nobodys = visit("r1", "c1", minute=-9)
    nobodys.data["server_id"] = None
    heard = [visit("r3", "c1", "zhao", minute=-1), nobodys, visit("r2", "c1", "chen", minute=-5)]
    deliver(quick_database, SERVICE.consumers, heard)
    assert history(quick_ask, named("c1"))[-1] == (named("chen"), "ruled")


def test_applying_for_a_customer(quick_ask: Ask, quick_database: Database) -> None:
    """For a colleague's: a manager refuses with a reason or approves; nobody applies twice, or for their own."""
    (one,) = registered(quick_ask, 1)
    path, body = f"{BASE}/applications", {"customer_id": one, "reason": "是我的老邻居"}
    assert code_of(quick_ask(LI, "POST", path, json=body)) == "already_yours"
    made = quick_ask(ZHAO, "POST", path, json=body).get_json()
    assert code_of(quick_ask(ZHAO, "POST", path, json=body)) == "applied_already"
    decision = f"{path}/{made['application_id']}/decision"
    assert quick_ask(ZHAO, "POST", decision, json={"approved": True}).status_code == 403
    assert quick_ask(BOSS, "POST", decision, json={"approved": False}).status_code == 422
    refused = quick_ask(BOSS, "POST", decision, json={"approved": False, "reason": "原业务员在跟"}).get_json()
    assert (refused["state"], refused["answer"]) == ("refused", "原业务员在跟")
    assert (refused["code"], refused["applicant_name"]) == ("A001", "zhao")
    assert code_of(quick_ask(BOSS, "POST", decision, json={"approved": True})) == "already_decided"
    again = quick_ask(ZHAO, "POST", path, json=body).get_json()
    quick_ask(BOSS, "POST", f"{path}/{again['application_id']}/decision", json={"approved": True})
    assert history(quick_ask, one)[-1] == (named("zhao"), "applied")
    states = [fact.data["state"] for fact in announced(quick_database, "application.changed.v1")]
    assert states == ["open", "refused", "open", "approved"]


def test_nobody_decides_on_their_own_application(quick_ask: Ask) -> None:
    """A manager who applies is decided on by another; one who has left gets nothing."""
    (one,) = pooled(quick_ask, 1)
    made = quick_ask(BOSS, "POST", f"{BASE}/applications", json={"customer_id": one, "reason": "认识"}).get_json()
    path = f"{BASE}/applications/{made['application_id']}/decision"
    assert code_of(quick_ask(BOSS, "POST", path, json={"approved": True})) == "decided_by_another"
    stranger = quick_ask(HEADQUARTERS, "POST", f"{BASE}/applications", json={"customer_id": one, "reason": "认识"})
    assert code_of(stranger) == "owner_not_in_reach"


def test_a_draw_can_be_checked_by_anybody(quick_ask: Ask, quick_database: Database) -> None:
    """What was promised before is what was drawn by; a colleague of the branch reads all it takes to check it."""
    pool = pooled(quick_ask, 8)
    promised = quick_ask(LI, "GET", f"{BASE}/draws/next").get_json()
    assert (promised["in_pool"], promised["held"]) == (8, 0)
    before = quick_ask(ZHAO, "GET", f"{BASE}/draws/{promised['draw_id']}").get_json()
    assert (before["seed"], before["candidates"]) == (None, None)
    done = draw(quick_ask, LI, 3).get_json()
    told = quick_ask(ZHAO, "GET", f"{BASE}/draws/{promised['draw_id']}").get_json()
    assert told == done
    assert (
        told["commitment"]
        == promised["commitment"]
        == announced(quick_database, "draw.promised.v1")[0].data["commitment"]
    )
    assert sorted(told["candidates"]) == sorted(pool)
    assert holds_true(promised["commitment"], told["seed"], told["candidates"], told["given"])
    assert [history(quick_ask, one)[-1] for one in told["given"]] == [(named("li"), "drawn")] * 3
    assert announced(quick_database, "draw.done.v1")[0].data["given"] == told["given"]
    (listed,) = quick_ask(ZHAO, "GET", f"{BASE}/draws").get_json()["items"]
    assert listed["seed"] == told["seed"]


def test_how_much_may_be_drawn(quick_ask: Ask, quick_database: Database) -> None:
    """The day's limit, the cap and the empty pool are told in words, in both languages; tomorrow is another day."""
    decided(quick_ask, draw_batch=2, draw_daily=3, hold_at_most=5)
    pooled(quick_ask, 6)
    later(quick_database, 1)
    first, second = draw(quick_ask, LI, 5).get_json(), draw(quick_ask, LI, 2).get_json()
    assert [len(first["given"]), len(second["given"])] == [2, 1]
    assert [one["code"] for one in first["limited_by"] + second["limited_by"]] == ["batch", "daily"]
    refused = quick_ask(LI, "POST", f"{BASE}/draws", language="zh", json={"wanted": 1})
    assert (code_of(refused), "3" in refused.get_json()["detail"]) == ("daily_limit_reached", True)
    later(quick_database, 2)
    assert len(draw(quick_ask, LI, 2).get_json()["given"]) == 2
    assert code_of(draw(quick_ask, LI, 1)) == "cap_reached"
    last = draw(quick_ask, ZHAO, 2).get_json()
    assert (len(last["given"]), last["limited_by"][0]["code"]) == (1, "pool")
    assert code_of(draw(quick_ask, CHEN, 1)) == "pool_empty"


def test_a_former_owner_waits_before_drawing_again(quick_ask: Ask, quick_database: Database) -> None:
    """Thirty days: the pool says until when, a draw of nothing else is refused until then, and leaves them out."""
    (mine,) = registered(quick_ask, 1)
    given(quick_ask, mine, None)
    assert code_of(draw(quick_ask, LI, 1)) == "cooling_off"
    (listed,) = quick_ask(LI, "GET", f"{BASE}/pool").get_json()["items"]
    assert listed["cooling_off_until"] == "2026-04-01"
    assert "phone" not in listed
    assert quick_ask(ZHAO, "GET", f"{BASE}/pool").get_json()["items"][0]["cooling_off_until"] is None
    later(quick_database, 30)
    assert draw(quick_ask, LI, 1).get_json()["given"] == [mine]


def test_who_may_draw(quick_ask: Ask, quick_database: Database) -> None:
    """Active people of the branch, once the draw was promised; the job promises where nothing else did."""
    pooled(quick_ask, 1)
    assert code_of(draw(quick_ask, person("gone", "own", EAST, *_SELLS), 1)) == "only_staff_draw"
    assert code_of(draw(quick_ask, HEADQUARTERS, 1)) == "branch_needed"
    assert code_of(draw(quick_ask, WEST_BOSS, 1)) == "pool_empty"
    before = len(announced(quick_database, "draw.promised.v1"))
    later(quick_database, 0)
    assert len(announced(quick_database, "draw.promised.v1")) == before == 2


def test_nobody_draws_before_it_was_promised(sqlite_url: str) -> None:
    """A branch known from before draws were kept waits for the hourly job, which promises its first draw."""
    database = open_database(sqlite_url, "customers", SERVICE.metadata)
    with database.write() as tx:
        here: dict[str, Any] = {"branch_id": EAST, "name": "东区", "active": True, "sequence": 1}
        copies.keep_branch(tx, here | {"time_zone": "Asia/Shanghai"})
        copies.keep_staff(tx, here | {"staff_id": named("li"), "team_id": None})
    ask = asking(SERVICE, database)
    assert code_of(draw(ask, LI, 1)) == "draw_not_promised"
    assert ask(LI, "GET", f"{BASE}/draws/next").get_json()["commitment"] is None
    later(database, 0)
    assert code_of(draw(ask, LI, 1)) == "pool_empty"
    database.close()


def test_back_to_the_pool_by_itself(ask: Ask, database: Database) -> None:
    """Without contact: a warning that the owner sees, a contact that lifts it; without one the customer goes back."""
    idle, busy = registered(ask, 2)
    later(database, 53)
    assert ask(LI, "GET", f"{BASE}/going-back").get_json()["items"] == []
    later(database, 54)
    warned = ask(LI, "GET", f"{BASE}/going-back").get_json()["items"]
    assert {one["customer_id"]: one["goes_back_on"] for one in warned} == dict.fromkeys((idle, busy), "2026-05-02")
    assert "own rule" in warned[0]["text"]
    call = say.followup("call", customer_id=busy, date="2026-04-25")
    missed = say.followup("missed", customer_id=idle, date="2026-04-25", effective=False)
    deliver(database, SERVICE.consumers, [call, missed])
    (left,) = ask(LI, "GET", f"{BASE}/going-back").get_json()["items"]
    assert left["customer_id"] == idle
    for day in (60, 61, 62):
        later(database, day)
    assert history(ask, idle)[1:] == [(None, "idle")]
    assert history(ask, busy)[1:] == []
    states = [fact.data["state"] for fact in announced(database, "return_warning.changed.v1")]
    assert states == ["open", "open", "lifted", "returned"]


def test_who_stays_for_good(ask: Ask, database: Database) -> None:
    """A closed deal, a key account and a leaver's customer do not go back by themselves."""
    closed, key, plain = registered(ask, 3)
    changed = ask(LI, "PATCH", f"{BASE}/{key}", json={"key_account": True}, headers={"If-Match": '"1"'})
    assert changed.status_code == 200
    call = say.followup("call", customer_id=closed, date="2026-02-01")
    deal = say.followup("deal", customer_id=closed, result="成交", effective=False)
    deliver(database, SERVICE.consumers, [call, deal])
    given(ask, plain, "zhao")
    deliver(database, SERVICE.consumers, [say.staff("zhao", 2, active=False)])
    later(database, 54)
    later(database, 100)
    assert [history(ask, one)[-1][0] for one in (closed, key, plain)] == [named("li"), named("li"), named("zhao")]


def test_handing_over_when_someone_leaves(quick_ask: Ask, quick_database: Database) -> None:
    """The manager is shown whose customers wait, and hands all over in one act; nothing vanishes."""
    ids = registered(quick_ask, 5)
    deliver(quick_database, SERVICE.consumers, [say.staff("li", 2, active=False)])
    waiting = quick_ask(BOSS, "GET", f"{BASE}/leavers").get_json()["items"]
    assert waiting == [{"staff_id": named("li"), "branch_id": EAST, "customers": 5}]
    body = {"from_id": named("li"), "to_ids": [named("zhao"), named("chen")], "reason": "离职"}
    assert quick_ask(LI, "POST", f"{BASE}/handovers", json=body).status_code == 403
    assert quick_ask(BOSS, "POST", f"{BASE}/handovers", json=body | {"to_ids": [named("li")]}).status_code == 422
    to_leaver = {"from_id": named("zhao"), "to_ids": [named("li")], "reason": "离职"}
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/handovers", json=to_leaver)) == "nothing_to_hand_over"
    done = quick_ask(BOSS, "POST", f"{BASE}/handovers", json=body).get_json()
    assert sorted(share["customers"] for share in done["shares"]) == [2, 3]
    assert {history(quick_ask, one)[-1][0] for one in ids} == {named("zhao"), named("chen")}
    assert quick_ask(BOSS, "GET", f"{BASE}/leavers").get_json()["items"] == []
    assert code_of(given(quick_ask, ids[0], "li")) == "owner_not_in_reach"
    back = {"from_id": named("zhao"), "to_ids": [named("li")], "reason": "调整"}
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/handovers", json=back)) == "owner_not_in_reach"
    (fact,) = announced(quick_database, "handover.made.v1")
    assert (fact.data["from_id"], fact.data["by"]) == (named("li"), named("boss"))


def test_policies_are_dated_and_for_managers(quick_ask: Ask, quick_database: Database) -> None:
    """From tomorrow at the earliest, the branch's over the company's, in its form; salespeople read what holds."""
    decided(quick_ask, idle_days=45)
    body = {
        "branch_id": None,
        "holds_from": "2026-03-03",
        "values": {"idle_days": 90, "draw_daily": 1},
        "reason": "统一",
    }
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/policies", json=body)) == "company_policy_is_headquarters"
    assert quick_ask(HEADQUARTERS, "POST", f"{BASE}/policies", json=body).status_code == 201
    mine = body | {"branch_id": EAST}
    assert (
        code_of(quick_ask(BOSS, "POST", f"{BASE}/policies", json=mine | {"holds_from": "2026-03-02"}))
        == "holds_too_soon"
    )
    wrong = {"colour": "unknown_setting", "keep_key_accounts": "bad_setting", "warning_days": "setting_out_of_range"}
    for name, code in wrong.items():
        assert code_of(quick_ask(BOSS, "POST", f"{BASE}/policies", json=mine | {"values": {name: 0}})) == code
    now = quick_ask(LI, "GET", f"{BASE}/policies/current").get_json()["values"]
    assert (now["idle_days"], now["draw_daily"]) == (60, 10)
    tomorrow = quick_ask(LI, "GET", f"{BASE}/policies/current?day=2026-03-03").get_json()["values"]
    assert (tomorrow["idle_days"], tomorrow["draw_daily"]) == (45, 1)
    assert len(quick_ask(LI, "GET", f"{BASE}/policies").get_json()["items"]) == 2
    assert len(announced(quick_database, "ownership_policy.changed.v1")) == 2


def test_what_is_not_in_reach_is_not_found(quick_ask: Ask) -> None:
    """Every route with an id, asked by another branch and by a colleague: as if there were nothing.

    A draw, and applying, are for everybody of the branch; deciding is a manager's.
    """
    (one,) = registered(quick_ask, 1)
    asked = {"customer_id": one, "reason": "认识"}
    application = quick_ask(ZHAO, "POST", f"{BASE}/applications", json=asked).get_json()["application_id"]
    draw_id = quick_ask(LI, "GET", f"{BASE}/draws/next").get_json()["draw_id"]
    ways: list[tuple[str, str, dict[str, Any], int]] = [
        ("GET", f"{one}/owners", {}, 404),
        ("POST", f"{one}/owner", {"json": {"owner_id": named("boss"), "reason": "调整"}}, 403),
        ("GET", f"applications/{application}", {}, 404),
        ("POST", f"applications/{application}/decision", {"json": {"approved": True}}, 403),
        ("POST", "applications", {"json": asked}, 201),
        ("GET", f"draws/{draw_id}", {}, 200),
    ]
    for method, path, options, colleague in ways:
        for who in (WEST_BOSS, person("west", "own", WEST, *_LEADS)):
            assert quick_ask(who, method, f"{BASE}/{path}", **options).status_code == 404, path
        assert quick_ask(CHEN, method, f"{BASE}/{path}", **options).status_code == colleague, path
    assert history(quick_ask, one) == [(named("li"), "registered")]


def test_lists_are_of_the_branch(quick_ask: Ask, quick_database: Database) -> None:
    """What EAST has does not show in WEST; whose customers wait for another owner is the manager's to see."""
    first, *_ = pooled(quick_ask, 2)
    draw(quick_ask, LI, 1)
    quick_ask(ZHAO, "POST", f"{BASE}/applications", json={"customer_id": first, "reason": "认识"})
    given(quick_ask, first, "zhao")
    later(quick_database, 54)
    deliver(quick_database, SERVICE.consumers, [say.staff("zhao", 2, active=False)])
    given(quick_ask, registered(quick_ask, 3, BOSS)[2], None)
    for path in ("pool", "draws", "applications", "going-back", "leavers"):
        assert quick_ask(WEST_BOSS, "GET", f"{BASE}/{path}").get_json()["items"] == [], path
        assert quick_ask(BOSS, "GET", f"{BASE}/{path}").get_json()["items"] != [], path
    assert quick_ask(CHEN, "GET", f"{BASE}/leavers").status_code == 403
    assert quick_ask(CHEN, "GET", f"{BASE}/applications").get_json()["items"] == []
