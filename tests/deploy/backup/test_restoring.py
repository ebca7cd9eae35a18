"""Restoring a single machine's folder, and each reason not to: one message, and nothing half done."""

import shutil
import stat
from pathlib import Path

import pytest

from deploy.backup import make, restore
from deploy.backup.make import backup_single_machine
from deploy.backup.refusals import Refused
from deploy.backup.restore import restore_single_machine
from tests.deploy.backup.folders import data_folder, run, with_part


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that no test changes."""
    return data_folder(tmp_path_factory.mktemp("kept") / "data")


@pytest.fixture
def file(kept: Path, tmp_path: Path) -> Path:
    """A backup of it, the only thing in its folder."""
    backup_single_machine(kept, tmp_path / "one.tar")
    return tmp_path / "one.tar"


def _refused(file: Path, folder: Path) -> str:
    """The refusal's code; nothing but backups is left beside them."""
    before = set(folder.rglob("*"))
    with pytest.raises(Refused) as refused:
        restore_single_machine(file, folder)
    assert not folder.with_name(folder.name + ".new").exists()
    assert set(folder.rglob("*")) == before
    return refused.value.code


def test_the_folder_is_what_it_was(kept: Path, file: Path) -> None:
    """Databases, mark and keys are there, for their owner alone."""
    folder = file.with_name("restored")
    restore_single_machine(file, folder)
    assert {f.name for f in folder.glob("*.db")} == {f.name for f in kept.glob("*.db")}
    assert (folder / "keys" / "inside-private.pem").read_text() == "private"
    assert (folder / "anchang.json").read_text() == (kept / "anchang.json").read_text()
    assert {stat.S_IMODE(f.stat().st_mode) for f in (*folder.glob("*.db"), folder / "anchang.json")} == {0o600}
    assert {stat.S_IMODE(f.stat().st_mode) for f in (folder, folder / "keys")} == {0o700}


def test_an_empty_folder_is_filled(file: Path) -> None:
    """A folder that was made beforehand is as good as none."""
    (folder := file.with_name("empty")).mkdir()
    restore_single_machine(file, folder)
    assert (folder / "gateway.db").exists()


def test_a_folder_with_anything_in_it_is_refused(file: Path) -> None:
    """Nothing is mixed with what is there."""
    (folder := file.with_name("full")).mkdir()
    (folder / "notes.txt").touch()
    assert _refused(file, folder) == "not_empty"


def test_a_damaged_backup_makes_no_folder(file: Path) -> None:
    """It is noticed before anything is written."""
    content = bytearray(file.read_bytes())
    content[100_000] ^= 1
    file.write_bytes(content)
    assert _refused(file, file.with_name("restored")) == "damaged"


def test_a_newer_schema_is_refused(kept: Path, file: Path) -> None:
    """This code does not know what a newer version stores: it says which service, and both numbers."""
    newer = Path(shutil.copytree(kept, file.with_name("newer")))
    run(newer, "reception", "UPDATE schema_serves SET schema = 99")
    backup_single_machine(newer, file.with_name("newer.tar"))
    with pytest.raises(Refused, match="reception has schema 0099"):
        restore_single_machine(file.with_name("newer.tar"), file.with_name("restored"))
    assert not file.with_name("restored").exists()


def test_the_other_shape_is_refused(file: Path) -> None:
    """Dumps of PostgreSQL make no SQLite files."""
    other = with_part(file, "anchang.json", b"{}", "distributed")
    assert _refused(other, file.with_name("restored")) == "other_shape"


def test_what_fails_in_the_middle_is_undone(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A database that is none: code 2, one message, and no folder, not even a draft."""
    other = with_part(file, "databases/reporting.db", b"no database" * 1000)
    assert restore.main([str(other), "--data", str(file.with_name("restored"))]) == 2
    assert "A database failed (DatabaseError)" in capsys.readouterr().err
    assert sorted(f.name for f in file.parent.iterdir()) == ["one.tar", "other.tar"]


def test_what_a_killed_restore_left_is_taken_over(file: Path) -> None:
    """Its draft goes, and the next restore is whole."""
    (draft := file.with_name("restored.new")).mkdir()
    (draft / "restoring").touch()
    (draft / "customers.db").write_text("half")
    restore_single_machine(file, file.with_name("restored"))
    assert not draft.exists() and (file.with_name("restored") / "customers.db").stat().st_size > 10_000


def test_somebodys_folder_of_that_name_is_left_alone(file: Path) -> None:
    """A folder `….new` that no restore began is not removed."""
    (draft := file.with_name("restored.new")).mkdir()
    (draft / "notes.txt").touch()
    with pytest.raises(Refused) as refused:
        restore_single_machine(file, file.with_name("restored"))
    assert refused.value.code == "not_empty"
    assert [f.name for f in draft.iterdir()] == ["notes.txt"]


def test_a_place_that_cannot_be_written_is_said(file: Path) -> None:
    """A file where a folder should be: the reason is the system's own."""
    with pytest.raises(Refused) as refused:
        restore_single_machine(file, file / "within")
    assert refused.value.code == "cannot_write"


@pytest.mark.parametrize(
    ("holds", "zh", "en"),
    [
        ({}, "没有数据", "holds no data"),
        ({"customers.db": ""}, "缺少：reception.db, ", "missing: reception.db, "),
        ({"anchang.json": '{"shape": "distributed"}'}, "先用 ./run distributed", "with ./run distributed"),
    ],
)
def test_what_cannot_be_backed_up_is_said(
    tmp_path: Path, holds: dict[str, str], zh: str, en: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nothing there, a part of a folder, a distributed system at rest: code 2, both languages, and no file."""
    (tmp_path / "data").mkdir()
    for name, text in holds.items():
        (tmp_path / "data" / name).write_text(text)
    assert make.main([str(tmp_path / "one.tar"), "--data", str(tmp_path / "data")]) == 2
    chinese, english = capsys.readouterr().err.splitlines()
    assert zh in chinese and en in english
    assert [f.name for f in tmp_path.iterdir()] == ["data"]


def test_a_first_start_that_is_not_finished_is_not_backed_up(kept: Path, tmp_path: Path) -> None:
    """What it has made so far would be thrown away by the next start."""
    young = Path(shutil.copytree(kept, tmp_path / "young"))
    (young / "first-start").touch()
    with pytest.raises(Refused) as refused:
        backup_single_machine(young, tmp_path / "one.tar")
    assert refused.value.code == "not_whole"
    assert [f.name for f in tmp_path.iterdir()] == ["young"]


def test_a_broken_ledger_is_restored_and_named(kept: Path, file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A backup of a ledger that somebody changed is restored as it is, and the command ends with code 1."""
    changed = Path(shutil.copytree(kept, file.with_name("changed")))
    run(changed, "customers", "INSERT INTO ledger_heads VALUES ('register/x', 1, 'nothing')")
    backup_single_machine(changed, file.with_name("changed.tar"))
    assert restore.main([str(file.with_name("changed.tar")), "--data", str(file.with_name("restored"))]) == 1
    assert "customers: register/x #0: 之后的条目被删除" in capsys.readouterr().out
