"""In CI nothing is left out silently."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # each starts a pytest of its own
_ROOT = Path(__file__).parents[2]


_SKIPS = """
import pytest


def test_left_out():
    pytest.skip("no time")


def test_left_out_by_an_import():
    pytest.importorskip("no_such_module_here")


def test_done():
    pass
"""


@pytest.mark.parametrize(("ci", "code"), [("", 0), ("1", 1)])
def test_a_skip_fails_the_run_in_ci_alone(ci: str, code: int, tmp_path: Path) -> None:
    """A skipped test, however, lets a run at the desk pass and one in CI fail, which names it and no other."""
    done = _pytest(tmp_path, _SKIPS, ci)
    assert done.returncode == code
    for name in ("test_left_out", "test_left_out_by_an_import"):
        assert (f" test_sample.py::{name}\n" in done.stdout) == bool(ci)
    assert "test_done" not in done.stdout


def test_an_unexpected_pass_fails_the_run_in_ci(tmp_path: Path) -> None:
    """A test that passes although it is expected to fail is out of date, and CI says so."""
    marked = "import pytest\n\n@pytest.mark.xfail(reason='x')\ndef test_passes():\n    pass\n"
    assert _pytest(tmp_path, marked, ci="1").returncode == 1


def test_an_expected_failure_is_no_skip(tmp_path: Path) -> None:
    """What is known to be missing, and fails as said, does not fail the run."""
    marked = "import pytest\n\n@pytest.mark.xfail(reason='x', strict=True)\ndef test_fails():\n    assert False\n"
    assert _pytest(tmp_path, marked, ci="1").returncode == 0


def _pytest(folder: Path, text: str, ci: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_sample.py").write_text(text)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n  system: x\n  slow: x\n")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "tests.conftest", "-p", "no:cacheprovider", str(folder)]
    environment = os.environ | {"CI": ci, "PYTHONPATH": str(_ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
