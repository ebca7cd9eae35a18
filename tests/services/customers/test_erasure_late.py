"""What an erasure does to what is under way, to relatives, and to news that comes late."""

from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import select

from chassis.database import Database
from chassis.identity import system
from chassis.ledger import verify
from services.customers.app import SERVICE
from services.customers.erasure.actions import forget
from services.customers.erasure.rules import Because
from services.customers.exports import actions as exports
from services.customers.exports.rules import ExportOutdated
from services.customers.exports.views import export_row
from services.customers.files.registering import rule_again
from services.customers.register.tables import register
from services.customers.returns.tables import warnings
from tests.services import synthetic as say
from tests.services.asking import Ask, code_of
from tests.services.customers.erasing import BASE, BOSS, EXPORTER, KEEPER, after_the_jobs, erase, file_of, sent
from tests.services.customers.house import LI, PHONE, announced, upload, visit
from tests.services.grep import where_they_stand
from tests.services.synthetic import EAST, NOW, deliver, named

_RUNS = count(10)


def test_sheets_that_wait_are_forgotten(quick_ask: Ask, quick_database: Database) -> None:
    """A sheet that was handed in and not begun may hold anybody: its file, samples and a name that tells are gone."""
    made = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13900139000"})
    sheet = "姓名,电话\n欧阳兰,13900139000\n".encode()
    held = upload(quick_ask, sheet, KEEPER, "欧阳兰.csv", "?hold=true").get_json()["import_id"]
    erase(quick_ask, made["customer_id"], made["code"])
    after_the_jobs(quick_database)
    assert where_they_stand(quick_database, ["欧阳兰", "13900139000"]) == []
    assert code_of(quick_ask(KEEPER, "POST", f"{BASE}/imports/{held}/begin")) == "file_forgotten"


def test_why_a_phone_was_wrong_is_forgotten(quick_ask: Ask, quick_database: Database) -> None:
    """The words with which a manager signed that a phone is wrong go too; who signed, and that it was, stay."""
    made = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13900139000"})
    (entry,) = sent(quick_ask, BOSS, "GET", f"/{made['customer_id']}/register")["entries"]
    said = {"entry_ids": [entry["entry_id"]], "reason": "是她前夫的号码"}
    sent(quick_ask, BOSS, "POST", f"/{made['customer_id']}/wrong-phones", json=said)
    erase(quick_ask, made["customer_id"], made["code"])
    after_the_jobs(quick_database)
    assert where_they_stand(quick_database, ["欧阳兰", "13900139000", "前夫"]) == []


def test_what_hangs_on_a_customer_is_let_go(quick_ask: Ask, quick_database: Database) -> None:
    """Who stood under her stands under nobody, what waits between her and others is refused or ended, and the warning
    that she goes back to the pool is lifted; each is announced."""
    names = {"欧阳兰": "13900139000", "上官飞": "13700137000", "司马风": "13611112222"}
    ids = [sent(quick_ask, LI, "POST", "", 201, json={"name": one, "phone": names[one]}) for one in names]
    she, child, friend = (one["customer_id"] for one in ids)
    under = {"json": {"parent_id": she}, "headers": {"If-Match": '"1"'}}
    sent(quick_ask, LI, "PUT", f"/{child}/parent", **under)
    sent(quick_ask, LI, "POST", f"/{she}/relations", 201, json={"relative_id": friend, "kind": "spouse"})
    other = sent(quick_ask, LI, "POST", f"/{she}/relations", 201, json={"relative_id": child, "kind": "other"})
    sent(quick_ask, BOSS, "POST", f"/relations/{other['relation_id']}/confirm")
    days = dict.fromkeys(("idle_since", "warned_on", "goes_back_on"), NOW.date())
    warned = {"warning_id": "w", "branch_id": EAST, "customer_id": she, "owner_id": named("li"), "state": "open"}
    with quick_database.write() as tx:
        tx.execute(warnings.insert().values(**warned, **days, version=1))
    erase(quick_ask, she, ids[0]["code"])
    assert file_of(quick_database, child).parent_id is None
    assert announced(quick_database, "customer.changed.v1")[-1].data["parent_id"] is None
    told = announced(quick_database, "relation.changed.v1")[-2:]
    assert sorted(fact.data["state"] for fact in told) == ["ended", "refused"]
    assert [fact.data["state"] for fact in announced(quick_database, "return_warning.changed.v1")] == ["lifted"]


def test_an_export_under_way_is_made_anew(quick_ask: Ask, quick_database: Database) -> None:
    """A file that was being written when somebody was erased is written anew; done ones go, and what was asked."""
    made = sent(quick_ask, LI, "POST", "", 201, json={"name": "王小明", "phone": PHONE})
    asked = [sent(quick_ask, EXPORTER, "POST", "/exports", 202, json={"text": "王小明"})["export_id"] for _ in range(2)]
    who = system("customers", None)
    with quick_database.write() as tx:
        done, begun = (export_row(tx, who, one) for one in asked)
        exports.finish_export(tx, who, done, b"sheet", 1)
    erase(quick_ask, made["customer_id"], made["code"])
    with pytest.raises(ExportOutdated), quick_database.write() as tx:
        exports.finish_export(tx, who, begun, b"sheet", 1)
    gone = quick_ask(EXPORTER, "GET", f"{BASE}/exports/{asked[0]}/customers.xlsx")
    assert code_of(gone) == "export_forgotten"
    after_the_jobs(quick_database)
    assert sent(quick_ask, EXPORTER, "GET", f"/exports/{asked[1]}")["rows"] == 0
    assert where_they_stand(quick_database, ["王小明"]) == []


