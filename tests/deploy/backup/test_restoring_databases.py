"""Restoring into PostgreSQL databases: each reason not to leaves them as they were."""

import json
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


def test_a_folder_without_addresses_is_told_what_it_needs(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the databases are must be said first: code 2 and how."""
    assert restore.main([str(file), "--data", str(tmp_path)]) == 2
    assert f"{tmp_path}/addresses.json" in capsys.readouterr().err


def test_the_command_fills_what_the_folder_names(
    file: Path, empty: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Databases and mark are there afterwards, and `verify-ledger` reads the same databases."""
    (tmp_path / "addresses.json").write_text(json.dumps({"databases": dict(empty)}))
    assert restore.main([str(file), "--data", str(tmp_path)]) == 0
    assert "reception: 完整 / whole" in capsys.readouterr().out
    assert (tmp_path / "anchang.json").exists()
    assert verify_ledger(["--data", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [f"{name}: 完整 / whole" for name in _SERVICES]
