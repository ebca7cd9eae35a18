"""The recycle bin over HTTP: who deletes and restores, what shows meanwhile, and what brings a customer back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.identity import Who
from chassis.jobs import Job, JobLoop
from services.customers.app import SERVICE
from tests.services import synthetic as say
from tests.services.asking import Ask, code_of
from tests.services.customers.house import announced, imported, person, visit
from tests.services.customers.test_at_once import at_once
from tests.services.customers.test_exports import MANAGER as EXPORTS
from tests.services.customers.test_exports import exported
from tests.services.customers.test_groups import deal
from tests.services.synthetic import EAST, NOW, WEST, deliver, named

BASE = "/api/v1/customers"
BIN = f"{BASE}/recycle-bin"
_SELLS = ("customers.see", "customers.register", "customers.edit", "customers.claim", "customers.sign")
_LEADS = (*_SELLS, "customers.manage", "customers.reveal")
LI, ZHAO = (person(name, "own", EAST, *_SELLS) for name in ("li", "zhao"))
BOSS, WEST_BOSS = person("boss", "branch", EAST, *_LEADS), person("west", "branch", WEST, *_LEADS)
HEADQUARTERS = person("hq", "all", None, *_LEADS)
NAME, PHONE = "王小明", "13800138000"


def registered(ask: Ask, name: str = NAME, phone: str | None = PHONE, who: Who = LI, **more: Any) -> Any:
    answer = ask(who, "POST", BASE, json={"name": name, "phone": phone, **more})
    assert answer.status_code == 201, answer.get_json()
    return answer.get_json()


def delete(ask: Ask, customer_id: str, who: Who = BOSS) -> Any:
    return ask(who, "POST", f"{BASE}/{customer_id}/recycle-bin", json={"reason": "重复录入"})


def restore(ask: Ask, customer_id: str, who: Who = BOSS) -> Any:
    return ask(who, "POST", f"{BIN}/{customer_id}/restore")


def moves(ask: Ask, customer_id: str) -> list[str]:
    items = ask(BOSS, "GET", f"{BASE}/{customer_id}/recycle-bin").get_json()["items"]
    return [one["move"] for one in items]


def in_bin(ask: Ask, who: Who = BOSS) -> list[str]:
    return [one["customer_id"] for one in ask(who, "GET", BIN).get_json()["items"]]


def test_a_deleted_customer_is_only_in_the_bin(quick_ask: Ask, quick_database: Database) -> None:
    """With who, when and why, for managers of the branch and headquarters; everyone else finds nothing anywhere."""
    one = registered(quick_ask, remarks="两房")["customer_id"]
    quick_ask(LI, "POST", f"{BASE}/{one}/amendments", json={"name": "王晓明", "because": "写错"})
    gone = delete(quick_ask, one).get_json()
    assert (gone["deleted_by"], gone["reason"], gone["purged_on"]) == (named("boss"), "重复录入", "2026-05-31")
    for who in (LI, BOSS):
        for path in ("", "/pool", "/candidates", "/amendments", "/relations", "/tags?branch_id=" + EAST, "/going-back"):
            shown = quick_ask(who, "GET", f"{BASE}{path}")
            assert (shown.status_code, shown.get_json()["items"]) == (200, []), path
        for question in ({"text": NAME}, {"phone": PHONE}, {"code": "A001"}):
            assert quick_ask(who, "POST", f"{BASE}/search", json=question).get_json()["items"] == []
    assert code_of(quick_ask(LI, "GET", f"{BASE}/{one}")) == "unknown_customer"
    assert quick_ask(BOSS, "GET", f"{BASE}/{one}").get_json()["deleted_at"] == gone["deleted_at"]
    assert in_bin(quick_ask) == in_bin(quick_ask, HEADQUARTERS) == [one]
    assert announced(quick_database, "customer.changed.v1")[-1].data["active"] is False


def test_nothing_is_done_to_who_is_in_the_bin(quick_ask: Ask) -> None:
    """A manager is told to restore first, a salesperson that there is no such customer; nobody is tied to them."""
    one, other = registered(quick_ask)["customer_id"], registered(quick_ask, "赵钱", "13900139000")["customer_id"]
    asked = {"customer_id": one, "reason": "老邻居"}
    wished = quick_ask(ZHAO, "POST", f"{BASE}/applications", json=asked).get_json()["application_id"]
    delete(quick_ask, one)
    assert code_of(quick_ask(ZHAO, "POST", f"{BASE}/applications", json=asked)) == "unknown_customer"
    done: list[tuple[str, str, Any]] = [
        ("PATCH", f"{one}", {"remarks": "x"}),
        ("POST", f"{one}/register", {"name": NAME}),
        ("POST", f"{one}/contacts", {"name": "妻子"}),
        ("PATCH", f"{one}/tags", {"add": ["急"], "remove": []}),
        ("POST", f"{one}/amendments", {"name": "王晓明", "because": "写错"}),
        ("POST", f"{one}/relations", {"relative_id": other, "kind": "spouse"}),
        ("PUT", f"{other}/parent", {"parent_id": one}),
    ]
    for method, path, body in done:
        headers = {"If-Match": '"1"'}
        refused = quick_ask(BOSS, method, f"{BASE}/{path}", json=body, headers=headers)
        assert (refused.status_code, code_of(refused)) == (409, "in_recycle_bin"), path
        expected = "unknown_parent" if path.endswith("/parent") else "unknown_customer"
        assert code_of(quick_ask(LI, method, f"{BASE}/{path}", json=body, headers=headers)) == expected, path
    assert (
        code_of(quick_ask(BOSS, "POST", f"{BASE}/{one}/owner", json={"owner_id": None, "reason": "x"}))
        == "in_recycle_bin"
    )
    related = quick_ask(LI, "POST", f"{BASE}/{other}/relations", json={"relative_id": one, "kind": "spouse"})
    assert code_of(related) == "unknown_customer"
    wish = {"phone": PHONE, "because": "换号"}
    assert code_of(quick_ask(LI, "POST", f"{BASE}/{other}/amendments", json=wish)) == "phone_held"
    decision = {"json": {"approved": True}}
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/applications/{wished}/decision", **decision)) == "in_recycle_bin"


def test_what_waits_for_a_signature_waits_in_the_bin(quick_ask: Ask) -> None:
    """Relations and changes that were asked for, under any id, are in no list and not decided, and come back too."""
    one, wife = registered(quick_ask)["customer_id"], registered(quick_ask, "李小红", "13900139000")["customer_id"]
    other = registered(quick_ask, "赵钱", "13700137000")["customer_id"]
    asked = {}
    for relative, kind in ((wife, "spouse"), (other, "other")):
        body = {"relative_id": relative, "kind": kind}
        asked[kind] = quick_ask(LI, "POST", f"{BASE}/{one}/relations", json=body).get_json()["relation_id"]
    wish = {"name": "李晓红", "because": "写错"}
    amendment = quick_ask(LI, "POST", f"{BASE}/{wife}/amendments", json=wish).get_json()["amendment_id"]
    quick_ask(BOSS, "POST", f"{BASE}/relations/{asked['spouse']}/confirm")
    delete(quick_ask, one)
    lists = ("relations", "amendments", f"{other}/relations")
    for who in (LI, BOSS):
        assert [quick_ask(who, "GET", f"{BASE}/{path}").get_json()["items"] for path in lists] == [[], [], []]
    end = {"json": {"reason": "离婚"}}
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/relations/{asked['spouse']}/end", **end)) == "unknown_relation"
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/relations/{asked['other']}/confirm")) == "unknown_relation"
    assert code_of(quick_ask(BOSS, "POST", f"{BASE}/amendments/{amendment}/sign")) == "unknown_amendment"
    restore(quick_ask, one)
    assert [len(quick_ask(LI, "GET", f"{BASE}/{path}").get_json()["items"]) for path in lists] == [2, 1, 1]


def test_only_managers_of_the_branch_delete_and_restore(quick_ask: Ask) -> None:
    """A salesperson may not, not even the owner; to another branch's manager there is no such customer."""
    one = registered(quick_ask)["customer_id"]
    assert code_of(delete(quick_ask, one, LI)) == "permission_missing"
    assert code_of(delete(quick_ask, one, WEST_BOSS)) == "unknown_customer"
    assert quick_ask(BOSS, "POST", f"{BASE}/{one}/recycle-bin", json={"reason": " "}).status_code == 422
    assert code_of(restore(quick_ask, one)) == "not_in_recycle_bin"
    delete(quick_ask, one)
    assert code_of(delete(quick_ask, one)) == "in_recycle_bin"
    for method, path in (("GET", BIN), ("GET", f"{BASE}/{one}/recycle-bin"), ("POST", f"{BIN}/{one}/restore")):
        assert code_of(quick_ask(LI, method, path)) == "permission_missing"
        answer = quick_ask(WEST_BOSS, method, path)
        assert answer.get_json()["items"] == [] if path == BIN else code_of(answer) == "unknown_customer"
    assert code_of(quick_ask(WEST_BOSS, "GET", f"{BASE}/{one}")) == "unknown_customer"
    assert restore(quick_ask, one, HEADQUARTERS).status_code == 200


