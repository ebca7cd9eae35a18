"""What processes take of the machine's memory: PSS, in which what several share counts once."""

from collections.abc import Iterator
from pathlib import Path

_NOT_OURS = ("postgres", "beam.smp", "epmd", "erl_child_setup", "inet_gethost", "rabbitmq-server", "sh")


def family_of(pid: int) -> float:
    """MB of a process and all it has started, but for the servers that it stands on and those that keep them."""
    return sum(_pss(one) for one in (pid, *_below(pid))) / 1024


def _below(pid: int) -> Iterator[int]:
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in map(int, (task / "children").read_text(encoding="ascii").split()):
            if not _is_a_server(child):
                yield child
                yield from _below(child)


def _is_a_server(pid: int) -> bool:
    name = Path(f"/proc/{pid}/comm").read_text(encoding="utf-8").strip()
    return name in _NOT_OURS or b"keeper.py" in Path(f"/proc/{pid}/cmdline").read_bytes()


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
