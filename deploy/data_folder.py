"""The folder that holds a system's data: who may use it, and whether this code may.

`anchang.json` in it says with which format, in which shape and with which kind of clock it was made. One system uses a
folder at a time.
"""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

FORMAT = 1
ClockKind = Literal["system", "standing"]
Shape = Literal["single", "distributed"]
_MODES: dict[Shape, int] = {"single": 0o700, "distributed": 0o711}  # PostgreSQL's own user walks through the latter
_STARTED_BY: dict[Shape, str] = {"single": "./run", "distributed": "./run distributed"}


class Unusable(Exception):
    """The folder cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Mark:
    """What the folder says of itself."""

    format: int
    clock: ClockKind
    shape: Shape = "single"


@contextmanager
def held(folder: Path, clock: ClockKind = "system", shape: Shape = "single") -> Iterator[Path]:
    """The folder, made if it was not there, checked, and ours alone while the block runs. Raises Unusable."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(_MODES[shape])
        lock = (folder / "lock").open("a")
    except OSError as error:
        raise Unusable(f"{folder} cannot be written ({error.strerror}): choose another with --data DIR") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Unusable(f"{folder} is in use by another anchang: stop that one, or use --data DIR") from error
        _check(folder, Mark(FORMAT, clock, shape))
        yield folder


def write_private(file: Path, text: str) -> None:
    """Write a file only its owner may read; it appears whole or not at all."""
    draft = file.with_name(file.name + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    draft.replace(file)


def _check(folder: Path, ours: Mark) -> None:
    mark_file = folder / "anchang.json"
    if not mark_file.exists():
        if any(folder.glob("*.db")):
            raise Unusable(f"{folder} holds databases but no anchang.json: it is not a whole data folder")
        write_private(mark_file, json.dumps(asdict(ours)) + "\n")
        return
    _compare(folder, _read(mark_file), ours)


def _read(mark_file: Path) -> Mark:
    try:
        return Mark(**json.loads(mark_file.read_text(encoding="utf-8")))
    except (ValueError, TypeError) as error:
        raise Unusable(f"{mark_file} is damaged: restore it from a backup") from error


def _compare(folder: Path, mark: Mark, ours: Mark) -> None:
    if mark.format > FORMAT:
        raise Unusable(
            f"{folder} was made by a newer version (format {mark.format}, this one reads {FORMAT}): "
            "update the program, or use --data DIR for another folder"
        )
    if mark.shape != ours.shape:
        raise Unusable(
            f"{folder} holds the data of another shape: start it with {_STARTED_BY[mark.shape]}, or use --data DIR"
        )
    if mark.clock == ours.clock:
        return
    if ours.clock == "standing":
        raise Unusable(f"{folder} holds real data, made without --clock: use another folder with --data DIR")
    raise Unusable(f"{folder} holds training data, made with --clock: start it with --clock, or use another --data DIR")
