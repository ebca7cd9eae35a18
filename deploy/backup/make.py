"""`./run backup FILE --data DIR`: the whole system as it is at one moment, in one file, while it runs."""

import argparse
import json
import sys
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from deploy.backup import postgres_moment, sqlite_moment
from deploy.backup.archive import Shape, Writer, pieces_of, writing
from deploy.backup.folder import MARK, databases_of, kept_files
from deploy.backup.refusals import Refused, answered, say
from deploy.catalogue import NAMES
from deploy.distributed.plan import ADDRESSES


class View(Protocol):
    """One service's database as it was at the moment."""

    @property
    def service(self) -> str: ...
    @property
    def part(self) -> str: ...
    @property
    def schema(self) -> int: ...
    def pieces(self) -> Generator[bytes, None, None]: ...


def main(arguments: list[str]) -> int:
    """Answers 0, or 2 when nothing was made; the message says why."""
    parser = argparse.ArgumentParser(prog="./run backup", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="made new, readable by its owner alone")
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / ".data", metavar="DIR")
    options = parser.parse_args(arguments)
    return answered(lambda: _backup_folder(options.data, options.file.absolute()))


def backup(databases: Mapping[str, str], folder: Path, file: Path) -> None:
    """Back up a distributed system: `databases` are the URLs by service, `folder` holds mark and keys.

    Raises Refused; then there is no `file`.
    """
    with writing(file) as writer, postgres_moment.one_moment(databases) as views:
        _write(writer, "distributed", views, folder)


def backup_single_machine(folder: Path, file: Path) -> None:
    """Back up a single machine's folder, whether it runs or not. Raises Refused; then there is no `file`."""
    files = {name: folder / f"{name}.db" for name in NAMES}
    missing = [file.name for file in (*files.values(), folder / MARK) if not file.exists()]
    if missing or (folder / "first-start").exists():
        raise Refused("not_whole", folder=folder, missing=", ".join(missing) or "-")
    scratch = file.with_name(file.name + ".part")
    with writing(file) as writer, sqlite_moment.one_moment(files, scratch) as views:
        _write(writer, "single", views, folder)


def _backup_folder(folder: Path, file: Path) -> int:
    started = time.monotonic()
    if (folder / ADDRESSES).exists():
        backup(databases_of(folder), folder, file)
    elif _is_distributed(folder):
        raise Refused("start_first", folder=folder)
    else:
        backup_single_machine(folder, file)
    say("done.backup", file=file, size=_size(file.stat().st_size), seconds=round(time.monotonic() - started, 1))
    return 0


def _is_distributed(folder: Path) -> bool:
    if not (folder / MARK).exists() and not any(folder.glob("*.db")):
        raise Refused("no_data", folder=folder)
    return (folder / MARK).exists() and json.loads((folder / MARK).read_text()).get("shape") == "distributed"


def _write(writer: Writer, shape: Shape, views: Sequence[View], folder: Path) -> None:
    made_at = datetime.now(UTC).isoformat(timespec="seconds")
    for view in views:
        with closing(view.pieces()) as pieces:
            part = writer.add(view.part, pieces)
        print(f"  {view.service}: {_size(part.size)}", flush=True)
    for name in kept_files(folder):
        with (folder / name).open("rb") as file:
            writer.add(name, pieces_of(file))
    writer.finish(shape, made_at, {view.service: view.schema for view in views})


def _size(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
