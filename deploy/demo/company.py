"""The demo company, made through the public API as an administrator would make it.

Two branches, staff of every role, a hall whose five salespeople have a 24-hour roster every day, and the source sheet
imported by the product's own import.
"""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any

from deploy.demo.client import Api, Refused, eventually

SHEET = Path(__file__).with_name("客户跟进记录统计表.xlsx")
_HALLS = "/api/v1/reception/halls"
_PATIENCE = 30.0  # seconds for what travels by events


@dataclass(frozen=True)
class Account:
    """One sign-in of the demo, as it stands in demo-accounts.json."""

    username: str
    password: str
    role: str
    branch: str | None
    name: str


_RIVERSIDE = "滨江案场"
_WEST = "城西案场"
_BRANCHES = (("BJ", _RIVERSIDE), ("CX", _WEST))
_STAFF = (
    ("sales1", "salesperson", _RIVERSIDE, "林晓燕"),
    ("sales2", "salesperson", _RIVERSIDE, "周明"),
    ("sales3", "salesperson", _RIVERSIDE, "陈思远"),
    ("sales4", "salesperson", _RIVERSIDE, "赵一凡"),
    ("sales5", "salesperson", _RIVERSIDE, "何静"),
    ("supervisor", "supervisor", _RIVERSIDE, "孙立"),
    ("manager", "manager", _RIVERSIDE, "吴芳"),
    ("admin", "sales_administrator", _RIVERSIDE, "郑洁"),
    ("desk", "front_desk", _RIVERSIDE, "前台"),
    ("buyer", "buyer", _RIVERSIDE, "冯涛"),
    ("west1", "salesperson", _WEST, "蒋欣"),
    ("west2", "salesperson", _WEST, "沈浩"),
    ("westmanager", "manager", _WEST, "韩梅"),
    ("auditor", "auditor", None, "杨审"),
)
_HEADQUARTERS = ("hq", "headquarters", None, "总部管理员")
HEADQUARTERS_USERNAME = _HEADQUARTERS[0]
HEADQUARTERS_NAME = _HEADQUARTERS[3]


def make(url: str, password: str) -> list[Account]:
    """Make the company at `url`, whose administrator is `hq` with `password`; every account gets that password."""
    company = _Company(Api(url).signed_in(HEADQUARTERS_USERNAME, password), password)
    company.people()
    company.hall()
    company.sheet()
    return company.accounts


def text_of(accounts: list[Account]) -> str:
    """The text of demo-accounts.json."""
    return json.dumps([asdict(account) for account in accounts], ensure_ascii=False, indent=2) + "\n"


class _Company:
    def __init__(self, headquarters: Api, password: str) -> None:
        self._api = headquarters
        self._password = password
        self._branches: dict[str, str] = {}
        self._teams: dict[str, str] = {}
        self._staff: dict[str, str] = {}
        self.accounts = [Account(_HEADQUARTERS[0], password, *_HEADQUARTERS[1:])]

    def people(self) -> None:
        for code, name in _BRANCHES:
            self._branches[name] = self._made("branches", "branch_id", {"code": code, "name": name})
            self._teams[name] = self._team(self._branches[name])
        for username, role, branch, name in _STAFF:
            self._employ(username, role, branch, name)

    def hall(self) -> None:
        """The hall, its line, and a roster round the clock; people reach reception by events, so it waits for them."""
        manager = self._api.signed_in("manager", self._password)
        hall, _ = eventually(partial(_once_known, manager, _HALLS, {"name": "滨江售楼处"}), "the hall", _PATIENCE)
        path = f"{_HALLS}/{hall['hall_id']}"
        members = [staff for username, staff in self._staff.items() if username.startswith("sales")]
        for staff in members:
            joining = partial(_once_known, manager, f"{path}/members", {"staff_id": staff})
            eventually(joining, "a member", _PATIENCE)
        shift = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "starts": "00:00", "ends": "24:00"}
        manager.put(f"{path}/roster", {"shifts": [shift | {"staff_id": staff} for staff in members]}, version=0)

    def sheet(self) -> None:
        """The source sheet, through the import, until reporting shows it."""
        administrator = self._api.signed_in("admin", self._password)
        eventually(lambda: _uploaded(administrator), "the branch in customers", _PATIENCE)
        query = {"from": "2020-02-01", "to": "2020-04-25"}
        eventually(
            lambda: len(administrator.get("/api/v1/reporting/followup-sheet", **query)["rows"]) == 15 or None,
            "the sheet in reporting",
            _PATIENCE,
        )

    def _team(self, branch_id: str) -> str:
        department = self._made("departments", "department_id", {"branch_id": branch_id, "name": "销售部"})
        body = {"branch_id": branch_id, "department_id": department, "name": "一组"}
        return self._made("teams", "team_id", body)

    def _employ(self, username: str, role: str, branch: str | None, name: str) -> None:
        team = self._teams[branch] if branch and role in ("salesperson", "supervisor") else None
        body = {"username": username, "password": self._password, "name": name, "role": role}
        place = {"branch_id": self._branches[branch] if branch else None, "team_id": team}
        self._staff[username] = self._made("staff", "staff_id", body | place)
        self.accounts.append(Account(username, self._password, role, branch, name))

    def _made(self, kind: str, key: str, body: dict[str, Any]) -> str:
        return str(self._api.post(f"/api/v1/identity/{kind}", body)[key])


def _once_known(api: Api, path: str, body: dict[str, Any]) -> Any:
    """The answer, or None while reception has not heard of the branch or the person yet."""
    try:
        return api.post(path, body)
    except Refused as refusal:
        if "unknown" in refusal.code:
            return None
        raise


def _uploaded(api: Api) -> Any:
    try:
        return api.upload("/api/v1/customers/imports", SHEET)
    except Refused as refusal:
        if "unknown" in refusal.code:
            return None
        raise


def accounts_in(file: Path) -> Iterator[Account]:
    """The accounts of a demo-accounts.json."""
    for entry in json.loads(file.read_text(encoding="utf-8")):
        yield Account(**entry)
