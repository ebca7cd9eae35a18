"""One moment of several SQLite files in use."""

import shutil
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest

from deploy.backup.refusals import Refused
from deploy.backup.sqlite_moment import FileView, one_moment

NAMES = ("announcer", "between", "reader")


@pytest.fixture
def files(tmp_path: Path) -> Mapping[str, Path]:
    """Files in which a number stands: whoever counts up goes from the first to the last."""
    files = {name: tmp_path / f"{name}.db" for name in NAMES}
    for file in files.values():
        with closing(_opened(file)) as connection:
            connection.executescript(
                "PRAGMA journal_mode=WAL; CREATE TABLE schema_serves (schema); INSERT INTO schema_serves VALUES (3);"
                "CREATE TABLE counted (n); INSERT INTO counted VALUES (0);"
            )
    return files


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(file, timeout=5, isolation_level=None, check_same_thread=False)


class Counting:
    """Counts up in each file in turn, one transaction after the other, until it is left; what fails is kept."""

    def __init__(self, files: Mapping[str, Path]) -> None:
        self.rounds = 0
        self.failed: list[Exception] = []
        self._files = files
        self._stopping = Event()
        self._thread = Thread(target=self._count)

    def __enter__(self) -> "Counting":
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        self._thread.join()

    def _count(self) -> None:
        connections = [_opened(self._files[name]) for name in NAMES]
        try:
            while not self._stopping.is_set():
                for connection in connections:
                    connection.execute("BEGIN IMMEDIATE")
                    connection.execute("UPDATE counted SET n = n + 1")
                    connection.execute("COMMIT")
                self.rounds += 1
        except sqlite3.Error as error:
            self.failed.append(error)
        for connection in connections:
            connection.close()


def _number(connection: sqlite3.Connection) -> int:
    return int(connection.execute("SELECT n FROM counted").fetchone()[0])


def _copied(view: FileView, file: Path) -> Iterator[sqlite3.Connection]:
    file.write_bytes(b"".join(view.pieces()))
    with closing(sqlite3.connect(file)) as connection:
        yield connection


def test_no_file_is_ahead_of_those_before_it(files: Mapping[str, Path], tmp_path: Path) -> None:
    """What is written first in one file and then in the next is never seen in the next alone; nobody is refused."""
    seen = []
    with Counting(files) as counting:
        while (counting.rounds < 50 or len(seen) < 10) and not counting.failed:
            with one_moment(files, tmp_path / "scratch") as views:
                seen.append([_number(view.view) for view in sorted(views, key=lambda view: view.service)])
    assert [numbers for numbers in seen if numbers != sorted(numbers, reverse=True)] == []
    assert max(numbers[0] - numbers[-1] for numbers in seen) <= 1
    assert counting.failed == []


def test_a_copy_is_of_the_moment_however_long_the_file_is_written_on(files: Mapping[str, Path], tmp_path: Path) -> None:
    """What is committed after the moment is in no copy, and those who commit do not wait for the copies."""
    with one_moment(files, tmp_path / "scratch") as views:
        for name in NAMES:
            with closing(_opened(files[name])) as connection:
                connection.execute("UPDATE counted SET n = 7")
                connection.execute("CREATE TABLE later AS SELECT randomblob(1000000) AS much")
        for view in views:
            for copy in _copied(view, tmp_path / "copy.db"):
                assert (_number(copy), view.schema) == (0, 3)
                assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
                assert copy.execute("SELECT name FROM sqlite_master WHERE name = 'later'").fetchall() == []


def test_nothing_is_left_beside_the_files(files: Mapping[str, Path], tmp_path: Path) -> None:
    """The copy that was read is gone, also when its reader did not come to the end."""
    with one_moment(files, tmp_path / "scratch") as views:
        pieces = views[0].pieces()
        next(pieces)
        pieces.close()
    assert not (tmp_path / "scratch").exists()


def test_a_file_held_for_long_is_not_waited_for_without_end(files: Mapping[str, Path], tmp_path: Path) -> None:
    """A transaction that does not end: the backup is refused, and holds nobody up meanwhile or afterwards."""
    with closing(_opened(files["reader"])) as long:
        long.execute("BEGIN IMMEDIATE")
        with pytest.raises(Refused) as refused, one_moment(files, tmp_path / "scratch", hold=0.05, tries=2):
            pass
    assert refused.value.code == "busy"
    with closing(_opened(files["announcer"])) as connection:
        connection.execute("UPDATE counted SET n = 1")


def test_a_folder_at_rest_is_copied_too(files: Mapping[str, Path], tmp_path: Path) -> None:
    """Files that nobody has open, moved there from elsewhere."""
    moved = {name: Path(shutil.copy(file, tmp_path / f"moved-{name}.db")) for name, file in files.items()}
    with one_moment(moved, tmp_path / "scratch") as views:
        assert [_number(view.view) for view in views] == [0, 0, 0]
