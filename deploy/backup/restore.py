"""`./run restore FILE --data DIR`: a system made anew from a backup. DIR is a new folder, or an empty one.

A backup of the distributed system goes into databases made new, on the server that `./run distributed --data DIR` would
use, and needs a broker that holds nothing of the old system.
"""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.backup.archive import Contents, Reader, Shape, reading
from deploy.backup.distributed_folder import new_distributed_folder
from deploy.backup.folder import new_folder, put_files
from deploy.backup.postgres_filling import fill, filling
from deploy.backup.refusals import Refused, answered, say
from deploy.backup.settling import Restored, refuse_newer, settle
from deploy.verify_ledger import say_of


def main(arguments: list[str]) -> int:
    """Answers 0; 1 when a restored ledger is broken; 2 when nothing was restored, and the message says why."""
    parser = argparse.ArgumentParser(prog="./run restore", description=__doc__)
    parser.add_argument("file", type=Path, metavar="FILE", help="what ./run backup made")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR")
    options = parser.parse_args(arguments)
    return answered(lambda: _restore_folder(options.file, options.data.absolute()))


def restore(file: Path, databases: Mapping[str, str], folder: Path) -> list[Restored]:
    """Fill the empty `databases` (URLs by service) from a backup, and put mark and keys into `folder`.

    Raises Refused; then databases and folder are as they were.
    """
    with reading(file) as archive:
        _refuse_unfit(archive, file, "distributed")
        if set(databases) != set(archive.contents.schemas):
            raise Refused("other_services", held=_listed(archive.contents.schemas), given=_listed(databases))
        names = _beside_databases(archive.contents)
        if any((folder / name).exists() for name in names):
            raise Refused("not_empty", folder=folder)
        with filling(databases):
            for name, url in databases.items():
                fill(name, url, archive.pieces(f"databases/{name}.dump"))
            restored = settle(databases)
            put_files(archive, folder, names)
        return restored


def restore_single_machine(file: Path, folder: Path) -> list[Restored]:
    """Make `folder` from a backup. Raises Refused; then there is no folder where there was none."""
    with reading(file) as archive:
        _refuse_unfit(archive, file, "single")
        with new_folder(folder) as draft:
            return _put(archive, draft)


def _restore_folder(file: Path, folder: Path) -> int:
    started = time.monotonic()
    with reading(file) as archive:
        shape = archive.contents.shape
    if shape == "single":
        restored = restore_single_machine(file, folder)
    else:
        with new_distributed_folder(folder) as databases:
            restored = restore(file, databases, folder)
    for each in restored:
        say("restored.service", **vars(each))
        say_of(each.service, each.broken)
    say("done.restore", folder=folder, seconds=round(time.monotonic() - started, 1))
    return 1 if any(each.broken for each in restored) else 0


def _put(archive: Reader, draft: Path) -> list[Restored]:
    services = archive.contents.schemas
    parts = {name: f"databases/{name}.db" for name in services}
    put_files(archive, draft, [*parts.values(), *_beside_databases(archive.contents)])
    for name, part in parts.items():
        (draft / part).rename(draft / f"{name}.db")
    (draft / "databases").rmdir()
    return settle({name: f"sqlite:///{draft / name}.db" for name in services})


def _refuse_unfit(archive: Reader, file: Path, shape: Shape) -> None:
    """All that can be known before anything is written."""
    if archive.contents.shape != shape:
        raise Refused("other_shape", file=file, shape=archive.contents.shape)
    refuse_newer(archive.contents)
    archive.check()


def _beside_databases(contents: Contents) -> Sequence[str]:
    return [name for name in contents.parts if not name.startswith("databases/")]


def _listed(services: Mapping[str, object]) -> str:
    return ", ".join(sorted(services))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