def test_restoring_brings_everything_back(quick_ask: Ask, quick_database: Database) -> None:
    """Code, owner, contacts, tags, parent, family and remarks: all as it was; nothing is announced but the file."""
    top, one = registered(quick_ask, "集团", None)["customer_id"], registered(quick_ask, remarks="两房")["customer_id"]
    wife = registered(quick_ask, "李小红", "13900139000")["customer_id"]
    asked = quick_ask(LI, "POST", f"{BASE}/{one}/relations", json={"relative_id": wife, "kind": "spouse"}).get_json()
    quick_ask(BOSS, "POST", f"{BASE}/relations/{asked['relation_id']}/confirm")
    version = quick_ask(LI, "GET", f"{BASE}/{one}").get_json()["version"]
    put = {"json": {"parent_id": top}, "headers": {"If-Match": f'"{version}"'}}
    assert quick_ask(LI, "PUT", f"{BASE}/{one}/parent", **put).status_code == 200
    quick_ask(LI, "POST", f"{BASE}/{one}/contacts", json={"name": "司机小刘"})
    quick_ask(LI, "PATCH", f"{BASE}/{one}/tags", json={"add": ["急"], "remove": []})
    rooms = ("", "/contacts", "/tags", "/register", "/relations", "/owners", "/group")
    before = [quick_ask(LI, "GET", f"{BASE}/{one}{room}").get_json() for room in rooms]
    delete(quick_ask, wife)  # under either id
    assert in_bin(quick_ask) == [one]
    assert quick_ask(LI, "GET", f"{BASE}/{wife}").status_code == 404
    back = restore(quick_ask, wife)
    assert (back.status_code, back.get_json()["notices"]) == (200, [])
    after = [quick_ask(LI, "GET", f"{BASE}/{one}{room}").get_json() for room in rooms]
    after[0]["version"] -= 2
    assert after == before
    assert len(quick_ask(LI, "POST", f"{BASE}/search", json={"text": "司机小刘"}).get_json()["items"]) == 1
    assert moves(quick_ask, wife) == ["deleted", "restored"]
    assert code_of(restore(quick_ask, one)) == "not_in_recycle_bin"


