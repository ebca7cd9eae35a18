"""One moment of several SQLite files that another process writes.

The write locks of all files are held together for as long as it takes to open a read view of each, some milliseconds;
then they are given back, and each file is copied from its view while it is written on. Crosswise waiting cannot come of
it: whoever writes a file of this system holds no other, so every lock we wait for is given back by itself.
"""

import os
import sqlite3
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.backup.archive import pieces_of
from deploy.backup.refusals import Refused

_HOLD = 1.0  # seconds: the writers of files that are held wait for 4
_TRIES = 20
_LOOK_AGAIN = 0.0005  # SQLite's own waiting looks ever less often, and under load never wins

_Connections = Mapping[str, sqlite3.Connection]


@dataclass(frozen=True)
class FileView:
    """One service's file as it was at the moment. `scratch`: where its copy may lie while it is read."""

    service: str
    view: sqlite3.Connection
    scratch: Path

    @property
    def part(self) -> str:
        return f"databases/{self.service}.db"

    @property
    def schema(self) -> int:
        return int(self.view.execute("SELECT schema FROM schema_serves").fetchone()[0])

    def pieces(self) -> Generator[bytes, None, None]:
        """The bytes of a database file that holds what the view shows."""
        os.close(os.open(self.scratch, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600))
        try:
            with closing(_opened(self.scratch)) as copy:
                copy.execute("PRAGMA journal_mode=OFF")
                copy.execute("PRAGMA synchronous=OFF")
                self.view.backup(copy)  # in one step: it reads in the transaction that is open
            with self.scratch.open("rb") as file:
                yield from pieces_of(file)
        finally:
            self.scratch.unlink()


@contextmanager
def one_moment(
    files: Mapping[str, Path], scratch: Path, hold: float = _HOLD, tries: int = _TRIES
) -> Iterator[list[FileView]]:
    """Views of all files, by service, as they were at one moment while the block began.

    Each of `tries` holds some of the files for `hold` seconds at most, then lets everybody pass for as long. Raises
    Refused when some transaction holds a file for long, again and again.
    """
    with ExitStack() as stack:
        writers = {name: stack.enter_context(closing(_opened(files[name]))) for name in sorted(files)}
        views = {name: stack.enter_context(closing(_opened(files[name], patience=1))) for name in writers}
        _open_together(writers, views, hold, tries)
        yield [FileView(name, view, scratch) for name, view in views.items()]


def _opened(file: Path, patience: float = 0) -> sqlite3.Connection:
    """An existing file. For the write lock we wait ourselves, so SQLite does not."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True, timeout=patience, isolation_level=None)


def _open_together(writers: _Connections, views: _Connections, hold: float, tries: int) -> None:
    for _try in range(tries):
        try:
            if _lock(writers, time.monotonic() + hold):
                for view in views.values():
                    view.execute("BEGIN")
                    view.execute("SELECT schema FROM schema_serves").fetchone()  # the view is of the first read
                return
        finally:
            _let_go(writers)
        time.sleep(hold)
    raise Refused("busy")


def _lock(writers: _Connections, until: float) -> bool:
    return all(_lock_one(writer, until) for writer in writers.values())


def _lock_one(writer: sqlite3.Connection, until: float) -> bool:
    while True:
        try:
            writer.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                raise
        else:
            return True
        if time.monotonic() > until:
            return False
        time.sleep(_LOOK_AGAIN)


def _let_go(writers: _Connections) -> None:
    for writer in writers.values():
        writer.rollback()
