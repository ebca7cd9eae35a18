"""What a user would pick instead, measured on us: 20,000 customers, one and eight clients, signed in, both shapes.

Everything goes through the front door as a program of a sales office would ask. Each rate stands beside how often the
same clients get the smallest answer there is (`/health/live`) through the same door in the same run: what the machine,
the server and the client themselves take. What the others reach is in the design's figures.
"""

import http.client
import json
import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path
from statistics import median
from typing import Any
from urllib.parse import urlsplit

import xlsxwriter

from benchmarks.__main__ import Figure
from benchmarks.memory import family_of
from deploy.demo.client import Api, eventually
from deploy.distributed.packages import NGINX, POSTGRESQL, RABBITMQ
from tests.journeys.system import SingleMachine, start, start_distributed

CUSTOMERS = 20_000
CLIENTS = (1, 8)
_SECONDS = 4.0
_ROWS, _SHEETS = 5_000, 3
_HEAD = "编号 姓名 客户类型 跟进日期 跟进方式 跟进进度 客户意向 跟进结果 成交日期 业务员".split()
_FOLLOWED = ("一般客户", "2020/2/1", "电话", "45%", "有意向徘徊犹豫", "", "", "业务员1")
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华建国"


@dataclass(frozen=True)
class Operation:
    """One thing a person does: the requests it takes, and how often a second it must be done by one and by eight."""

    name: str
    reach: tuple[float, float]
    do: Callable[["Client", "Office"], None]


class Client:
    """One program with one kept connection, that asks as several people in turn: one may ask 500 times a second."""

    def __init__(self, url: str, tokens: Sequence[str]) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._tokens = cycle(tokens)

    def ask(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        signed = {"Authorization": f"Bearer {next(self._tokens)}", "Accept": "application/json"}
        headers = signed | ({"Content-Type": "application/json"} if body is not None else {})
        self._connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {content[:200]!r}")
        return json.loads(content)


class Office:
    """A branch with its customers, and what is drawn from them."""

    def __init__(self, system: SingleMachine) -> None:
        self.url = system.url
        self._tokens = [_token(system, username) for username in ("manager", "admin")]
        self.ids: list[str] = []
        self._numbers = count()
        self._lock = threading.Lock()

    def client(self) -> Client:
        return Client(self.url, self._tokens)

    def person(self) -> dict[str, str]:
        """Somebody nobody knows yet."""
        with self._lock:
            number = next(self._numbers)
        draw = random.Random(number)
        name = draw.choice(_SURNAMES) + "".join(draw.choices(_GIVEN, k=2))
        return {"name": name, "phone": f"13{number:09d}"}

    def fill(self, known: int) -> None:
        """Register customers, as eight programs would, until there are enough beside those who are `known`."""
        share = (CUSTOMERS - known) // max(CLIENTS)

        def register(_client: int) -> None:
            client = self.client()
            for _ in range(share):
                self.ids.append(client.ask("POST", "/api/v1/customers", self.person())["customer_id"])

        with ThreadPoolExecutor(max(CLIENTS)) as clients:
            list(clients.map(register, range(max(CLIENTS))))

    def come_to_rest(self, system: SingleMachine) -> None:
        """Wait until the last reader has heard of the last customer: a backlog is not what an office meets."""
        manager = system.as_person("manager")
        hall = manager.get("/api/v1/reception/halls")["items"][0]["hall_id"]
        path = f"/api/v1/reporting/days/{manager.get(f'/api/v1/reception/halls/{hall}/board')['local_day']}"
        eventually(lambda: manager.get(path)["new_customers"] >= CUSTOMERS or None, "all customers in reporting", 600)


def _token(system: SingleMachine, username: str) -> str:
    account = system.accounts()[username]
    signed = {"username": account.username, "password": account.password}
    token: str = Api(system.url).post("/api/v1/auth/token", signed)["access_token"]
    return token


def _one_customer(client: Client, office: Office) -> None:
    customer = random.choice(office.ids)
    client.ask("GET", f"/api/v1/customers/{customer}")
    client.ask("GET", f"/api/v1/followups/records?customer_id={customer}")


def _search(client: Client, _office: Office) -> None:
    text = random.choice((random.choice(_SURNAMES) + random.choice(_GIVEN), f"{random.randrange(10**4):04d}"))
    client.ask("POST", "/api/v1/customers/search", {"text": text, "limit": 20})


def _follow_up(client: Client, office: Office) -> None:
    said = {"customer_id": random.choice(office.ids), "method": "电话", "progress": 40, "said": "约周末再看"}
    client.ask("POST", "/api/v1/followups/records", said)


OPERATIONS = (
    Operation("create a customer", (110, 190), lambda c, o: c.ask("POST", "/api/v1/customers", o.person())),
    Operation("one customer with history", (210, 350), _one_customer),
    Operation("list page, 20 rows", (200, 400), lambda c, _o: c.ask("GET", "/api/v1/customers?limit=20")),
    Operation("search by part of a name or phone, 20 rows", (200, 400), _search),
    Operation("log a follow-up", (150, 260), _follow_up),
)
_NOTHING = Operation("the smallest answer", (0, 0), lambda client, _office: client.ask("GET", "/health/live"))


def figures() -> Iterator[Figure]:
    """Both shapes, as far as the machine has what they stand on."""
    with tempfile.TemporaryDirectory() as folder:
        start(Path(folder) / "data").stop()  # what making the demo took is not what an idle office takes
        yield from _measured("single machine", start(Path(folder) / "data"), (160, 300))
    if POSTGRESQL.present and RABBITMQ.present and NGINX.present:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o711)  # PostgreSQL's user walks through it
            start_distributed(Path(folder) / "data").stop()
            yield from _measured("distributed", start_distributed(Path(folder) / "data"), (450, 700))


