"""`./run test`: every check there is, in the environment. Standard library only."""

import argparse
import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from deploy.distributed.packages import ALL, ensure
from deploy.environment import ROOT, ready, variables


@dataclass(frozen=True)
class Check:
    """One tool of the environment and its arguments."""

    name: str
    command: tuple[str, ...]

    def run(self, programs: Path) -> bool:
        """Whether it holds; the tool's own words go to the terminal."""
        started = time.monotonic()
        print(f"── {self.name}", flush=True)
        command = [str(programs / self.command[0]), *self.command[1:]]
        done = subprocess.run(command, cwd=ROOT, env=variables() | _place(), check=False)
        print(f"   {'holds' if done.returncode == 0 else 'FAILS'} ({time.monotonic() - started:.1f} s)", flush=True)
        return done.returncode == 0


STATIC = (
    Check("style: ruff check", ("ruff", "check", "--quiet")),
    Check("style: ruff format", ("ruff", "format", "--check", "--quiet")),
    Check("types: mypy --strict", ("mypy", "--no-error-summary", "chassis", "services", "gateway", "deploy")),
    Check("walls: import-linter", ("lint-imports",)),
)


def run_checks(arguments: list[str]) -> int:
    """Answers 0 when everything holds, 1 otherwise."""
    options, for_pytest = _parser().parse_known_args(arguments)
    programs = ready().parent
    if not options.quick:
        ensure(ALL)
    checks = (*(STATIC if not for_pytest else ()), _pytest(options.quick, for_pytest))
    failed = [check.name for check in checks if not check.run(programs)]
    print("everything holds" if not failed else f"FAILS: {', '.join(failed)}")
    return 1 if failed else 0


_ROOM = 4 * 1024**3
# Folders in which every test is slow: reading them alone takes seconds.
_NOT_EVEN_READ = ("--ignore=tests/faults", "--ignore=tests/journeys")


def _pytest(quick: bool, arguments: Sequence[str]) -> Check:
    some = ("-m", "not system and not slow", "--hypothesis-profile=quick", *_NOT_EVEN_READ) if quick else ()
    workers = "2" if quick else "4"  # in the whole suite much is waiting: for deaths, starts, heartbeats
    # each worker takes tests that stand together, which share what runs; who has done takes of what others have left
    at_once = () if arguments else ("-n", workers, "--dist", "worksteal", "-q")
    return Check("tests: pytest", ("python", "-m", "pytest", *some, *at_once, *arguments))


def _place() -> dict[str, str]:
    """Where files for the moment lie: thousands of small databases that sync to a disk are what takes the time.

    A small memory (containers have 64 MB there) is left alone: what runs full would fail tests that are right.
    """
    memory = Path("/dev/shm")  # noqa: S108 - pytest makes a folder of its own in it
    roomy = os.access(memory, os.W_OK) and shutil.disk_usage(memory).free >= _ROOM
    return {"TMPDIR": str(memory)} if roomy else {}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="./run test",
        usage="./run test [--quick] [pytest arguments]",
        description="全部检查：格式、类型、边界、测试。 Every check: style, types, walls, tests. As root, missing "
        "packages are installed first, named one by one and started privately: " + ", ".join(p.name for p in ALL) + ".",
        epilog="With pytest arguments (./run test tests/gateway -k sign_in) only pytest runs.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "--quick", action="store_true", help="不需要系统软件包，一分钟以内 / without system packages, under a minute"
    )
    return parser
