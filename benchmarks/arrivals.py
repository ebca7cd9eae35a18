"""From a visitor's arrival to the answer that says who receives: 40 tablets of 10 halls, in both shapes.

Once at a steady pace, an arrival from some tablet 20 times a second, which is a hundred times what ten halls see; and
once with all 40 pressing in the same instant, again and again. Nobody may be given two visitors. Each stands beside the
smallest answer through the same door at the same pace in the same run.
"""

import http.client
import json
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from threading import Barrier
from typing import Any
from urllib.parse import urlsplit

from benchmarks.__main__ import Figure
from deploy.demo.client import Api, Refused, eventually
from deploy.distributed.packages import NGINX, POSTGRESQL, RABBITMQ
from tests.faults.totals import manager_headers
from tests.journeys.system import SingleMachine, start, start_distributed

HALLS, TABLETS, PEOPLE = 10, 40, 6
RATE, STEADY, ROUNDS = 20, 400, 10
_PATH = "/api/v1/reception/halls"
_ALL_DAY = {"weekdays": [1, 2, 3, 4, 5, 6, 7], "starts": "00:00", "ends": "24:00"}


class Tablet:
    """One tablet with its kept connection, in one hall."""

    def __init__(self, url: str, signed: dict[str, str], hall: str) -> None:
        self._connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
        self._headers = signed | {"Content-Type": "application/json"}
        self._hall = hall

    def arrival(self) -> tuple[float, dict[str, Any]]:
        """Milliseconds until the answer, and the answer."""
        return self._ask("POST", f"{_PATH}/{self._hall}/arrivals", '{"kind": "first_visit"}')

    def nothing(self) -> tuple[float, dict[str, Any]]:
        return self._ask("GET", "/health/live", None)

    def leave(self, reception_id: str) -> None:
        self._ask("POST", f"/api/v1/reception/receptions/{reception_id}/leave", "{}")

    def _ask(self, method: str, path: str, body: str | None) -> tuple[float, dict[str, Any]]:
        began = time.perf_counter()
        self._connection.request(method, path, body, self._headers)
        answer = self._connection.getresponse()
        said = json.loads(answer.read())
        took = (time.perf_counter() - began) * 1000
        if answer.status >= 300:
            raise RuntimeError(f"{path}: {answer.status} {said}")
        return took, said


def figures() -> Iterator[Figure]:
    """Both shapes, as far as the machine has what they stand on."""
    with tempfile.TemporaryDirectory() as folder:
        yield from _measured("single machine", start(Path(folder) / "data"), 60)
    if POSTGRESQL.present and RABBITMQ.present and NGINX.present:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o711)  # PostgreSQL's user walks through it
            yield from _measured("distributed", start_distributed(Path(folder) / "data"), 100)


def _measured(shape: str, system: SingleMachine, reach: float) -> Iterator[Figure]:
    try:
        tablets = _tablets(system)
        bare = sorted(took for took, _said in _steadily(tablets, Tablet.nothing))
        steady = list(_steadily(tablets, Tablet.arrival))
        yield _figure(f"arrival → assignment, {shape}, {RATE}/s from {TABLETS} tablets", steady, bare, reach)
        burst = list(_at_once(tablets))
        yield _figure(f"arrival → assignment, {shape}, {TABLETS} in the same instant", burst, bare, reach)
        yield _twice(shape, burst)
    finally:
        system.stop()


def _tablets(system: SingleMachine) -> list[Tablet]:
    """Four tablets in each of ten halls."""
    halls, signed = opened_halls(system), manager_headers(system)
    return [Tablet(system.url, signed, halls[n % HALLS]) for n in range(TABLETS)]


def opened_halls(system: SingleMachine) -> list[str]:
    """Ten halls with their people on duty."""
    headquarters, manager = system.as_person("hq"), system.as_person("manager")
    branch = headquarters.get("/api/v1/identity/branches")["items"][0]["branch_id"]
    password = system.accounts()["hq"].password
    halls = [str(manager.post(_PATH, {"name": f"{n}号案场"})["hall_id"]) for n in range(HALLS)]
    for n, hall in enumerate(halls):
        _staffed(headquarters, manager, branch, password, (n, hall))
    return halls


