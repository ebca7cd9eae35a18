"""Backups of a single machine in use: what they hold, and what they do to it."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.backup import make, restore
from deploy.backup.make import backup_single_machine
from deploy.demo.client import eventually
from deploy.verify_ledger import main as verify_ledger
from tests.faults.opening import more_answers, open_doors
from tests.faults.totals import agree_on
from tests.journeys.system import ROOT, SingleMachine, running

_BACKUPS = 2


@dataclass
class Day:
    """A day in a hall on which backups were made: each with the registrations answered before it began."""

    system: SingleMachine
    backups: list[tuple[Path, frozenset[str]]]
    answered: set[str]
    local_day: str


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    """Visitors keep coming while backups are made in a row; between them one is killed."""
    folder = tmp_path_factory.mktemp("day")
    with running(folder / "data") as system:
        day = Day(system, [], set(), "")
        with open_doors(system) as visitors:
            for number in range(_BACKUPS):
                more_answers(visitors, 10)
                before = frozenset(answer["customer_id"] for answer in visitors.answered.copy().values())
                backup_single_machine(system.data, folder / f"{number}.tar")
                day.backups.append((folder / f"{number}.tar", before))
                if number == 0:
                    _kill_a_backup(system, folder / "killed.tar")
        answers = visitors.answered.values()
        day.answered, day.local_day = {a["customer_id"] for a in answers}, next(iter(answers))["local_day"]
        yield day


def _kill_a_backup(system: SingleMachine, file: Path) -> None:
    """kill -9 of the command while it copies: the place of its copy is a pipe that nobody reads."""
    os.mkfifo(pipe := file.with_name(file.name + ".part"))
    command = [sys.executable, "-m", "deploy.backup.make", str(file), "--data", str(system.data)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        eventually(lambda: file.with_name(file.name + ".new").exists() or None, "it has begun", 120)
        process.kill()
    pipe.unlink()


def test_the_system_goes_on_as_if_nothing_were(day: Day) -> None:
    """Every request during the backups was answered, and every service says what was answered."""
    assert agree_on(day.system, len(day.answered), day.local_day) == day.answered


def test_a_killed_backup_leaves_no_file(day: Day) -> None:
    """Killed in the middle: there is no backup of that name, and the next one to the same place is whole."""
    file = day.backups[0][0].with_name("killed.tar")
    assert not file.exists()
    backup_single_machine(day.system.data, file)
    assert not list(file.parent.glob("killed.tar.*"))


@pytest.mark.parametrize("number", range(_BACKUPS))
def test_a_restored_system_agrees_with_itself(day: Day, number: int, tmp_path: Path) -> None:
    """Started again, it has every registration answered before, and all its services count the same receptions."""
    file, before = day.backups[number]
    assert restore.main([str(file), "--data", str(tmp_path / "restored")]) == 0
    completed = _completed(tmp_path / "restored")
    with running(tmp_path / "restored") as system:
        registered = agree_on(system, completed, day.local_day)
    assert before <= registered <= day.answered
    assert verify_ledger(["--data", str(tmp_path / "restored")]) == 0


def _completed(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "reception.db")) as connection:
        counted = connection.execute("SELECT count(*) FROM receptions WHERE state = 'completed'").fetchone()
        return int(counted[0])


def test_a_folder_in_use_is_not_restored_into(day: Day, capsys: pytest.CaptureFixture[str]) -> None:
    """The running system's folder is refused, and is what it was."""
    assert restore.main([str(day.backups[0][0]), "--data", str(day.system.data)]) == 2
    assert "is in use by another anchang" in capsys.readouterr().err
    assert day.system.process.poll() is None


def test_the_command_says_what_it_made(day: Day, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One line per service with its size, and at the end the file, its size and how long it took."""
    assert make.main([str(tmp_path / "one.tar"), "--data", str(day.system.data)]) == 0
    said = capsys.readouterr().out
    assert [line.split(":")[0].strip() for line in said.splitlines()[:5]] == [
        "customers",
        "followups",
        "gateway",
        "reception",
        "reporting",
    ]
    assert f"Backed up: {tmp_path / 'one.tar'}" in said and f"备份完成：{tmp_path / 'one.tar'}" in said
