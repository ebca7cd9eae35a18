"""From the answer of *complete* to visible in follow-ups and reporting: the single machine at 50 completions a second.

Visible means committed in the reader's own database, which is looked at every millisecond from outside the process.
A visitor is an arrival, a completion and the seven events that they cause, each carried to its readers. What all of it
costs in CPU time decides how many visitors one process bears.
"""

import math
import os
import secrets
import sqlite3
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

from benchmarks.__main__ import Figure
from deploy.demo.client import Api
from tests.journeys.system import SingleMachine, start

RATE = 50  # completions a second
COUNT = 400
_SEEN = {
    "followups": "SELECT origin_key FROM records WHERE origin = 'reception'",
    "reporting": "SELECT reception_id FROM receptions WHERE state = 'completed'",
}


def figures() -> list[Figure]:
    """Completions at a fixed rate; for each, the time until both readers show it."""
    with tempfile.TemporaryDirectory() as folder:
        system = start(Path(folder) / "data")
        try:
            hall, manager = _everybody_at_work(system)
            busy = _cpu_seconds(system)
            delays = sorted(_delays(system, hall, manager))
            busy = _cpu_seconds(system) - busy
        finally:
            system.stop()
    return [
        _figure("CPU time of one visitor, whole process", busy / COUNT * 1000, 12),
        _figure("complete → visible, single machine, p50", statistics.median(delays), 15),
        _figure("complete → visible, single machine, p99", delays[int(len(delays) * 0.99)], 30),
    ]


def _delays(system: SingleMachine, hall: str, manager: Api) -> Iterator[float]:
    """Milliseconds from each answer to the moment both readers show its reception."""
    answered: dict[str, float] = {}
    watchers = [_Watcher(system.data / f"{name}.db", query) for name, query in _SEEN.items()]
    with ThreadPoolExecutor(max_workers=5) as doors:
        due = time.perf_counter()
        for _ in range(COUNT):
            time.sleep(max(0.0, due - time.perf_counter()))
            doors.submit(_one_visitor, manager, hall, answered)
            due += 1 / RATE
    seen = [watcher.finish() for watcher in watchers]
    for reception, at in answered.items():
        yield max(0.0, max(one[reception] for one in seen) - at) * 1000


def _cpu_seconds(system: SingleMachine) -> float:
    """What the process has used so far, in user and system mode (proc(5): fields 14 and 15, after the name)."""
    after_name = Path(f"/proc/{system.process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


class _Watcher:
    """Notes when each reception first shows in one reader's database."""

    def __init__(self, file: Path, query: str) -> None:
        self._file, self._query = file, query
        self._seen: dict[str, float] = {}
        self._deadline = math.inf
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()

    def finish(self) -> dict[str, float]:
        """What was seen: all of it, or what shows within half a minute from now."""
        self._deadline = time.perf_counter() + 30
        self._thread.join()
        return self._seen

    def _watch(self) -> None:
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as database:
            while len(self._seen) < COUNT and time.perf_counter() < self._deadline:
                rows = database.execute(self._query).fetchall()
                now = time.perf_counter()
                for (reception,) in rows:
                    self._seen.setdefault(reception, now)
                time.sleep(0.001)


def _everybody_at_work(system: SingleMachine) -> tuple[str, Api]:
    manager = system.as_person("manager")
    hall = manager.get("/api/v1/reception/halls")["items"][0]["hall_id"]
    for number in range(1, 6):
        system.as_person(f"sales{number}").post(f"/api/v1/reception/halls/{hall}/clock-in")
    return hall, manager


def _one_visitor(manager: Api, hall: str, answered: dict[str, float]) -> None:
    reception = manager.post(f"/api/v1/reception/halls/{hall}/arrivals", {"kind": "first_visit"})["reception_id"]
    visitor = {"name": "王小明", "phone": f"139{secrets.randbelow(10**8):08d}"}
    manager.post(f"/api/v1/reception/receptions/{reception}/complete", visitor)
    answered[reception] = time.perf_counter()


def _figure(name: str, milliseconds: float, limit: float) -> Figure:
    return Figure(
        figure=name,
        value=round(milliseconds, 1),
        unit="ms",
        reference=None,
        ratio=None,
        reach=f"≤ {limit:g} ms",
        holds=milliseconds <= limit,
    )
