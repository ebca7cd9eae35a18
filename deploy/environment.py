"""Environments made from hashed locks: `.venv`, in which everything runs, and what else `./run` needs.

Standard library only.
"""

import fcntl
import hashlib
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.distributed.packages import VENV, ensure

ROOT = Path(__file__).parents[1]


class NotMade(Exception):
    """The environment could not be made; the message says why and what to do."""


@dataclass(frozen=True)
class Environment:
    """A folder with a Python and the packages of a hashed lock."""

    folder: Path
    lock: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def ready(self) -> Path:
        """Its Python, made or brought up to the lock first. Raises NotMade, PackageMissing."""
        if not self._up_to_date():
            with self._alone():
                if not self._up_to_date():  # another ./run may have made it while we waited
                    self._make()
        return self.python

    @property
    def _stamp(self) -> Path:
        return self.folder / "made-from"

    def _up_to_date(self) -> bool:
        return self.python.exists() and self._stamp.exists() and self._stamp.read_text() == self._wanted()

    def _wanted(self) -> str:
        digest = hashlib.sha256(self.lock.read_bytes()).hexdigest()
        return f"{digest} python {sys.version_info.major}.{sys.version_info.minor}\n"

    def _make(self) -> None:
        print(f"正在准备运行环境 {self.folder.name}（首次约一分钟）…", end=" / ")
        print(f"Making the environment {self.folder.name} (about a minute, once) …", flush=True)
        if not self.python.exists() or not self._runs():
            ensure([VENV])
            venv.create(self.folder, clear=True, symlinks=True, with_pip=True)
        pip = [str(self.python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
        hashed = ["--require-hashes", "--no-deps", "-r", str(self.lock)]
        done = subprocess.run([*pip, *hashed], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise NotMade(
                "无法安装依赖：请检查网络后重试。\nThe packages cannot be installed; check the network and try again:\n"
                f"{done.stderr.strip()[-1500:]}"
            )
        self._stamp.write_text(self._wanted())

    def _runs(self) -> bool:
        """Whether its Python is there and is this version: an upgrade of the machine's leaves it broken."""
        check = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
        return subprocess.run([str(self.python), "-c", check], capture_output=True, check=False).returncode == 0

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One ./run at a time makes the environment."""
        with self.lock.open() as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def ready() -> Path:
    """The Python in which everything runs; raises as `Environment.ready`."""
    return Environment(ROOT / ".venv", ROOT / "requirements.lock").ready()


def variables() -> dict[str, str]:
    """The process's environment, in which our packages are found from any folder, and compiled once.

    Some machines forbid Python to keep what it has compiled. Each of our processes would then compile all of it anew,
    which takes several times as long as all else in a start.
    """
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return kept | {"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