def test_what_happened_meanwhile_is_told(quick_ask: Ask, quick_database: Database) -> None:
    """The owner has left: still theirs, to be handed over. The parent is deleted: under it again when that is back."""
    top, one = registered(quick_ask, "集团", None)["customer_id"], registered(quick_ask)["customer_id"]
    put = {"json": {"parent_id": top}, "headers": {"If-Match": '"1"'}}
    quick_ask(LI, "PUT", f"{BASE}/{one}/parent", **put)
    delete(quick_ask, one)
    delete(quick_ask, top)
    deliver(quick_database, SERVICE.consumers, [say.staff("li", 2, active=False)])
    back = restore(quick_ask, one).get_json()
    assert [notice["code"] for notice in back["notices"]] == ["owner_left", "parent_in_bin"]
    assert all(notice["text"] for notice in back["notices"])
    assert (back["owner_id"], back["parent_id"]) == (named("li"), top)
    (waits,) = quick_ask(BOSS, "GET", f"{BASE}/leavers").get_json()["items"]
    assert waits["customers"] == 1
    assert len(quick_ask(BOSS, "GET", f"{BASE}/{one}/group").get_json()["members"]) == 1
    restore(quick_ask, top)
    assert len(quick_ask(BOSS, "GET", f"{BASE}/{one}/group").get_json()["members"]) == 2


def test_a_deleted_parent_keeps_its_group_together(quick_ask: Ask, quick_database: Database) -> None:
    """Who stands under it counts for who is above, itself counts for nothing, and nobody can close a circle."""
    top, middle, below = (registered(quick_ask, f"客户{n}", None)["customer_id"] for n in range(3))
    for child, parent in ((middle, top), (below, middle)):
        put = {"json": {"parent_id": parent}, "headers": {"If-Match": '"1"'}}
        quick_ask(LI, "PUT", f"{BASE}/{child}/parent", **put)
    deliver(quick_database, SERVICE.consumers, [deal("d1", middle, 500), deal("d2", below, 70)])
    delete(quick_ask, middle)
    members = quick_ask(LI, "GET", f"{BASE}/{below}/group").get_json()["members"]
    assert [(one["code"], one["parent_id"]) for one in members] == [("A001", None), ("A003", top)]
    assert members[0]["totals"] == {"customers": 2, "deals": 1, "amount": 70}
    circle = {"json": {"parent_id": below}, "headers": {"If-Match": '"1"'}}
    assert code_of(quick_ask(LI, "PUT", f"{BASE}/{top}/parent", **circle)) == "parent_below"


