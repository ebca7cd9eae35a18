"""`./run status`: what runs, in a table one can read: each process, whether it is well, and what waits."""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unicodedata import east_asian_width
from urllib.error import HTTPError
from urllib.request import urlopen

from chassis.texts import Texts
from deploy.distributed.house import standings_in
from deploy.distributed.supervisor import Standing
from deploy.running import systems

_TEXTS = Texts.load(Path(__file__).parents[1] / "texts.toml")
_HEAD = ("process 进程", "state 状态", "pid", "port 端口", "since 时长", "deaths 终止", "memory 内存", "well 情况")


def main() -> int:
    """Answers 0 when every part of every system runs and is well, 1 when something is not, 2 when nothing runs."""
    folders = _folders()
    if not folders:
        print(_TEXTS.say_in_all("status.nothing_runs"), file=sys.stderr)
        return 2
    well = True
    for folder in folders:
        rows = list(_rows(folder))
        print(f"{folder}\n{_laid_out(rows)}")
        well &= all(row[1] == "running" and row[-1].startswith("✓") for row in rows)
    return 0 if well else 1


def table(folder: Path) -> str:
    """The table of the system on this folder."""
    return _laid_out(list(_rows(folder)))


def _folders() -> list[Path]:
    parser = argparse.ArgumentParser(prog="./run status", description=__doc__)
    parser.add_argument("--data", type=Path, metavar="DIR", help="only the system on this data folder")
    wanted: Path | None = parser.parse_args().data
    known = systems()
    return [folder for folder in known if wanted is None or folder == wanted.resolve()]


def _rows(folder: Path) -> Iterator[tuple[str, ...]]:
    try:
        url, standings = standings_in(folder)
    except FileNotFoundError:  # a single machine: one process, which says itself how it is
        url = systems()[folder]
        yield ("single machine", "running", "", url.rsplit(":", 1)[1], "", "", "", _health(url))
        return
    for one in standings:
        yield _row(one, url)


def _row(one: Standing, url: str) -> tuple[str, ...]:
    address = url if one.name == "nginx" else f"http://127.0.0.1:{one.port}"
    well = _health(address) if one.port and one.state == "running" else "✓" if one.state == "running" else ""
    return (
        one.name,
        one.state,
        str(one.pid or ""),
        str(one.port or ""),
        _lasting(time.time() - one.since),
        str(one.deaths or ""),
        f"{_pss(one.pid):.0f} MB" if one.pid else "",
        well or (one.last_end or "").rpartition("\n")[2][:60],
    )


def _health(address: str) -> str:
    """✓ with what the parts tell, or ✗ with the reasons."""
    try:
        with urlopen(f"{address}/health/ready", timeout=6) as answer:  # noqa: S310
            return "✓ " + _told(json.load(answer))
    except HTTPError as error:
        return "✗ " + _reasons(error)
    except (OSError, ValueError):
        return "✗ does not answer 没有应答"


def _told(said: Any) -> str:
    parts = (check.get("reason") or check.get("says") for check in said["checks"])
    return "; ".join(part for part in parts if part)


def _reasons(error: HTTPError) -> str:
    try:
        checks = json.load(error)["checks"]
    except (ValueError, KeyError):
        return f"HTTP {error.code}"
    return "; ".join(f"{check['name']}: {check['reason']}" for check in checks if not check["ok"])


def _pss(pid: int) -> float:
    """The memory of a process and those it has forked, in MB, what they share counted once."""
    family = [pid, *_below(pid)]
    return sum(_pss_of(one) for one in family) / 1024


def _pss_of(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()
    except OSError:  # it has ended meanwhile
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def _below(pid: int) -> Iterator[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    except OSError:
        return
    for child in map(int, children):
        yield child
        yield from _below(child)


def _lasting(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"


def _laid_out(rows: list[tuple[str, ...]]) -> str:
    lines = [_HEAD, *rows]
    widths = [max(_width(line[column]) for line in lines) for column in range(len(_HEAD))]
    return "\n".join("  ".join(_padded(*cell) for cell in zip(line, widths, strict=True)).rstrip() for line in lines)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))


def _width(text: str) -> int:
    """Columns of a terminal: Chinese characters take two."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


if __name__ == "__main__":
    sys.exit(main())
