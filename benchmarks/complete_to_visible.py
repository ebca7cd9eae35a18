"""From the answer of *complete* to visible in follow-ups and reporting, on the single machine at 50 completions a second."""

import statistics
import tempfile
import time
from pathlib import Path
from threading import Thread

from benchmarks.__main__ import Figure
from deploy.demo.client import Api
from tests.journeys.system import SingleMachine, start

RATE = 50  # completions a second
COUNT = 300


def figures() -> list[Figure]:
    """Completions at a fixed rate; for each, the time until both readers show it."""
    with tempfile.TemporaryDirectory() as folder:
        system = start(Path(folder) / "data")
        try:
            delays = sorted(_delays(system))
        finally:
            system.stop()
    return [
        _figure("complete → visible, single machine, p50", statistics.median(delays), "p50 ≤ 15 ms", 15),
        _figure("complete → visible, single machine, p99", delays[int(len(delays) * 0.99)], "p99 ≤ 30 ms", 30),
    ]


def _figure(name: str, milliseconds: float, reach: str, limit: float) -> Figure:
    return Figure(
        figure=name,
        value=round(milliseconds, 1),
        unit="ms",
        reference=None,
        ratio=None,
        reach=reach,
        holds=milliseconds <= limit,
    )
