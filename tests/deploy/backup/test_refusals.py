"""What backup and restore say."""

import re
from pathlib import Path

import pytest

from chassis.texts import Texts
from deploy.backup import refusals
from deploy.backup.refusals import answered

_ROOM = Path(refusals.__file__).parent


def test_every_refusal_has_words_and_no_words_are_idle() -> None:
    """The codes that are raised are those that stand in texts.toml."""
    sources = "".join(file.read_text(encoding="utf-8") for file in _ROOM.glob("*.py"))
    raised = set(re.findall(r'Refused\(\s*"(\w+)"', sources)) | {"database_failed"}
    told = {code.split(".")[1] for code in Texts.load(_ROOM / "texts.toml").codes if code.startswith("refused.")}
    assert raised == told


def test_an_interrupted_command_ends_without_a_traceback() -> None:
    """Ctrl-C: the code says so, as a shell expects it."""

    def interrupted() -> int:
        raise KeyboardInterrupt

    assert answered(interrupted) == 130


def test_a_failing_database_is_named_by_its_kind_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """What a driver says may quote rows: it is not repeated."""
    from sqlite3 import IntegrityError

    def failing() -> int:
        raise IntegrityError("phone 13900001234")

    assert answered(failing) == 2
    said = capsys.readouterr().err
    assert "IntegrityError" in said and "139" not in said
