"""The Debian packages this system stands on: found where they are, installed where they are not.

Standard library only: `./run` uses it before there is an environment.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_POLICY = Path("/usr/sbin/policy-rc.d")
_SERVICES_STAY_OFF = "#!/bin/sh\n# Put here by ./run while it installs packages; taken away right after.\nexit 101\n"


@dataclass(frozen=True)
class Package:
    """One Debian package and a pattern of a file that shows it is there."""

    name: str
    proof: str
    purpose: str

    @property
    def present(self) -> bool:
        return any(Path("/").glob(self.proof.lstrip("/")))


RABBITMQ = Package("rabbitmq-server", "/usr/lib/rabbitmq/bin/rabbitmq-server", "the message broker")
POSTGRESQL = Package("postgresql", "/usr/lib/postgresql/*/bin/postgres", "the database")
NGINX = Package("nginx-light", "/usr/sbin/nginx", "what stands in front of the gateway's processes")
CHROMIUM = Package("chromium-headless-shell", "/usr/bin/chromium-headless-shell", "the browser that tests the pages")
CHINESE_FONTS = Package("fonts-noto-cjk", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", "Chinese letters")
CURL = Package("curl", "/usr/bin/curl", "tells the README's story")
VENV = Package("python3-venv", f"{Path(os.__file__).parent}/ensurepip/__init__.py", "makes Python environments")
ALL = (RABBITMQ, POSTGRESQL, NGINX, CHROMIUM, CHINESE_FONTS, CURL)


class PackageMissing(Exception):
    """A package is not there and cannot be installed from here; the message says what to do."""


def ensure(packages: Sequence[Package], say: Callable[[str], None] = print) -> None:
    """Install the missing ones from the system's package sources, services kept off; says each in one line.

    Raises PackageMissing when there is no right to install, no apt-get, or apt-get fails.
    """
    missing = [package for package in packages if not package.present]
    if not missing:
        return
    names = [package.name for package in missing]
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        command = f"apt-get install {' '.join(names)}"
        raise PackageMissing(f"请先以 root 安装：{command}\nInstall first, as root: {command}")
    for package in missing:
        say(f"installing {package.name}: {package.purpose} (nothing is started)")
    with _services_stay_off():
        _apt(["update", "-qq"])
        _apt(["install", "-y", "-qq", "--no-install-recommends", *names])


def require(package: Package) -> None:
    """Raises PackageMissing when it is not there."""
    if not package.present:
        raise PackageMissing(f"{package.name} is not installed: run ./run test once, or apt-get install {package.name}")


@contextmanager
def _services_stay_off() -> Iterator[None]:
    """Debian starts what it installs unless policy-rc.d forbids it; one that stands there already is left alone."""
    ours = not _POLICY.exists()
    if ours:
        _POLICY.write_text(_SERVICES_STAY_OFF)
        _POLICY.chmod(0o755)
    try:
        yield
    finally:
        if ours:
            _POLICY.unlink(missing_ok=True)


def _apt(arguments: list[str]) -> None:
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(["apt-get", *arguments], env=quiet, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise PackageMissing(f"apt-get {arguments[0]} failed: {done.stderr.strip()[-400:]}")