def test_a_family_is_not_erased_for_one_of_them(quick_ask: Ask, quick_database: Database) -> None:
    """一.5: husband and wife are one customer; one who asks is taken out of it first, or both have asked."""
    one = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13900139000"})
    other = sent(quick_ask, LI, "POST", "", 201, json={"name": "上官飞", "phone": "13700137000"})["customer_id"]
    said = {"relative_id": other, "kind": "spouse"}
    relation = sent(quick_ask, LI, "POST", f"/{one['customer_id']}/relations", 201, json=said)["relation_id"]
    sent(quick_ask, BOSS, "POST", f"/relations/{relation}/confirm")
    assert code_of(erase(quick_ask, other, one["code"])) == "stands_for_relatives"
    sent(quick_ask, BOSS, "POST", f"/relations/{relation}/end", json={"reason": "一方要求删除"})
    erased = erase(quick_ask, one["customer_id"], one["code"]).get_json()
    assert (erased["ids"], file_of(quick_database, other).active, file_of(quick_database, other).name) == (
        1,
        True,
        "上官飞",
    )
    third = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳竹", "phone": "13611112222"})["customer_id"]
    relation = sent(quick_ask, LI, "POST", f"/{other}/relations", 201, json={**said, "relative_id": third})
    sent(quick_ask, BOSS, "POST", f"/relations/{relation['relation_id']}/confirm")
    both = {"code": file_of(quick_database, other).code, "requested_by": "person", "family_too": True}
    assert sent(quick_ask, BOSS, "POST", f"/{third}/erasure", 201, json=both)["ids"] == 2


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(some.permutations(range(6)), some.integers(1, 6))
def test_late_news_brings_nobody_back(quick_database: Database, order: list[int], when: int) -> None:
    """Receptions, contacts, plans and corrections about her, told twice and in any order around the erasure: each visit
    stays as a fact without a person, her file is bare, and whoever came along is registered as if nothing had been."""
    run = next(_RUNS)
    she, friend, along = (named(f"{one} {run}") for one in ("she", "friend", "along"))
    her = {"name": f"欧阳{run}", "phone": f"+86139{run:08}"}
    companion = {"customer_id": along, "name": "上官飞", "phone": f"+86136{run:08}"}
    news = [
        visit(f"1 {run}", f"she {run}", **her),
        visit(f"2 {run}", f"she {run}", "zhao", minute=1, **her, companions=[companion]),
        visit(f"3 {run}", f"friend {run}", minute=2, phone=f"+86137{run:08}"),
        visit(f"4 {run}", f"friend {run}", minute=3, phone=f"+86137{run:08}", companions=[{"customer_id": she, **her}]),
        say.followup(f"f {run}", customer_id=she),
        say.plan(f"she {run}"),
    ]
    told = [news[one] for one in order]
    deliver(quick_database, SERVICE.consumers, [news[0], *told[:when]])
    with quick_database.write() as tx:
        forget(tx, system("customers", EAST), she, Because.PURGED)
    deliver(quick_database, SERVICE.consumers, [*told[when:], *told])
    after_the_jobs(quick_database)
    assert where_they_stand(quick_database, her.values()) == []
    with quick_database.read() as tx:
        hers = tx.execute(select(register.c.origin_key, register.c.name).where(register.c.customer_id == she)).all()
        assert verify(tx) == []
    expected = [(named(f"1 {run}"), None), (named(f"2 {run}"), None), (f"{named(f'4 {run}')}/1", None)]
    assert sorted(hers) == sorted(expected)
    assert [file_of(quick_database, one).active for one in (she, friend, along)] == [False, True, True]
    assert file_of(quick_database, along).name == "上官飞"


def test_a_merge_that_is_undone_later_brings_nobody_back(quick_ask: Ask, quick_database: Database) -> None:
    """Two who were one by a person's word are erased as one; what was decided about them is not there to take back."""
    first = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13900139000"})
    second = sent(quick_ask, LI, "POST", "", 201, json={"name": "欧阳兰", "phone": "13700137000"})
    one, other = first["customer_id"], second["customer_id"]
    same = {"same": True, "reason": "是同一个人"}
    sent(quick_ask, BOSS, "POST", f"/{one}/candidates/{other}/decide", json=same)
    erase(quick_ask, other, first["code"])
    taken_back = quick_ask(BOSS, "POST", f"{BASE}/{one}/candidates/{other}/take-back", json={"reason": "看错了"})
    assert code_of(taken_back) == "customer_erased"
    with quick_database.write() as tx:
        rule_again(tx, system("customers", EAST), EAST, {one, other})
    assert [file_of(quick_database, each).erased_at is None for each in (one, other)] == [False, False]
    last = announced(quick_database, "candidate.decided.v1")[-1]
    assert (last.data["active"], last.sequence) == (False, 2)