def test_a_phone_registered_again_brings_the_customer_back(quick_ask: Ask) -> None:
    """No double: the same customer under the old code and owner, and the history says why; also by name and tail."""
    one = registered(quick_ask)
    delete(quick_ask, one["customer_id"])
    again = registered(quick_ask, who=ZHAO)
    assert (again["is_new"], again["is_back"]) == (False, True)
    told = ("customer_id", "code", "owner_id")
    assert [again[name] for name in told] == [one[name] for name in told]
    assert moves(quick_ask, one["customer_id"]) == ["deleted", "registered_again"]
    assert registered(quick_ask, who=ZHAO)["is_back"] is False
    delete(quick_ask, one["customer_id"])
    like = registered(quick_ask, phone="13900138000", who=ZHAO)
    assert (like["is_back"], like["customer_id"]) == (True, one["customer_id"])
    assert in_bin(quick_ask) == []


def test_a_reception_brings_the_customer_back(quick_ask: Ask, quick_database: Database) -> None:
    """Under whichever id, whenever heard; but not a visit from before the deletion that is only heard of now."""
    deliver(quick_database, SERVICE.consumers, [visit("r1", "c1", minute=-60)])
    one = named("c1")
    delete(quick_ask, one)
    deliver(quick_database, SERVICE.consumers, [visit("r2", "c2", "zhao", minute=-90)])
    assert in_bin(quick_ask) == [named("c2")]  # heard late it holds, and takes nobody out
    told = announced(quick_database, "customer.registered.v1")[-1].data
    assert (told["customer_id"], told["active"]) == (named("c2"), False)
    assert quick_ask(LI, "GET", BASE).get_json()["items"] == []
    deliver(quick_database, SERVICE.consumers, [visit("r3", "c3", "zhao", minute=5)] * 2)
    assert in_bin(quick_ask) == []
    (back,) = quick_ask(BOSS, "GET", BASE).get_json()["items"]
    assert (back["customer_id"], back["code"], back["owner_id"]) == (named("c2"), "A001", named("zhao"))
    assert moves(quick_ask, one) == ["deleted", "registered_again"]


def test_ruled_to_be_one_with_who_stands(quick_ask: Ask, quick_database: Database) -> None:
    """A visit heard late that makes one of a deleted customer and another: nobody who stands goes, so both stand."""
    one, other = registered(quick_ask)["customer_id"], registered(quick_ask, "李大力", "13900138000", ZHAO)
    delete(quick_ask, one)
    heard = visit("r1", "c9", "zhao", NAME, phone="+8613900138000", minute=-5)  # name and tail of one, phone of other
    deliver(quick_database, SERVICE.consumers, [heard])
    (stands,) = quick_ask(BOSS, "GET", BASE).get_json()["items"]
    assert (stands["customer_id"], stands["code"]) == (named("c9"), other["code"])
    assert (in_bin(quick_ask), moves(quick_ask, one)) == ([], ["deleted", "ruled"])


def test_sheets_bring_nobody_back_and_take_nobody_out(quick_ask: Ask, quick_database: Database) -> None:
    """A row about a deleted customer, by code or phone, is refused and says why; an export is without them."""
    one = registered(quick_ask)["customer_id"]
    registered(quick_ask, "赵钱", "13900139000")
    delete(quick_ask, one)
    sheet = f"编号,姓名,电话,业务员\nA001,{NAME},{PHONE},li\n,{NAME},{PHONE},zhao\n,孙三李,13700137000,li\n".encode()
    rows = imported(quick_ask, quick_database, sheet)["rows"]
    assert [row["fate"] for row in rows] == ["refused", "refused", "new_customer"]
    assert [row["reason"] for row in rows] == ["customer_deleted", "customer_deleted", None]
    assert [row["姓名"] for row in exported(quick_ask, quick_database, EXPORTS)] == ["孙三李", "赵钱"]
    found = quick_ask(BOSS, "POST", f"{BASE}/searches/run", json={"conditions": [], "sort": "code"}).get_json()
    assert found["count"] == 2


def purge(ask: Ask, customer_id: str, code: str = "A001", who: Who = BOSS) -> Any:
    return ask(who, "POST", f"{BIN}/{customer_id}/purge", json={"code": code})