def _staffed(headquarters: Api, manager: Api, branch: str, password: str, at: tuple[int, str]) -> None:
    n, hall = at
    staff = []
    for m in range(PEOPLE):
        new = {"username": f"s{n}x{m}", "password": password, "name": f"业务{n}-{m}", "role": "salesperson"}
        made = headquarters.post("/api/v1/identity/staff", new | {"branch_id": branch, "team_id": None})
        staff.append(made["staff_id"])
    for one in staff:
        eventually(partial(_joined, manager, f"{_PATH}/{hall}/members", one), "a member", 30)
    manager.put(f"{_PATH}/{hall}/roster", {"shifts": [_ALL_DAY | {"staff_id": one} for one in staff]}, version=0)
    for m in range(PEOPLE):
        headquarters.signed_in(f"s{n}x{m}", password).post(f"{_PATH}/{hall}/clock-in")


def _joined(manager: Api, path: str, staff_id: str) -> bool | None:
    try:
        manager.post(path, {"staff_id": staff_id})
    except Refused as refusal:
        if "unknown" in refusal.code:
            return None
        raise
    return True


def _steadily(tablets: Sequence[Tablet], do: Callable[[Tablet], Any]) -> Iterator[Any]:
    """One tablet after the other at a fixed rate, whatever the answers take; who was received goes at once."""
    with ThreadPoolExecutor(TABLETS) as hands:
        due, pressed = time.perf_counter(), []
        for n in range(STEADY if do is Tablet.arrival else TABLETS * 5):
            time.sleep(max(0.0, due - time.perf_counter()))
            pressed.append(hands.submit(_press, tablets[n % TABLETS], do))
            due += 1 / RATE
        yield from (one.result() for one in pressed)


def _press(tablet: Tablet, do: Callable[[Tablet], Any]) -> Any:
    took, said = do(tablet)
    if do is Tablet.arrival:
        tablet.leave(said["reception_id"])
    return took, said


def _at_once(tablets: Sequence[Tablet]) -> Iterator[Any]:
    """All press together, round after round; between the rounds the visitors go."""
    together = Barrier(TABLETS)

    def press(tablet: Tablet) -> Any:
        together.wait()
        return tablet.arrival()

    with ThreadPoolExecutor(TABLETS) as hands:
        for _ in range(ROUNDS):
            answers = list(hands.map(press, tablets))
            yield from answers
            _let_go(tablets, [said["reception_id"] for _took, said in answers])


def _let_go(tablets: Sequence[Tablet], receptions: Sequence[str]) -> None:
    for reception in receptions:
        tablets[0].leave(reception)


def _twice(shape: str, burst: Sequence[Any]) -> Figure:
    """How many people were given two visitors in one round."""
    rounds = [burst[first : first + TABLETS] for first in range(0, len(burst), TABLETS)]
    servers = [Counter(said["server_id"] for _took, said in one if said["server_id"]) for one in rounds]
    twice = sum(times > 1 for one in servers for times in one.values())
    name = f"arrival → assignment, {shape}, people given two visitors at once"
    said = {"value": twice, "unit": "people", "reference": None, "ratio": None, "reach": "0", "holds": twice == 0}
    return Figure(figure=name, **said)


def _figure(name: str, found: Sequence[Any], bare: Sequence[float], reach: float) -> Figure:
    times = sorted(took for took, _said in found)
    p99, reference = times[int(len(times) * 0.99)], bare[int(len(bare) * 0.99)]
    return Figure(
        figure=f"{name}, p99",
        value=round(p99, 1),
        unit=f"ms (p50 {statistics.median(times):.1f} ms)",
        reference=round(reference, 1),
        ratio=round(p99 / reference, 1),
        reach=f"≤ {reach:g} ms",
        holds=p99 <= reach,
    )
