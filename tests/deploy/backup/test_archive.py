"""The file of a backup: there whole or not at all, and damage is noticed."""

import json
import os
import resource
import stat
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from deploy.backup.archive import Contents, reading, writing
from deploy.backup.refusals import Refused

_LARGE = os.urandom(3_000_001)


def _made(file: Path) -> Path:
    with writing(file) as writer:
        writer.add("databases/customers.db", [_LARGE[:1_000_000], _LARGE[1_000_000:]])
        writer.add("anchang.json", [b"{}"])
        writer.finish("single", "2026-03-02T01:00:00+00:00", {"customers": 1})
    return file


def _check(file: Path) -> Contents:
    with reading(file) as archive:
        archive.check()
        return archive.contents


def test_what_was_put_in_comes_out(tmp_path: Path) -> None:
    """Every part has its bytes, and the file says what it is."""
    file = _made(tmp_path / "one.tar")
    assert _check(file).schemas == {"customers": 1}
    with reading(file) as archive:
        assert b"".join(archive.pieces("databases/customers.db")) == _LARGE


def test_it_is_a_tar_for_its_owner_alone(tmp_path: Path) -> None:
    """Any tar program reads it; nobody else's may."""
    file = _made(tmp_path / "one.tar")
    with tarfile.open(file) as tar:
        assert tar.getnames() == ["databases/customers.db", "anchang.json", "backup.json"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def _refusal(file: Path) -> str:
    with pytest.raises(Refused) as refused:
        _check(file)
    return refused.value.code


@pytest.mark.parametrize("place", [600, 1_500_000, 3_001_000])
def test_a_changed_byte_is_noticed(tmp_path: Path, place: int) -> None:
    """Whatever part it is in, the backup is refused as damaged."""
    file = _made(tmp_path / "one.tar")
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(content)
    assert _refusal(file) == "damaged"


@pytest.mark.parametrize("size", [0, 100, 2_000_000, 3_002_000])
def test_a_cut_file_is_noticed(tmp_path: Path, size: int) -> None:
    """A copy that broke off is refused, wherever it broke."""
    file = _made(tmp_path / "one.tar")
    os.truncate(file, size)
    assert _refusal(file) == "damaged"


def _rewritten(file: Path, **changes: object) -> Path:
    """The same backup with other claims in its backup.json."""
    with reading(_made(file)) as archive:
        claims = vars(archive.contents) | {"parts": {n: vars(p) for n, p in archive.contents.parts.items()}} | changes
    file.unlink()
    with writing(file) as writer:
        writer.add("backup.json", [json.dumps(claims).encode()])
    return file


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    """A later version may mean something else by the same words."""
    assert _refusal(_rewritten(tmp_path / "one.tar", format=2)) == "newer_format"


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "keys/../../evil", "unknown"])
def test_a_name_that_leads_outside_is_refused(tmp_path: Path, name: str) -> None:
    """Parts have the names that a backup gives them: no path of somebody else's is written to."""
    assert _refusal(_rewritten(tmp_path / "one.tar", parts={name: {"size": 1, "sha256": ""}})) == "damaged"


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    """Not damaged: not there."""
    assert _refusal(tmp_path / "none.tar") == "cannot_read"


def test_an_existing_file_is_left_alone(tmp_path: Path) -> None:
    """A backup never takes the place of another."""
    file = _made(tmp_path / "one.tar")
    before = file.read_bytes()
    with pytest.raises(Refused) as refused:
        _made(file)
    assert refused.value.code == "exists"
    assert file.read_bytes() == before


def test_what_fails_leaves_nothing(tmp_path: Path) -> None:
    """An error in the middle: neither the file nor its draft is there."""
    with pytest.raises(ZeroDivisionError), writing(tmp_path / "one.tar") as writer:
        writer.add("anchang.json", (bytes([1 // zero]) for zero in (0,)))
    assert list(tmp_path.iterdir()) == []


def test_a_draft_that_was_left_behind_is_taken_over(tmp_path: Path) -> None:
    """What a killed backup left is overwritten by the next, down to its last byte."""
    (tmp_path / "one.tar.new").write_bytes(_LARGE * 2)
    _check(_made(tmp_path / "one.tar"))
    assert [file.name for file in tmp_path.iterdir()] == ["one.tar"]


def test_two_at_once_do_not_mix(tmp_path: Path) -> None:
    """While one is being written, another to the same place is refused and harms nothing."""
    file = tmp_path / "one.tar"
    with writing(file) as writer:
        with pytest.raises(Refused) as refused:
            _made(file)
        writer.finish("single", "2026-03-02T01:00:00+00:00", {})
    assert refused.value.code == "being_written"
    _check(file)


def test_a_full_disk_is_said_and_leaves_nothing(tmp_path: Path) -> None:
    """Where no byte more can be written, the backup is refused with the reason and no draft stays."""
    write = (
        "import sys; from pathlib import Path; from deploy.backup.archive import writing\n"
        "with writing(Path(sys.argv[1])) as writer: writer.add('anchang.json', [bytes(3_000_000)])"
    )

    def no_more_than_a_megabyte() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, 1_000_000))

    done = subprocess.run(
        [sys.executable, "-c", write, str(tmp_path / "one.tar")],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=no_more_than_a_megabyte,
    )
    assert "Refused" in done.stderr and "File too large" in done.stderr
    assert list(tmp_path.iterdir()) == []
