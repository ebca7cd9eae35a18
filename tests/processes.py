"""What the kernel says of processes that run."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path


def children_of(process: int | str) -> Iterator[int]:
    """Those that any of its threads has started (`self`: our own) and that have not ended."""
    for task in Path(f"/proc/{process}/task").iterdir():
        with suppress(OSError):  # a thread that has ended meanwhile
            yield from map(int, (task / "children").read_text(encoding="ascii").split())
