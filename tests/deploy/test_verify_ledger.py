"""`./run verify-ledger`: whether the ledgers of a data folder are what was written."""

from pathlib import Path

import pytest
from sqlalchemy import MetaData, text

from chassis.database import Database
from chassis.furniture import furnish
from chassis.ledger import append
from deploy.verify_ledger import main


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A data folder with one database and two entries in its ledger."""
    database = Database(f"sqlite:///{tmp_path / 'probe.db'}", "probe")
    furnish(MetaData()).create_all(database.engine)
    with database.write() as tx:
        append(tx, "credits", "credit.given", "person/1", {"amount": 1})
        append(tx, "credits", "credit.given", "person/2", {"amount": 2})
    database.close()
    return tmp_path


def test_a_whole_ledger_is_said_to_be_whole(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing changed: code 0 and one line per database."""
    assert main(["--data", str(folder)]) == 0
    assert capsys.readouterr().out == "probe: 完整 / whole\n"


def test_a_changed_entry_is_named(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Somebody edited the file: code 1, the chain, the entry and what is wrong with it."""
    database = Database(f"sqlite:///{folder / 'probe.db'}", "probe")
    with database.write() as tx:
        tx.execute(text("DROP TRIGGER ledger_guards_update"))
        tx.execute(text("UPDATE ledger SET body = '{}' WHERE n = 1"))
    database.close()
    assert main(["--data", str(folder)]) == 1
    assert capsys.readouterr().out == "probe: credits #1: 内容被改动 / its content was changed\n"
