"""Programs started privately end with who started them."""

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.distributed.kept import DidNotStart, Kept, answers, free_port, kept_secret

_ROOT = Path(__file__).parents[2]
_FOREVER = ["tail", "-f", "/dev/null"]
_PARENT = """
import sys
from pathlib import Path
from deploy.distributed.kept import Kept, _children
kept = Kept(["tail", "-f", "/dev/null"], Path(sys.argv[1]))
kept.wait_until(lambda: bool(_children(kept._keeper.pid)), 60)
print(*_children(kept._keeper.pid), flush=True)
sys.stdin.read()
"""


def test_it_ends_even_when_its_parent_is_killed(tmp_path: Path) -> None:
    """After kill -9 of the process that started it, the program is gone too."""
    command = [sys.executable, "-c", _PARENT, str(tmp_path / "log")]
    environment = os.environ | {"PYTHONPATH": str(_ROOT)}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout
        program = os.pidfd_open(int(parent.stdout.readline()))
        parent.send_signal(signal.SIGKILL)
        ended, _, _ = select.select([program], [], [], 60)
        os.close(program)
    assert ended


def test_stop_waits_for_the_end(tmp_path: Path) -> None:
    """After stop the program runs no more."""
    kept = Kept(_FOREVER, tmp_path / "log")
    assert kept.running
    kept.stop()
    assert not kept.running


def test_a_signal_reaches_all_that_the_program_started(tmp_path: Path) -> None:
    """Children that lead a group of their own, as PostgreSQL's do, get it too."""
    kept = Kept(["sh", "-c", "setsid tail -f /dev/null & echo $!; wait"], tmp_path / "log")
    kept.wait_until(lambda: (tmp_path / "log").read_text().endswith("\n"), 60)
    child = os.pidfd_open(int((tmp_path / "log").read_text()))
    kept.signal(signal.SIGKILL)
    ended, _, _ = select.select([child], [], [], 60)
    os.close(child)
    kept.stop()
    assert ended


def test_what_does_not_start_is_told_with_its_last_words(tmp_path: Path) -> None:
    """A program that ends by itself before it is ready raises with the end of its log."""
    kept = Kept(["sh", "-c", "echo the disk is full; exit 1"], tmp_path / "log")
    with pytest.raises(DidNotStart, match="the disk is full"):
        kept.wait_until(lambda: False, seconds=60)


def test_a_secret_is_the_owners_alone_and_stays(tmp_path: Path) -> None:
    """A kept secret is the same at the second look and readable by its owner only."""
    secret = kept_secret(tmp_path / "secret")
    assert kept_secret(tmp_path / "secret") == secret != ""
    assert (tmp_path / "secret").stat().st_mode & 0o077 == 0


def test_a_free_port_has_no_listener() -> None:
    """Nobody answers on a port that was said to be free."""
    assert not answers(free_port())


def test_free_ports_are_not_given_to_whoever_connects() -> None:
    """None is of those that the kernel gives to connections, and none is said to be free twice in a row."""
    ports = [free_port() for _ in range(20)]
    assert len(set(ports)) == 20 and max(ports) < 32_768
