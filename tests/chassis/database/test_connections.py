"""Connections are kept between transactions, and nothing of one transaction is in the next."""

from pathlib import Path

import pytest
from sqlalchemy import text

from chassis.database import Database
from chassis.database.write_back import LogInUse, write_back


class Refused(Exception):
    """What an action raises."""


def test_a_refused_transaction_leaves_nothing_to_the_next(tmp_path: Path) -> None:
    """What one left unfinished is neither stored nor seen, and the next one begins by itself."""
    database = Database(f"sqlite:///{tmp_path}/notes.db", "notes")
    with database.write() as tx:
        tx.execute(text("CREATE TABLE notes (text)"))
    with pytest.raises(Refused), database.write() as tx:
        tx.execute(text("INSERT INTO notes VALUES ('unfinished')"))
        raise Refused
    with database.write() as tx:
        tx.execute(text("INSERT INTO notes VALUES ('finished')"))
    with database.read() as tx:
        assert list(tx.execute(text("SELECT text FROM notes")).scalars()) == ["finished"]
    database.close()


def test_a_view_ends_with_its_block(tmp_path: Path) -> None:
    """A reader that comes again sees what was committed meanwhile, though its connection was kept."""
    database = Database(f"sqlite:///{tmp_path}/notes.db", "notes")
    with database.write() as tx:
        tx.execute(text("CREATE TABLE notes (text)"))
    counted = []
    for _time in range(2):
        with database.read() as tx:
            counted.append(tx.execute(text("SELECT count(*) FROM notes")).scalar())
        with database.write() as tx:
            tx.execute(text("INSERT INTO notes VALUES ('one more')"))
    database.close()
    assert counted == [0, 1]


def test_closing_lets_go_of_the_file(tmp_path: Path) -> None:
    """Afterwards SQLite has put everything into the one file: what it does when the last connection is closed."""
    database = Database(f"sqlite:///{tmp_path}/notes.db", "notes")
    with database.write() as tx:
        tx.execute(text("CREATE TABLE notes (text)"))
        with database.read() as beside:
            beside.execute(text("SELECT 1"))
    assert (tmp_path / "notes.db-wal").exists()
    database.close()
    assert not (tmp_path / "notes.db-wal").exists()


def test_what_was_deleted_is_in_no_file(tmp_path: Path) -> None:
    """SQLite: deleted and changed text is overwritten, and the log of writes is empty once it was written back."""
    database, log = Database(f"sqlite:///{tmp_path}/notes.db", "notes"), tmp_path / "notes.db-wal"
    with database.write() as tx:
        tx.execute(text("CREATE TABLE notes (text)"))
        tx.execute(text("INSERT INTO notes VALUES ('a secret to delete'), ('a secret to change')"))
    with database.write() as tx:
        tx.execute(text("DELETE FROM notes WHERE text LIKE '%delete'"))
        tx.execute(text("UPDATE notes SET text = 'forgotten'"))
    assert b"secret" in log.read_bytes()
    write_back(database)
    assert log.read_bytes() == b"" and b"secret" not in (tmp_path / "notes.db").read_bytes()
    database.close()


def test_a_log_that_is_read_is_not_emptied(tmp_path: Path) -> None:
    """While somebody reads what the log alone holds it stays, and nobody is disturbed."""
    database = Database(f"sqlite:///{tmp_path}/notes.db", "notes", patience=0.1)
    with database.write() as tx:
        tx.execute(text("CREATE TABLE notes (text)"))
    with database.read() as tx:
        tx.execute(text("SELECT * FROM notes"))
        with pytest.raises(LogInUse):
            write_back(database)
    write_back(database)
    database.close()
