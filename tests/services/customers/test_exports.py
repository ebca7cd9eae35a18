"""Customers going out: what a role may, what the file says, and that it is on record."""

from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from chassis.audit import audit_trail
from chassis.database import Database
from chassis.identity import Who, system
from chassis.jobs import JobLoop
from services.customers.app import SERVICE
from services.customers.exports import actions
from services.customers.exports.asked import Asked, rows_of
from services.customers.exports.rules import FIELDS, SCOPES, narrower
from services.customers.exports.tables import exports
from tests.services.asking import Ask, code_of
from tests.services.customers.house import LI, ZHAO, announced, imported, person
from tests.services.synthetic import EAST, NOW, WEST, named

_MAY = ("customers.see", "customers.edit", "customers.export")
MANAGER = replace(person("boss", "branch", EAST, *_MAY), role="manager")
ADMIN = replace(person("boss", "branch", EAST, *_MAY, "customers.import"), role="sales_administrator")
HEADQUARTERS = replace(person("hq", "all", None, *_MAY, "customers.export_rights"), role="headquarters")
KEEPER = person("boss", "branch", EAST, *_MAY, "customers.manage")
WESTERN = replace(person("west", "branch", WEST, *_MAY), role="manager")
SHEET = (
    "编号,姓名,电话,客户类型,等级,重点客户,公司,预算,业务员\n"
    "A001,王小明,13800138000,优质客户,A,是,=HYPERLINK(1),200万,li\n"
    "A002,李四光,13900139000,,,,@a&b<c>,,zhao\n"
    "A003,赵一,,,,,,,\n"
).encode()
ZH = {"Accept-Language": "zh"}


def exported(ask: Ask, database: Database, who: Who, text: str | None = None) -> list[dict[str, Any]]:
    """The rows of the file, by the titles of the columns."""
    answer = ask(who, "POST", "/api/v1/customers/exports", json={"text": text}, headers=ZH)
    assert answer.status_code == 202, answer.get_json()
    JobLoop(database, SERVICE.jobs).run_due()
    path = f"/api/v1/customers/exports/{answer.get_json()['export_id']}"
    assert ask(who, "GET", path).get_json()["state"] == "done"
    titles, *rows = openpyxl.load_workbook(BytesIO(ask(who, "GET", f"{path}/customers.xlsx").get_data())).active.values
    return [dict(zip(titles, row, strict=True)) for row in rows]


@pytest.fixture
def filled(ask: Ask, database: Database) -> None:
    imported(ask, database, SHEET, ADMIN)


@pytest.fixture
def quickly_filled(quick_ask: Ask, quick_database: Database) -> None:
    imported(quick_ask, quick_database, SHEET, ADMIN)


@pytest.mark.usefixtures("filled")
def test_what_the_list_shows_goes_out(ask: Ask, database: Database) -> None:
    """Every field under its title; a text that looks like a formula is a text; days are days."""
    rows = {row["编号"]: row for row in exported(ask, database, ADMIN)}
    wang = rows["A001"]
    assert (wang["姓名"], wang["电话"], wang["公司"]) == ("王小明", "+8613800138000", "=HYPERLINK(1)")
    assert (wang["预算"], wang["重点客户"], wang["业务员"], wang["来源"]) == ("200万", "是", "li", "导入")
    assert wang["登记日期"].date() == NOW.date()
    assert (rows["A002"]["公司"], rows["A003"]["电话"], len(rows)) == ("@a&b<c>", None, 3)
    assert len(wang) == len(FIELDS) - 1  # no field of the company's own


@pytest.mark.usefixtures("quickly_filled")
def test_a_role_that_may_not_read_phones_gets_them_masked(quick_ask: Ask, quick_database: Database) -> None:
    """A manager's file has masked phones, as long as headquarters says so."""
    assert exported(quick_ask, quick_database, MANAGER, "王小明")[0]["电话"] == "138****8000"
    path = "/api/v1/customers/export-rights/manager"
    said = {"fields": ["name", "phone"], "whole_phones": True}
    answer = quick_ask(HEADQUARTERS, "PATCH", path, json=said, headers={"If-Match": '"0"'})
    assert (answer.status_code, answer.get_json()["version"]) == (200, 1)
    assert exported(quick_ask, quick_database, MANAGER, "小明") == [{"姓名": "王小明", "电话": "+8613800138000"}]


