"""Every route of the service that names a thing by its id, asked by those to whom the thing is not there.

The routes are the application's own. `TABLE` has an entry for each, `things` makes one of each kind that they name: a
route without an entry fails here until somebody says of whom its things are.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import pytest

from chassis.database import Database
from chassis.events import dead_letters
from chassis.identity import Who
from chassis.web import create_app
from tests.services.asking import Ask, asking, code_of
from tests.services.customers.house import CSV, LI, ZHAO, person, upload
from tests.services.customers.points_house import KEEPING, holding
from tests.services.synthetic import EAST, WEST, named, rows_of

BASE = "/api/v1/customers"
_NAMED = re.compile(r"<(\w+)>")
_WHY = {"reason": "核实"}


@dataclass(frozen=True)
class Entry:
    """A body that is taken, and of whom the thing is: of its `owner`, of all of the `branch`, of the `company`."""

    body: Mapping[str, Any] | None = None
    of: str = "owner"


# In an order in which each still finds its thing, which the last ones end.
TABLE: Mapping[str, Entry] = {
    "GET <customer_id>": Entry(),
    "PATCH <customer_id>": Entry({"city": "杭州市"}),
    "GET <customer_id>/amendments": Entry(),
    "POST <customer_id>/amendments": Entry({"name": "王大明", "because": "写错"}),
    "POST amendments/<amendment_id>/sign": Entry(),
    "POST amendments/<amendment_id>/refuse": Entry(_WHY),
    "GET <customer_id>/candidates": Entry(),
    "POST <customer_id>/candidates/<other_id>/decide": Entry({"same": False, **_WHY}),
    "POST <customer_id>/candidates/<other_id>/take-back": Entry(_WHY),
    "GET <customer_id>/contacts": Entry(),
    "POST <customer_id>/contacts": Entry({"name": "王经理"}),
    "PATCH <customer_id>/contacts/<contact_id>": Entry({"name": "王经理"}),
    "POST <customer_id>/contacts/<contact_id>/make-primary": Entry(),
    "DELETE <customer_id>/contacts/<contact_id>": Entry(),
    "GET <customer_id>/group": Entry(),
    "PUT <customer_id>/parent": Entry({"parent_id": None}),
    "GET <customer_id>/owners": Entry(),
    "GET <customer_id>/points": Entry(),
    "POST <customer_id>/points/by-hand": Entry({"points": 1, "reason": "mistake"}),
    "GET <customer_id>/points/postings": Entry(),
    "POST <customer_id>/points/spendings": Entry({"points": 1, "reason": "gift"}),
    "GET <customer_id>/register": Entry(),
    "POST <customer_id>/register": Entry({"name": "王小明"}),
    "GET <customer_id>/relations": Entry(),
    "POST <customer_id>/relations": Entry({"relative_id": "<other_id>", "kind": "spouse"}),
    "POST relations/<relation_id>/confirm": Entry(),
    "POST relations/<relation_id>/refuse": Entry(_WHY),
    "POST relations/<relation_id>/end": Entry(_WHY),
    "POST <customer_id>/reveal": Entry(_WHY),
    "GET <customer_id>/tags": Entry(),
    "PATCH <customer_id>/tags": Entry({"add": ["急"]}),
    "POST <customer_id>/wrong-phones": Entry({"entry_ids": ["<entry_id>"], **_WHY}),
    "GET applications/<application_id>": Entry(),
    "POST applications/<application_id>/decision": Entry({"approved": True}),
    "POST <customer_id>/owner": Entry({"owner_id": named("boss"), **_WHY}),
    "GET exports/<export_id>": Entry(),
    "GET exports/<export_id>/customers.xlsx": Entry(),
    "POST searches/<search_id>/run": Entry({}),
    "DELETE searches/<search_id>": Entry(),
    "GET <customer_id>/recycle-bin": Entry(),
    "POST <customer_id>/recycle-bin": Entry(_WHY),
    "POST recycle-bin/<customer_id>/restore": Entry(),
    "POST recycle-bin/<customer_id>/purge": Entry({"code": "A003"}),
    "POST <customer_id>/erasure": Entry({"code": "A001", "requested_by": "person"}),
    # Anybody of the branch checks a draw; its fields are in every file; who imports or decides letters does so for all.
    "GET draws/<draw_id>": Entry(of="branch"),
    "GET fields/<field_id>": Entry(of="branch"),
    "PATCH fields/<field_id>": Entry({"required": False}, of="branch"),
    "GET imports/<import_id>": Entry(of="branch"),
    "PUT imports/<import_id>/columns": Entry({"fields": ["name"]}, of="branch"),
    "POST imports/<import_id>/trial": Entry(of="branch"),
    "GET imports/<import_id>/refused.xlsx": Entry(of="branch"),
    "POST imports/<import_id>/begin": Entry(of="branch"),
    "POST dead-letters/<letter_id>/retry": Entry(_WHY, of="branch"),
    "POST dead-letters/<letter_id>/discard": Entry(_WHY, of="branch"),
    # Roles are the company's: whoever has the permission reads or changes what one may export.
    "GET export-rights/<role>": Entry(of="company"),
    "PATCH export-rights/<role>": Entry({"most_rows": 100}, of="company"),
}


@dataclass(frozen=True)
class Place:
    """A service that has a thing of each kind in EAST, its routes, and what they ask to be allowed."""

    ask: Ask
    database: Database
    routes: frozenset[str]
    permissions: tuple[str, ...]
    things: Mapping[str, str]

    def asked(self, who: Who, route: str, things: Mapping[str, str]) -> Any:
        """The answer to this route about these things."""
        method, _, rule = route.partition(" ")
        names = things | ({"customer_id": things["deleted_id"]} if rule.startswith("recycle-bin/") else {})
        path = _NAMED.sub(lambda found: names[found[1]], f"{BASE}/{rule}")
        body = json.loads(_NAMED.sub(lambda found: names[found[1]], json.dumps(TABLE[route].body)))
        more = {} if body is None else {"json": body}
        return self.ask(who, method, path, headers={"If-Match": '"1"'}, **more)

    def stored(self) -> dict[str, list[Any]]:
        """Every row of every table."""
        return {table.name: rows_of(self.database, table) for table in KEEPING.metadata.sorted_tables}


@pytest.fixture
def place(quick_database: Database) -> Place:
    app = create_app(KEEPING, quick_database, lambda _request: None)
    routes = {
        f"{method} {rule.rule.removeprefix(f'{BASE}/')}": str(vars(app.view_functions[rule.endpoint])["permission"])
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if _NAMED.search(rule.rule)
    }
    permissions = tuple(sorted({*routes.values(), *_TO_MAKE}))
    ask = asking(KEEPING, quick_database)
    holding(quick_database)
    return Place(ask, quick_database, frozenset(routes), permissions, _things(ask, quick_database, permissions))


_TO_MAKE = ("customers.register", "customers.claim", "customers.import")


def _things(ask: Ask, database: Database, permissions: tuple[str, ...]) -> dict[str, str]:
    """One of each kind: li's customer and what hangs on it, and what the manager and the branch have."""
    boss = _boss(permissions)
    one, other, deleted = (
        _made(ask, LI, "", name=name, phone=phone)["customer_id"]
        for name, phone in (("王小明", "13800138000"), ("王小朋", "13800138001"), ("赵一", "13900139000"))
    )
    _made(ask, boss, f"/{deleted}/recycle-bin", **_WHY)
    claims = replace(ZHAO, permissions=frozenset(permissions))
    field = {"name_zh": "渠道", "name_en": "Channel", "kind": "text"}
    with database.write() as tx:
        dead_letters.park(tx, json.dumps({"id": "letter", "branch": EAST}), "Refused", 4)
    return {
        "customer_id": one,
        "other_id": other,
        "deleted_id": deleted,
        "entry_id": ask(LI, "GET", f"{BASE}/{one}/register").get_json()["entries"][0]["entry_id"],
        "contact_id": _made(ask, LI, f"/{one}/contacts", name="李经理")["contact_id"],
        "amendment_id": _made(ask, LI, f"/{one}/amendments", name="王大明", because="写错")["amendment_id"],
        "relation_id": _made(ask, LI, f"/{one}/relations", relative_id=other, kind="spouse")["relation_id"],
        "application_id": _made(ask, claims, "/applications", customer_id=one, **_WHY)["application_id"],
        "draw_id": ask(boss, "GET", f"{BASE}/draws/next").get_json()["draw_id"],
        "field_id": _made(ask, boss, "/fields", **field)["field_id"],
        "search_id": _made(ask, boss, "/searches", name="新客", question={})["search_id"],
        "export_id": _made(ask, boss, "/exports")["export_id"],
        "import_id": upload(ask, CSV, boss, "sheet.csv", "?hold=true").get_json()["import_id"],
        "letter_id": "letter",
        "role": "manager",
    }


