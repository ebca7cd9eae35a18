"""`./run`: what a person meets first."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.entry import COMMANDS

_ROOT = Path(__file__).parents[2]
_RUN = _ROOT / "run"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(_RUN), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_help_names_every_command() -> None:
    """`./run --help` lists each command with what it does, in both languages."""
    told = _run("--help").stdout
    assert [name for name in COMMANDS if f"./run {name}" not in told] == []
    assert "启动整个系统" in told and "Start the whole system" in told


@pytest.mark.slow  # each starts a Python that imports the whole
@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_its_help(command: str) -> None:
    """`./run COMMAND --help` says how it is used and does nothing."""
    done = _run(command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert f"usage: ./run {command}" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["tset"], "There is no command 'tset'. Known: test, demo"),
        (["--prot", "9"], "unrecognized arguments: --prot 9"),
        (["--port", "nine"], "invalid int value: 'nine'"),
        (["verify-ledger", "--data", "/nonexistent"], "/nonexistent 中没有数据 / holds no data"),
    ],
)
def test_what_cannot_be_done_is_said_plainly(arguments: list[str], says: str) -> None:
    """A wrong word or argument ends with code 2 and a message that names it, without a traceback."""
    done = _run(*arguments)
    assert done.returncode == 2
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_an_old_python_is_told_so_in_words() -> None:
    """A Python before 3.11 can read the file and says in both languages what is needed."""
    text = _RUN.read_text(encoding="utf-8")
    ast.parse(text, feature_version=(3, 4))
    pretend = f"import sys; sys.version_info = (3, 9, 2); exec(open({str(_RUN)!r}).read())"
    done = subprocess.run([sys.executable, "-c", pretend], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 2
    assert "需要 Python 3.11" in done.stderr and "Python 3.11 or newer is needed" in done.stderr


def test_the_makefile_only_names_what_run_does() -> None:
    """Each alias of the Makefile calls ./run and nothing else."""
    recipes = [line.split(";")[1].strip() for line in (_ROOT / "Makefile").read_text().splitlines() if ": ;" in line]
    assert recipes and all(recipe.startswith("@./run") for recipe in recipes)