@pytest.mark.usefixtures("quickly_filled")
def test_nobody_takes_out_more_than_they_see_or_may(quick_ask: Ask, quick_database: Database) -> None:
    """The narrower of reach and right holds: another branch has nothing, a right of own only one's own."""
    assert exported(quick_ask, quick_database, WESTERN) == []
    assert len(exported(quick_ask, quick_database, HEADQUARTERS)) == 3
    path = "/api/v1/customers/export-rights/manager"
    quick_ask(HEADQUARTERS, "PATCH", path, json={"scope": "own"}, headers={"If-Match": '"0"'})
    as_manager = replace(LI, role="manager", reach="branch", permissions=frozenset(_MAY))
    assert [row["编号"] for row in exported(quick_ask, quick_database, as_manager)] == ["A001"]


@pytest.mark.usefixtures("quickly_filled")
def test_too_much_is_refused_before_it_is_begun(quick_ask: Ask) -> None:
    """More rows than the role's cap: told so; a role that may not, or has no right at all, as well."""
    path = "/api/v1/customers/export-rights/manager"
    quick_ask(HEADQUARTERS, "PATCH", path, json={"most_rows": 2}, headers={"If-Match": '"0"'})
    answer = quick_ask(MANAGER, "POST", "/api/v1/customers/exports", json={})
    assert (answer.status_code, code_of(answer)) == (422, "export_too_large")
    quick_ask(HEADQUARTERS, "PATCH", path, json={"allowed": False}, headers={"If-Match": '"1"'})
    for who in (MANAGER, replace(MANAGER, role="client", kind="client")):
        answer = quick_ask(who, "POST", "/api/v1/customers/exports", json={})
        assert (answer.status_code, code_of(answer)) == (403, "export_not_allowed")


@pytest.mark.usefixtures("quickly_filled")
def test_every_export_is_on_record(quick_ask: Ask, quick_database: Database) -> None:
    """Who, when, which fields, how many: in the audit trail when asked for, announced when done, and nobody named."""
    exported(quick_ask, quick_database, MANAGER, "王小明")
    with quick_database.read() as tx:
        noted = tx.execute(select(audit_trail).where(audit_trail.c.action == "customers.export_requested")).one()
    assert (noted.actor_id, noted.details["rows"], noted.details["whole_phones"]) == (named("boss"), 1, False)
    (told,) = announced(quick_database, "customers.exported.v1")
    assert (told.data["staff_id"], told.data["rows"], told.data["scope"]) == (named("boss"), 1, "branch")
    assert "王小明" not in str((noted.details, told.data))


@pytest.mark.usefixtures("quickly_filled")
def test_an_export_is_ones_own(quick_ask: Ask, quick_database: Database) -> None:
    """Neither a colleague nor another branch nor headquarters finds it; one without the permission may not ask."""
    exported(quick_ask, quick_database, MANAGER)
    (mine,) = quick_ask(MANAGER, "GET", "/api/v1/customers/exports").get_json()["items"]
    path = f"/api/v1/customers/exports/{mine['export_id']}"
    for who in (replace(ZHAO, reach="branch", permissions=frozenset(_MAY)), WESTERN, HEADQUARTERS):
        assert quick_ask(who, "GET", "/api/v1/customers/exports").get_json()["items"] == []
        for end in ("", "/customers.xlsx"):
            assert code_of(quick_ask(who, "GET", path + end)) == "unknown_export"
    for method, way in (("GET", path), ("GET", f"{path}/customers.xlsx"), ("POST", "/api/v1/customers/exports")):
        assert quick_ask(LI, method, way, **({"json": {}} if method == "POST" else {})).status_code == 403


@pytest.mark.usefixtures("quickly_filled")
def test_a_file_is_there_from_its_end_to_its_week(quick_ask: Ask, quick_database: Database) -> None:
    """Before it is made: not ready; after a week: forgotten, with what was asked; that it was made stays."""
    export_id = quick_ask(MANAGER, "POST", "/api/v1/customers/exports", json={}).get_json()["export_id"]
    path = f"/api/v1/customers/exports/{export_id}/customers.xlsx"
    assert code_of(quick_ask(MANAGER, "GET", path)) == "export_not_ready"
    JobLoop(quick_database, SERVICE.jobs).run_due()
    with quick_database.write() as tx:
        tx.execute(exports.update().values(asked_at=NOW - timedelta(days=8)))
    with quick_database.write() as tx:
        assert actions.forget_old(tx, system("customers", None)) == 1
    assert code_of(quick_ask(MANAGER, "GET", path)) == "export_forgotten"
    assert len(quick_ask(MANAGER, "GET", "/api/v1/customers/exports").get_json()["items"]) == 1


