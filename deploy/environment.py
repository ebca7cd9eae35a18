"""The environment everything runs in: `.venv`, made from the hashed lock. Standard library only."""

import fcntl
import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.distributed.packages import VENV, ensure

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
_LOCK = ROOT / "requirements.lock"
_STAMP = FOLDER / "made-from"


class NotMade(Exception):
    """The environment could not be made; the message says why and what to do."""


def ready() -> Path:
    """The environment's Python, made or brought up to the lock first. Raises NotMade, PackageMissing."""
    if not _up_to_date():
        with _alone():
            if not _up_to_date():  # another ./run may have made it while we waited
                _make()
    return PYTHON


def variables() -> dict[str, str]:
    """The process's environment, in which our packages are found from any folder."""
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}


def _up_to_date() -> bool:
    return PYTHON.exists() and _STAMP.exists() and _STAMP.read_text() == _wanted()


def _wanted() -> str:
    digest = hashlib.sha256(_LOCK.read_bytes()).hexdigest()
    return f"{digest} python {sys.version_info.major}.{sys.version_info.minor}\n"


def _make() -> None:
    print("正在准备运行环境（首次约一分钟）… / Making the environment (about a minute, once) …", flush=True)
    if not PYTHON.exists() or not _runs():
        ensure([VENV])
        venv.create(FOLDER, clear=True, symlinks=True, with_pip=True)
    pip = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    done = subprocess.run(
        [*pip, "--require-hashes", "--no-deps", "-r", str(_LOCK)], capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise NotMade(
            f"无法安装依赖：请检查网络后重试。\nThe packages cannot be installed; check the network and try again:\n"
            f"{done.stderr.strip()[-1500:]}"
        )
    _STAMP.write_text(_wanted())


def _runs() -> bool:
    """Whether the environment's Python is there and is this version: an upgrade of the machine's leaves it broken."""
    check = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    return subprocess.run([str(PYTHON), "-c", check], capture_output=True, check=False).returncode == 0


@contextmanager
def _alone() -> Iterator[None]:
    """One ./run at a time makes the environment."""
    with _LOCK.open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