def _made(ask: Ask, who: Who, path: str, **body: Any) -> Any:
    answer = ask(who, "POST", f"{BASE}{path}", json=body)
    assert answer.status_code < 300, answer.get_json()
    return answer.get_json()


def _boss(permissions: tuple[str, ...]) -> Who:
    """Who leads the branch and may everything there."""
    return replace(person("boss", "branch", EAST, *permissions), role="manager")


def _own(place: Place, who: Who) -> Iterator[dict[str, str]]:
    """The things of EAST, then the same at a customer of the asker's own."""
    yield dict(place.things)
    mine = _made(place.ask, who, "", name="陈大文", phone="13700137000")["customer_id"]
    yield {**place.things, "customer_id": mine}


def test_every_route_is_in_the_table(place: Place) -> None:
    """Whoever adds a route says of whom its things are, and how one is made."""
    assert place.routes == set(TABLE)


_OUTSIDERS = {
    "another branch": (person("west", "branch", WEST), ("owner", "branch")),
    "a colleague": (person("chen", "own", EAST), ("owner",)),
    "another team": (replace(person("chief", "team", EAST), team_id=named("another team")), ("owner",)),
}


@pytest.mark.parametrize(("outsider", "kinds"), _OUTSIDERS.values(), ids=_OUTSIDERS)
def test_what_is_not_ones_own_is_not_there(place: Place, outsider: Who, kinds: tuple[str, ...]) -> None:
    """With every permission there is, each route answers that there is no such thing, and nothing is changed; neither
    is there by way of a customer of one's own.
    """
    who = replace(outsider, permissions=frozenset(place.permissions))
    for things in _own(place, who):
        before, all_theirs = place.stored(), things == place.things
        for route, entry in TABLE.items():
            if entry.of in kinds and (all_theirs or len(_NAMED.findall(route)) > 1):
                answer = place.asked(who, route, things)
                assert answer.status_code == 404, (route, answer.get_json())
                assert re.match("unknown_|no_such_", code_of(answer)), route
        assert place.stored() == before


