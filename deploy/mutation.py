"""`./run mutate`: change every decision of reception's rules, one at a time, and see whether a test notices.

mutmut does it, in a copy of the code and an environment of its own under `.mutation/`, which the first run makes: who
only runs the tests needs none of it. Each file of rules must have at least 85 of 100 changes noticed.
"""

import argparse
import json
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from deploy.distributed.packages import PackageMissing
from deploy.environment import ROOT, Environment, NotMade, variables

AT_LEAST = 0.85
_FOLDER = ROOT / ".mutation"
_CODE = _FOLDER / "code"
_ENVIRONMENT = Environment(_FOLDER / "venv", ROOT / "requirements-mutation.lock")
_COPIED = ("chassis", "services", "gateway", "deploy", "contracts", "tests", "benchmarks", "pyproject.toml")
_UNNOTICED = (0, 33, None)
"""The tests passed, no test runs the function at all (mutmut's own code), or mutmut did not come to it."""
_TESTS = "tests/services/reception/test_*rules*.py"


@dataclass(frozen=True)
class Noticed:
    """How many changes of one file were made, how many a test noticed, and the names of those that none did."""

    file: str
    made: int
    survived: tuple[str, ...]

    @property
    def share(self) -> float:
        return 1 - len(self.survived) / self.made if self.made else 1.0


def main() -> int:
    parser = argparse.ArgumentParser(prog="./run mutate", description=__doc__)
    parser.add_argument("rooms", nargs="*", help="rooms of reception, e.g. rotation (default: all with rules)")
    rooms = parser.parse_args().rooms
    files = [file for file in _rules() if not rooms or Path(file).parts[2] in rooms]
    try:
        mutmut = _mutmut()
    except (NotMade, PackageMissing) as error:
        print(error, file=sys.stderr)
        return 2
    _copy(files)
    env = variables() | {"PYTHONPATH": ""}  # the copy, never the original
    done = subprocess.run(
        [str(mutmut), "run"], cwd=_CODE, env=env, check=False, capture_output=True
    )  # thousands of progress lines
    results = list(_results(files))
    if done.returncode or not all(one.made for one in results):
        print(done.stdout.decode()[-3000:], "mutmut did not come to its end", sep="\n", file=sys.stderr)
        return 2
    for one in results:
        print(f"{one.file}: {one.made - len(one.survived)} of {one.made} noticed, {one.share:.1%}")
        for name in one.survived:
            print(f"    {name}")
    return 0 if all(one.share >= AT_LEAST for one in results) else 1


def _rules() -> list[str]:
    return sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("services/reception/*/rules*.py"))


def _mutmut() -> Path:
    """The program, in an environment that has our packages too. Raises NotMade, PackageMissing."""
    programs = _ENVIRONMENT.ready().parent
    ours = next((_ENVIRONMENT.folder / "lib").glob("python*")) / "site-packages" / "anchang.pth"
    ours.write_text(sysconfig.get_paths()["purelib"], encoding="utf-8")
    return programs / "mutmut"


def _copy(files: list[str]) -> None:
    shutil.rmtree(_CODE, ignore_errors=True)
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, _CODE / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, _CODE / name)
    tests = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob(_TESTS))
    said = {
        "source_paths": files,
        "pytest_add_cli_args_test_selection": tests,
        "pytest_add_cli_args": ["--hypothesis-profile=quick"],  # a slow machine is not a test that notices
        "also_copy": list(_COPIED[:-1]),
    }
    lines = [f"{name} = {json.dumps(value)}" for name, value in said.items()]
    with (_CODE / "pyproject.toml").open("a", encoding="utf-8") as file:
        file.write("\n[tool.mutmut]\n" + "\n".join(lines) + "\n")


def _results(files: list[str]) -> Iterator[Noticed]:
    """What mutmut wrote down of each file: the tests' exit code, None where it did not come to it."""
    for file in files:
        told = _CODE / "mutants" / f"{file}.meta"
        codes = json.loads(told.read_text(encoding="utf-8"))["exit_code_by_key"] if told.exists() else {}
        survived = tuple(name.rpartition(".x")[2] for name, code in codes.items() if code in _UNNOTICED)
        yield Noticed(file, len(codes), survived)


if __name__ == "__main__":
    sys.exit(main())