def later(database: Database, days: int, jobs: Sequence[Job] = SERVICE.jobs) -> None:
    """So many days after NOW, with what is due then done."""
    database.clock = StandingClock(NOW + timedelta(days=days))
    JobLoop(database, jobs).run_due()


def test_purging_forgets_for_good(ask: Ask, database: Database) -> None:
    """By hand, out of the bin alone, with the code repeated; that there was a customer stays, nobody restores them."""
    one = registered(ask, remarks="两房")["customer_id"]
    assert code_of(purge(ask, one)) == "not_in_recycle_bin"
    delete(ask, one)
    assert code_of(purge(ask, one, "A002")) == "code_not_repeated"
    assert code_of(purge(ask, one, who=LI)) == "permission_missing"
    assert code_of(purge(ask, one, who=WEST_BOSS)) == "unknown_customer"
    assert purge(ask, one).status_code == 204
    assert in_bin(ask) == []
    for refused in (restore(ask, one), purge(ask, one)):
        assert code_of(refused) == "not_in_recycle_bin"
    assert moves(ask, one) == ["deleted", "purged"]
    history = ask(BOSS, "GET", f"{BASE}/{one}/recycle-bin").get_json()["items"]
    assert [(move["by_id"], move["reason"]) for move in history] == [(named("boss"), None)] * 2
    (erased,) = announced(database, "customer.erased.v1")
    assert (erased.data["customer_id"], erased.data["because"]) == (one, "purged")
    again = registered(ask)
    assert (again["is_new"], again["is_back"], again["code"]) == (True, False, "A002")


def test_purged_when_the_time_is_over(quick_ask: Ask, quick_database: Database) -> None:
    """As the branch's policy says on that day, and not who was restored; no word of it is about anybody else."""
    old, back, young = (registered(quick_ask, f"客户{n}", f"1390013900{n}")["customer_id"] for n in range(3))
    body = {"branch_id": EAST, "holds_from": "2026-03-03", "values": {"bin_days": 10}, "reason": "试行"}
    assert quick_ask(BOSS, "POST", f"{BASE}/policies", json=body).status_code == 201
    for one in (old, back):
        delete(quick_ask, one)
    later(quick_database, 5)
    restore(quick_ask, back)
    delete(quick_ask, young)
    later(quick_database, 9)
    assert in_bin(quick_ask) == [young, old]
    later(quick_database, 10)
    later(quick_database, 10)
    assert in_bin(quick_ask) == [young]
    (erased,) = announced(quick_database, "customer.erased.v1")
    assert erased.data["customer_id"] == old
    assert quick_ask(BOSS, "GET", f"{BASE}/{old}/recycle-bin").get_json()["items"][-1]["by_id"] is None
    assert quick_ask(LI, "GET", f"{BASE}/{back}").status_code == 200


def test_restored_and_registered_again_at_once(ask: Ask, database: Database) -> None:
    """Whoever comes first takes the customer out, once; the other finds them there or is told that they are."""
    one = registered(ask)["customer_id"]
    for _round in range(3):
        assert delete(ask, one).status_code == 200

        def act(number: int) -> Any:
            return restore(ask, one) if number % 2 else ask(ZHAO, "POST", BASE, json={"name": NAME, "phone": PHONE})

        answers = at_once(4, act)
        again = [answer.get_json() for answer in answers[::2]]
        assert {(made["customer_id"], made["is_new"]) for made in again} == {(one, False)}
        backs = [made["is_back"] for made in again] + [answer.status_code == 200 for answer in answers[1::2]]
        assert sum(backs) == 1
        assert {answer.status_code for answer in answers[1::2]} <= {200, 409}
    assert len(moves(ask, one)) == 6
    assert in_bin(ask) == []


def test_purged_and_registered_again_at_once(ask: Ask, database: Database) -> None:
    """Whoever comes first: the customer is back and is not purged, or is gone and who registers is somebody new."""
    one = registered(ask)["customer_id"]
    delete(ask, one)
    said = {"name": NAME, "phone": PHONE}
    purged, again = at_once(2, lambda number: ask(ZHAO, "POST", BASE, json=said) if number else purge(ask, one))
    told = purged.status_code, again.get_json()["is_new"], again.get_json()["customer_id"] == one
    assert told in {(204, True, False), (409, False, True)}
    assert in_bin(ask) == []
    assert moves(ask, one)[-1] == ("purged" if purged.status_code == 204 else "registered_again")
