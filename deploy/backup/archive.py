"""The file of a backup: one tar with every part, and `backup.json` last, which says what the parts are.

It is written beside its place and renamed when it is whole and on the disk: a file of that name is a whole backup.
Parts are written as they come; a part's header is put before it once its size is known.
"""

import fcntl
import hashlib
import json
import os
import re
import tarfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Literal

from deploy.backup.refusals import Refused

FORMAT = 1
_CONTENTS = "backup.json"
_PIECE = 1024 * 1024
_NAME = re.compile(r"databases/[a-z_]+\.(db|dump)|keys/\w[\w.-]*|anchang\.json|demo-accounts\.json")
Shape = Literal["single", "distributed"]


@dataclass(frozen=True)
class Part:
    """One file within: its size in bytes and its digest."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Contents:
    """What `backup.json` says. `schemas`: the schema of each service's database; `parts`: by name within the tar."""

    format: int
    shape: Shape
    made_at: str
    schemas: Mapping[str, int]
    parts: Mapping[str, Part]


class Writer:
    """Takes the parts of one backup."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._parts: dict[str, Part] = {}

    def add(self, name: str, pieces: Iterable[bytes]) -> Part:
        """Write one part, a piece at a time; answers what it came to."""
        start, size, digest = self._file.tell(), 0, hashlib.sha256()
        self._file.write(bytes(tarfile.BLOCKSIZE))
        for piece in pieces:
            self._file.write(piece)
            digest.update(piece)
            size += len(piece)
        self._file.write(bytes(-size % tarfile.BLOCKSIZE))
        end = self._file.tell()
        self._file.seek(start)
        self._file.write(_header(name, size))
        self._file.seek(end)
        self._parts[name] = Part(size, digest.hexdigest())
        return self._parts[name]

    def finish(self, shape: Shape, made_at: str, schemas: Mapping[str, int]) -> None:
        """Say what the parts are, and end."""
        contents = Contents(FORMAT, shape, made_at, schemas, dict(self._parts))
        self.add(_CONTENTS, [json.dumps(asdict(contents), indent=1).encode() + b"\n"])
        self._file.write(bytes(2 * tarfile.BLOCKSIZE))


@contextmanager
def writing(file: Path) -> Iterator[Writer]:
    """A new backup at `file`, readable by its owner alone: there whole when the block ends well, else not there.

    Raises Refused when something is there already, when another backup is being written there, or when it cannot be
    written (the disk is full).
    """
    draft = file.with_name(file.name + ".new")
    _refuse_existing(file)
    try:
        with os.fdopen(os.open(draft, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as out:
            _begin(out, file)
            try:
                yield Writer(out)
                _keep(out, draft, file)
            except BaseException:
                draft.unlink()
                raise
    except OSError as error:
        raise Refused("cannot_write", file=file, reason=error.strerror) from error


class Reader:
    """An opened backup."""

    def __init__(self, tar: tarfile.TarFile, file: Path) -> None:
        self._tar = tar
        self._file = file
        self.contents = self._contents()

    def check(self) -> None:
        """Read every part and compare it with its digest; raises Refused."""
        for name, part in self.contents.parts.items():
            digest = hashlib.sha256()
            for piece in self.pieces(name):
                digest.update(piece)
            if digest.hexdigest() != part.sha256:
                raise Refused("damaged", file=self._file)

    def pieces(self, name: str) -> Iterator[bytes]:
        """The bytes of one part; raises Refused."""
        with _readable(self._file):
            member = self._tar.extractfile(name)
            if member is None:
                raise KeyError(name)
            with member:
                yield from pieces_of(member)

    def _contents(self) -> Contents:
        with _readable(self._file):
            claims = json.loads(b"".join(self.pieces(_CONTENTS)))
            if claims["format"] > FORMAT:
                raise Refused("newer_format", file=self._file, format=claims["format"], known=FORMAT)
            parts = {name: Part(**part) for name, part in claims.pop("parts").items()}
            if any(_NAME.fullmatch(name) is None for name in parts):  # a path may lead anywhere
                raise ValueError
            return Contents(**claims, parts=parts)


@contextmanager
def reading(file: Path) -> Iterator[Reader]:
    """An existing backup; raises Refused when it is none, is damaged, or has a newer format."""
    try:
        handle = file.open("rb")
    except OSError as error:
        raise Refused("cannot_read", file=file, reason=error.strerror) from error
    with handle, _opened(handle, file) as tar:
        yield Reader(tar, file)


def pieces_of(file: IO[bytes]) -> Iterator[bytes]:
    """A file's bytes, a piece at a time."""
    while piece := file.read(_PIECE):
        yield piece


def sync_folder(folder: Path) -> None:
    """What was made, renamed or removed in the folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _opened(handle: IO[bytes], file: Path) -> tarfile.TarFile:
    with _readable(file):
        return tarfile.open(fileobj=handle, mode="r:")


@contextmanager
def _readable(file: Path) -> Iterator[None]:
    try:
        yield
    except (tarfile.TarError, LookupError, TypeError, ValueError) as error:
        raise Refused("damaged", file=file) from error


def _begin(out: IO[bytes], file: Path) -> None:
    """Have the draft for ourselves, empty: what a backup that was killed left in it goes."""
    try:
        fcntl.flock(out, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise Refused("being_written", file=file) from error
    _refuse_existing(file)  # it may have been finished, and be what we opened, before we had the lock
    os.fchmod(out.fileno(), 0o600)
    out.truncate()


def _refuse_existing(file: Path) -> None:
    if file.exists():
        raise Refused("exists", file=file)


def _keep(out: IO[bytes], draft: Path, file: Path) -> None:
    out.flush()
    os.fsync(out.fileno())
    draft.rename(file)
    sync_folder(file.parent)


def _header(name: str, size: int) -> bytes:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(time.time())
    return member.tobuf(tarfile.GNU_FORMAT)  # one block, whatever the size