@pytest.mark.parametrize("who", [person("boss", "branch", EAST, "x"), person("hq", "all", None, "x")])
def test_without_the_permission_nobody_does_anything(place: Place, who: Who) -> None:
    """Of whomever the thing is, and however far one sees: each route is refused and nothing is changed."""
    before = place.stored()
    for route in TABLE:
        assert place.asked(who, route, place.things).status_code == 403, route
    assert place.stored() == before


def test_who_may_only_see_changes_nothing(place: Place) -> None:
    """With every permission to see alone, over the whole company, whatever changes something is refused."""
    seeing = [one for one in place.permissions if one.endswith(".see")]
    auditor, before = person("auditor", "all", None, *seeing), place.stored()
    for route in TABLE:
        refused = place.asked(auditor, route, place.things).status_code == 403
        assert refused or route.startswith("GET ") or route == "POST searches/<search_id>/run", route
    assert place.stored() == before


def test_each_thing_is_there_for_who_may(place: Place) -> None:
    """Who leads the branch and may everything finds each thing of the table by its route: what the others are not told
    of is there.
    """
    for route in TABLE:
        answer = place.asked(_boss(place.permissions), route, place.things)
        assert answer.status_code not in (400, 401, 403, 404, 422, 428) and answer.status_code < 500, (
            route,
            answer.get_json(),
        )