def _measured(shape: str, system: SingleMachine, memory: tuple[int, int]) -> Iterator[Figure]:
    try:
        office = Office(system)
        idle = family_of(system.process.pid)
        yield _at_most(f"{shape}: memory idle", idle, "MB", memory[0])
        imports = [_import(system, sheet) for sheet in range(_SHEETS)]
        yield _at_most(f"{shape}: import {_ROWS:,} rows .xlsx", median(imports), "s", 2.5)
        office.fill(_SHEETS * _ROWS)
        office.come_to_rest(system)
        for clients, which in zip(CLIENTS, range(2), strict=True):
            nothing, _times = _rate(_NOTHING, office, clients)
            for operation in OPERATIONS:
                yield _at_least(
                    shape, operation, clients, operation.reach[which], _rate(operation, office, clients), nothing
                )
        yield _at_most(f"{shape}: eight create the same person at once, rows", _same_person(office), "rows", 1)
        yield _at_most(f"{shape}: memory loaded", family_of(system.process.pid), "MB", memory[1])
    finally:
        system.stop()


def _rate(operation: Operation, office: Office, clients: int) -> tuple[float, list[float]]:
    """How often a second so many clients do it, and the milliseconds that each took, sorted."""
    until = time.perf_counter() + _SECONDS

    def work(_client: int) -> list[float]:
        client, took = office.client(), []
        while (began := time.perf_counter()) < until:
            operation.do(client, office)
            took.append((time.perf_counter() - began) * 1000)
        return took

    with ThreadPoolExecutor(clients) as pool:
        times = sorted(one for took in pool.map(work, range(clients)) for one in took)
    return len(times) / _SECONDS, times


def _same_person(office: Office) -> int:
    """How many customers there are of somebody whom eight register at once."""
    person = office.person()
    clients = [office.client() for _ in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda client: client.ask("POST", "/api/v1/customers", person), clients))
    return len({answer["customer_id"] for answer in answers})


def _import(system: SingleMachine, sheet: int) -> float:
    """Seconds from handing in a sheet of new customers until each row's fate is known."""
    administrator = system.as_person("admin")
    with tempfile.NamedTemporaryFile(suffix=".xlsx") as file:
        _write(Path(file.name), sheet)
        began = time.perf_counter()
        taken = administrator.upload("/api/v1/customers/imports", Path(file.name))
        path = f"/api/v1/customers/imports/{taken['import_id']}"
        eventually(lambda: administrator.get(path)["state"] in ("done", "failed") or None, "the import", 300)
        return time.perf_counter() - began


def _write(file: Path, sheet: int) -> None:
    book = xlsxwriter.Workbook(str(file))
    page = book.add_worksheet()
    page.write_row(0, 0, _HEAD)
    for row in range(1, _ROWS + 1):
        page.write_row(row, 0, (f"Z{sheet}{row:05d}", f"导入{sheet}{row}", *_FOLLOWED))
    book.close()


def _at_least(
    shape: str, operation: Operation, clients: int, reach: float, found: tuple[float, list[float]], nothing: float
) -> Figure:
    rate, times = found
    p50, p99 = median(times), times[int(len(times) * 0.99)]
    return Figure(
        figure=f"{shape}, {clients} client{'s' * (clients > 1)}: {operation.name}",
        value=round(rate, 1),
        unit=f"/s (p50 {p50:.1f} ms, p99 {p99:.1f} ms)",
        reference=round(nothing, 1),
        ratio=round(rate / nothing, 3),
        reach=f"≥ {reach:g}/s",
        holds=rate >= reach,
    )


def _at_most(name: str, value: float, unit: str, reach: float) -> Figure:
    return Figure(
        figure=name,
        value=round(value, 2),
        unit=unit,
        reference=None,
        ratio=None,
        reach=f"≤ {reach:g} {unit}",
        holds=value <= reach,
    )
