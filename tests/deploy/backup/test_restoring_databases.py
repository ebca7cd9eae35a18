"""Restoring into PostgreSQL databases: each reason not to leaves them as they were."""

import json
import secrets
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from chassis.database.migrations import migrate
from deploy.backup import make, restore
from deploy.backup.postgres_programs import plain
from deploy.backup.refusals import Refused
from deploy.catalogue import folder_of, service
from deploy.distributed.private_postgres import fresh_database
from deploy.verify_ledger import main as verify_ledger
from tests.deploy.backup.folders import with_part
from tests.ground import ask

pytestmark = pytest.mark.system
_SERVICES = ("customers", "reception")
_THINGS = "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace"
_FUNCTIONS = "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace"


def _databases() -> dict[str, str]:
    """Empty ones for two services. They go with the session's server: to drop each would wait for a checkpoint."""
    return {name: fresh_database(ask("postgres")) for name in _SERVICES}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a distributed system that runs: its databases are migrated, and named in addresses.json."""
    folder, urls = tmp_path_factory.mktemp("data"), _databases()
    for name, url in urls.items():
        migrate(name, folder_of(name) / "migrations", service(name).metadata, url)
    (folder / "addresses.json").write_text(json.dumps({"databases": urls}))
    (folder / "anchang.json").write_text('{"format": 1, "clock": "system", "shape": "distributed"}')
    return folder


@pytest.fixture(scope="module")
def file(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its backup, made by the command."""
    file = tmp_path_factory.mktemp("backups") / "one.tar"
    assert make.main([str(file), "--data", str(folder)]) == 0
    return file


@pytest.fixture(scope="module")
def empty() -> Mapping[str, str]:
    """Empty databases: after each refusal they are so again."""
    return _databases()


def _rows(url: str, query: str) -> list[tuple[Any, ...]]:
    with closing(psycopg.connect(plain(url))) as connection:
        return connection.execute(query).fetchall()


def _refused(file: Path, databases: Mapping[str, str], folder: Path) -> str:
    with pytest.raises(Refused) as refused:
        restore.restore(file, databases, folder)
    return refused.value.code


def test_a_dump_that_fails_leaves_every_database_empty(file: Path, empty: Mapping[str, str], tmp_path: Path) -> None:
    """One part is no dump: what was filled before it is empty again, functions included, and the folder too."""
    other = with_part(file, "databases/reception.dump", b"no dump" * 1000, "distributed")
    assert _refused(other, empty, tmp_path) == "program_failed"
    assert [_rows(url, _THINGS) + _rows(url, _FUNCTIONS) for url in empty.values()] == [[]] * len(_SERVICES)
    assert list(tmp_path.iterdir()) == []
    other.unlink()


def test_a_folder_that_cannot_take_the_keys_leaves_every_database_empty(
    file: Path, empty: Mapping[str, str], tmp_path: Path
) -> None:
    """Mark and keys come last: when they cannot be written, what was filled is empty again."""
    (tmp_path / "no-folder").touch()
    assert _refused(file, empty, tmp_path / "no-folder") == "cannot_write"
    assert [_rows(url, _THINGS) for url in empty.values()] == [[]] * len(_SERVICES)


def test_a_database_with_anything_in_it_is_refused(
    folder: Path, file: Path, empty: Mapping[str, str], tmp_path: Path
) -> None:
    """It stays what it was, and the others stay empty."""
    used: str = json.loads((folder / "addresses.json").read_text())["databases"]["reception"]
    before = _rows(used, _THINGS)
    assert _refused(file, dict(empty) | {"reception": used}, tmp_path) == "database_not_empty"
    assert _rows(used, _THINGS) == before != []


def test_one_database_too_few_is_refused(file: Path, empty: Mapping[str, str], tmp_path: Path) -> None:
    """Every service of the backup needs its database."""
    assert _refused(file, {name: empty[name] for name in _SERVICES[1:]}, tmp_path) == "other_services"


def test_a_single_machines_backup_is_refused(file: Path, empty: Mapping[str, str], tmp_path: Path) -> None:
    """SQLite files are no dumps of PostgreSQL."""
    other = with_part(file, "anchang.json", b"{}", "single")
    assert _refused(other, empty, tmp_path) == "other_shape"
    other.unlink()


def test_a_folder_of_another_system_is_refused(file: Path, empty: Mapping[str, str], tmp_path: Path) -> None:
    """Its mark and keys are not replaced."""
    (tmp_path / "anchang.json").write_text("another")
    assert _refused(file, empty, tmp_path) == "not_empty"
    assert (tmp_path / "anchang.json").read_text() == "another"


def test_a_folder_that_holds_anything_is_refused(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command makes a new system: what stands in the folder stays, code 2."""
    (tmp_path / "anything").touch()
    assert restore.main([str(file), "--data", str(tmp_path)]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert [left.name for left in tmp_path.iterdir()] == ["anything"]


def test_databases_that_are_there_are_left_alone(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A system of that name on the given server is another's: it is named, code 2, and no folder is left behind."""
    prefix = f"taken_{secrets.token_hex(6)}"
    fresh_database(ask("postgres"), f"{prefix}_reception")
    monkeypatch.setenv("ANCHANG_POSTGRES_URL", ask("postgres"))
    monkeypatch.setenv("ANCHANG_BUS_URL", "amqp://unused@127.0.0.1:1/")
    monkeypatch.setenv("ANCHANG_DATABASE_PREFIX", prefix)
    assert restore.main([str(file), "--data", str(tmp_path / "new")]) == 2
    assert "databases of these services already: reception" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_a_server_that_is_away_is_said(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A given server that does not answer: code 2, and no folder is left behind."""
    monkeypatch.setenv("ANCHANG_POSTGRES_URL", "postgresql+psycopg://nobody:x@127.0.0.1:1/postgres")
    monkeypatch.setenv("ANCHANG_BUS_URL", "amqp://unused@127.0.0.1:1/")
    assert restore.main([str(file), "--data", str(tmp_path / "new")]) == 2
    assert "PostgreSQL does not answer" in capsys.readouterr().err
    assert not (tmp_path / "new").exists()


def test_the_ledgers_of_a_running_system_are_verified(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`verify-ledger` reads the databases that the folder names."""
    assert verify_ledger(["--data", str(folder)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{name}: 完整 / whole" for name in _SERVICES]
