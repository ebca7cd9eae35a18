"""Reading a file in a process that may take 1.5 GB: whatever the file is, the process must live on."""

import multiprocessing
import resource
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from chassis.sheets import Cells, Limits, NotASheet, SheetEncrypted, SheetTooLarge, sheets_in

LIMITS = Limits(bytes=10_000_000, rows=110_000, columns=60)
Read = list[list[Cells]]
_SHOWN = 3  # rows of a sheet


@dataclass(frozen=True)
class Took:
    """What came of a file, its rows, and the most memory that it took, in MB: this process, the greatest it started."""

    read: Read | type[Exception]
    rows: int
    own: float
    started: float

    @property
    def memory(self) -> float:
        """Of both, if they were at their greatest together."""
        return self.own + self.started


@contextmanager
def reader() -> Iterator[ProcessPoolExecutor]:
    """A process of its own for `read` and `took`."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _keep_within) as process:
        yield process


def read(content: bytes) -> Read | type[Exception]:
    """The first rows of each sheet, once all have been read, or why the file is refused."""
    return took(content).read


def took(content: bytes) -> Took:
    """Read a file to its end."""
    sheets: Read = []
    rows, refusal = 0, None
    try:
        for sheet in sheets_in(content, LIMITS):
            sheets.append([])
            for cells in sheet:
                rows += 1
                sheets[-1].extend([cells] if len(sheets[-1]) < _SHOWN else [])
    except (SheetTooLarge, NotASheet, SheetEncrypted) as error:
        refusal = type(error)
    started = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return Took(refusal or sheets, rows, _most_memory(), started / 1024)


def _keep_within() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (1_500_000_000, 1_500_000_000))


def _most_memory() -> float:
    """Of this program alone: what getrusage says begins with what its parent had."""
    lines = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) / 1024
