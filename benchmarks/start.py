"""The second start to ready, and the memory of the idle system."""

import tempfile
import time
from pathlib import Path

from benchmarks.__main__ import Figure
from benchmarks.memory import family_of
from tests.journeys.system import start


def figures() -> list[Figure]:
    """Start on a folder that holds the demo; seconds from the command to the ready line, PSS once idle."""
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        start(data).stop()
        began = time.perf_counter()
        system = start(data)
        took = time.perf_counter() - began
        time.sleep(3)  # what the start left running is to end first
        memory = family_of(system.process.pid)
        system.stop()
    return [
        Figure(
            figure="second start to ready",
            value=round(took, 2),
            unit="s",
            reference=None,
            ratio=None,
            reach="≤ 3 s",
            holds=took <= 3,
        ),
        Figure(
            figure="idle memory, single machine",
            value=round(memory),
            unit="MB",
            reference=None,
            ratio=None,
            reach="≤ 160 MB",
            holds=memory <= 160,
        ),
    ]
