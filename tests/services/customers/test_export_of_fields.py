"""Fields of the company's own in an export: those of every branch that its customers are of, each a column."""

from dataclasses import replace
from typing import Any

from chassis.database import Database
from chassis.identity import Who
from services.customers.app import SERVICE
from services.customers.exports.rules import titles_of_own
from services.customers.fields.rules import Field, Kind
from tests.services.asking import Ask
from tests.services.customers.house import person
from tests.services.customers.test_exports import exported
from tests.services.customers.test_whole_file import BOSS, COMPANY, WEST_BOSS, changed, defined, registered
from tests.services.synthetic import EAST, WEST, branch, deliver

_MAY = ("customers.see", "customers.edit", "customers.export")
HEADQUARTERS = replace(person("hq", "all", None, *_MAY), role="headquarters")
EASTERN = replace(person("boss", "branch", EAST, *_MAY), role="manager")


def _filled(ask: Ask, who: Who, phone: str, **details: str) -> None:
    made = registered(ask, who, name="王小明", phone=phone)
    assert changed(ask, who, made["customer_id"], 1, details=details).status_code == 200


def test_every_branchs_own_fields_go_out(quick_ask: Ask, quick_database: Database) -> None:
    """Headquarters' file has the company's fields and each branch's, two of one title under the branches' names; the
    file of a branch has the company's and its own, under their titles alone; retired ones are in neither.
    """
    deliver(quick_database, SERVICE.consumers, [branch(WEST, 2, name="西区售楼处")])
    common = defined(quick_ask, COMPANY, name_zh="渠道", name_en="Channel")["field_id"]
    east, west = (
        {name: defined(quick_ask, who, name_zh=name, name_en=f"{name} en")["field_id"] for name in ("楼层", own)}
        for who, own in ((BOSS, "朝向"), (WEST_BOSS, "车位"))
    )
    gone = defined(quick_ask, BOSS, name_zh="旧", name_en="old")["field_id"]
    changed(quick_ask, BOSS, f"fields/{gone}", 1, retired=True)
    _filled(quick_ask, BOSS, "13900139001", **{common: "一", east["楼层"]: "二", east["朝向"]: "三"})
    _filled(quick_ask, WEST_BOSS, "13900139002", **{west["楼层"]: "四", west["车位"]: "五"})
    rows = sorted(exported(quick_ask, quick_database, HEADQUARTERS), key=lambda row: str(row["电话"]))
    columns = ["渠道", "楼层（东区售楼处）", "朝向", "楼层（西区售楼处）", "车位"]
    assert [one for one in rows[0] if one in columns or "楼层" in one or one == "旧"] == columns
    told = [[row[one] for one in columns] for row in rows]
    assert told == [["一", "二", "三", None, None], [None, None, None, "四", "五"]]
    (mine,) = exported(quick_ask, quick_database, EASTERN)
    assert ([mine[one] for one in ("渠道", "楼层", "朝向")], "车位" in mine) == (["一", "二", "三"], False)


def test_titles_are_told_apart_where_they_must_be() -> None:
    """By the name of the branch, in the language of the file, and only where another field has the same title."""
    one = Field("a", EAST, "楼层", "Floor", Kind.TEXT, False, (), False, 1, False, 1)
    other = replace(one, field_id="b", branch_id=WEST, name_zh="层")
    names: dict[str, Any] = {EAST: "East", WEST: "West"}
    assert titles_of_own([other, one], names, is_chinese=True) == {"details.a": "楼层", "details.b": "层"}
    english = {"details.a": "Floor (East)", "details.b": "Floor (West)"}
    assert titles_of_own([other, one], names, is_chinese=False) == english