def test_rights_are_headquarters_to_change(quick_ask: Ask) -> None:
    """Managers read them; only headquarters changes them, knowing what it changes, and of roles that there are."""
    path = "/api/v1/customers/export-rights"
    read = quick_ask(MANAGER, "GET", path).get_json()["items"]
    assert [right["role"] for right in read] == ["manager", "sales_administrator", "headquarters"]
    assert quick_ask(MANAGER, "PATCH", f"{path}/manager", json={}).status_code == 403
    assert quick_ask(HEADQUARTERS, "PATCH", f"{path}/manager", json={}).status_code == 428
    stale = quick_ask(HEADQUARTERS, "PATCH", f"{path}/manager", json={}, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    assert code_of(quick_ask(HEADQUARTERS, "GET", f"{path}/king")) == "unknown_role"
    assert quick_ask(MANAGER, "GET", f"{path}/manager").headers["ETag"] == '"0"'


def test_what_went_out_comes_in_again(quick_ask: Ask, quick_database: Database) -> None:
    """The file of one branch, taken in by another, makes the same customers; taken in twice it adds nothing."""
    imported(quick_ask, quick_database, SHEET, ADMIN)
    sent = exported(quick_ask, quick_database, ADMIN)
    export_id = quick_ask(ADMIN, "GET", "/api/v1/customers/exports").get_json()["items"][0]["export_id"]
    file = quick_ask(ADMIN, "GET", f"/api/v1/customers/exports/{export_id}/customers.xlsx").get_data()
    west = replace(person("west", "branch", WEST, *_MAY, "customers.import"), role="sales_administrator")
    assert imported(quick_ask, quick_database, file, west)["counts"]["new_customer"] == 3
    there = exported(quick_ask, quick_database, west)
    own = {"业务员": None, "登记日期": None}
    assert sorted(str(row | own) for row in there) == sorted(str(row | own) for row in sent)
    assert imported(quick_ask, quick_database, file, ADMIN)["counts"]["known_customer"] == 3


@pytest.mark.usefixtures("filled")
@pytest.mark.parametrize("descending", [True, False])
@pytest.mark.parametrize("sort", ["registered", "grade", "last_contact"])
def test_lots_follow_each_other_without_gap(database: Database, sort: str, descending: bool) -> None:
    """However few are read at once, all come, each once, in the order asked for, and no more than are let."""
    question = {"text": None, "conditions": [], "sort": sort, "descending": descending}
    asked = Asked(ADMIN, "branch", question)
    every = [row["code"] for row in rows_of(database, asked, 10)]
    assert sorted(every) == ["A001", "A002", "A003"]
    for at_once in (1, 2):
        assert [row["code"] for row in rows_of(database, asked, 10, at_once)] == every
    assert [row["code"] for row in rows_of(database, asked, 2, 1)] == every[:2]


def test_fields_of_the_company_come_in_and_go_out(quick_ask: Ask, quick_database: Database) -> None:
    """A column named like one of them is read as it, kind by kind, and stands in the file that goes out."""
    kinds: list[tuple[str, str, list[str]]] = [
        ("生日", "date", []),
        ("爱好", "choices", ["茶", "棋"]),
        ("会员", "yes_no", []),
    ]
    for name, kind, choices in kinds:
        field = {"name_zh": name, "name_en": f"own {name}", "kind": kind, "choices": choices}
        assert quick_ask(KEEPER, "POST", "/api/v1/customers/fields", json=field).status_code == 201
    sheet = (
        "姓名,电话,生日,爱好,会员\n王小明,13800138000,1990年5月1日,茶；棋,√\n李四光,,5月1日,,\n赵一,,,酒,\n".encode()
    )
    report = imported(quick_ask, quick_database, sheet, ADMIN)
    assert [row["reason"] for row in report["rows"]] == [None, "day_without_year", "choice_unknown"]
    (row,) = exported(quick_ask, quick_database, ADMIN)
    assert (row["生日"].date(), row["爱好"], row["会员"]) == (date(1990, 5, 1), "茶、棋", "是")


@pytest.mark.parametrize("reach", SCOPES)
def test_the_narrower_holds(reach: Any) -> None:
    """Of reach and right the narrower, whichever it is."""
    assert [narrower(reach, scope) for scope in SCOPES] == [SCOPES[min(SCOPES.index(reach), at)] for at in range(4)]
