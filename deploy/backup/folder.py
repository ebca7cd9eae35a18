"""What a data folder holds beside its databases, and having a new one for ourselves while it is filled."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

from deploy.backup.archive import Reader, sync_folder
from deploy.backup.refusals import Refused
from deploy.distributed.plan import ADDRESSES

MARK = "anchang.json"
_LOCK = "lock"  # a running system holds it
_UNFINISHED = "restoring"  # stands in a folder that a restore began and nobody else may need


def databases_of(folder: Path) -> dict[str, str]:
    """The URLs of a distributed system's databases, by service."""
    addresses: dict[str, dict[str, str]] = json.loads((folder / ADDRESSES).read_text(encoding="utf-8"))
    return addresses["databases"]


def kept_files(folder: Path) -> Sequence[str]:
    """What a backup holds beside the databases, by name within the folder."""
    single = [name for name in (MARK, "demo-accounts.json") if (folder / name).exists()]
    return [*single, *sorted(f"keys/{key.name}" for key in (folder / "keys").glob("*.pem"))]


def put_files(archive: Reader, folder: Path, names: Sequence[str]) -> None:
    """Write these parts of the backup into the folder, for its owner alone, and onto the disk: all of them or none.

    Raises Refused.
    """
    try:
        with ExitStack() as undo:
            for name in names:
                with _new(folder / name) as out:
                    undo.callback((folder / name).unlink)
                    out.writelines(archive.pieces(name))
                    out.flush()
                    os.fsync(out.fileno())
            undo.pop_all()
    except OSError as error:
        raise Refused("cannot_write", file=folder, reason=error.strerror) from error


def _new(file: Path) -> IO[bytes]:
    file.parent.mkdir(mode=0o700, exist_ok=True)
    return os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


@contextmanager
def new_folder(folder: Path) -> Iterator[Path]:
    """A folder beside `folder` that takes its place when the block ends well, and is removed when it does not.

    Raises Refused when `folder` is in use, or holds anything.
    """
    refuse_taken(folder)
    draft = folder.with_name(folder.name + ".new")
    try:
        _begin(draft)
        with (draft / _LOCK).open("a") as lock:
            _hold(lock.fileno(), draft)
            try:
                yield draft
                (draft / _UNFINISHED).unlink()
                sync_folder(draft)
                draft.rename(folder)  # onto nothing, or an empty folder: anything else makes it fail
                sync_folder(folder.parent)
            except BaseException:
                shutil.rmtree(draft)
                raise
    except OSError as error:
        raise Refused("cannot_write", file=folder, reason=error.strerror) from error


def refuse_taken(folder: Path) -> None:
    """Raises Refused when the folder is in use, or holds anything."""
    if (folder / _LOCK).exists():
        with (folder / _LOCK).open("a") as lock:
            _hold(lock.fileno(), folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Refused("not_empty", folder=folder)


def _begin(draft: Path) -> None:
    """What a restore that was killed left there goes; what is anybody else's stays."""
    if (draft / _UNFINISHED).exists():
        with (draft / _LOCK).open("a") as lock:
            _hold(lock.fileno(), draft)
            shutil.rmtree(draft)
    elif draft.exists():
        raise Refused("not_empty", folder=draft)
    draft.mkdir(mode=0o700, parents=True)
    (draft / _UNFINISHED).touch()


def _hold(lock: int, folder: Path) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refused("in_use", folder=folder) from error
