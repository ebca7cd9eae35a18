"""What `./run` understands. Standard library only: it runs before there is an environment."""

import argparse
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from deploy.checks import run_checks
from deploy.distributed.packages import PackageMissing
from deploy.environment import ROOT, NotMade, ready, variables


@dataclass(frozen=True)
class Command:
    """One command: what it does in a line of each language, and how it is done with its arguments."""

    does: str
    do: Callable[[list[str]], int]


def main(arguments: list[str]) -> int:
    """Answers the exit code: 2 for what cannot be done as asked, with a message that says what to do."""
    try:
        return _dispatch(arguments)
    except (NotMade, PackageMissing) as error:
        print(error, file=sys.stderr)
        return 2


def _dispatch(arguments: list[str]) -> int:
    if not arguments or arguments[0].startswith("-"):
        return _start(arguments)
    name, rest = arguments[0], arguments[1:]
    if name not in COMMANDS:
        known = ", ".join(COMMANDS)
        print(f"没有“{name}”这个命令，可用：{known}", file=sys.stderr)
        print(f"There is no command {name!r}. Known: {known}. See ./run --help", file=sys.stderr)
        return 2
    return COMMANDS[name].do(rest)


def _start(arguments: list[str]) -> int:
    options = _starting().parse_args(arguments)
    given = ["--host", options.host, "--port", str(options.port), "--data", str(options.data.absolute())]
    given += ["--empty"] if options.empty else []
    given += ["--clock", options.clock] if options.clock else []
    return _in_environment("deploy.single_machine", given)


def _starting() -> argparse.ArgumentParser:
    commands = "\n".join(f"  ./run {name:<15} {command.does}" for name, command in COMMANDS.items())
    parser = argparse.ArgumentParser(
        prog="./run",
        description="启动整个系统（单机）。 Start the whole system on this machine.",
        epilog=f"其他命令 / other commands (each has --help):\n{commands}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--host", default="127.0.0.1", help="监听地址 / the address to listen on (%(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="端口，0 为任意 / the port, 0: any free (%(default)s)")
    data = "数据目录 / where the data is kept (.data beside ./run)"
    parser.add_argument("--data", type=Path, default=ROOT / ".data", metavar="DIR", help=data)
    parser.add_argument("--empty", action="store_true", help="不建演示公司 / start without the demo company")
    clock = "静止的时钟，用于培训 / a clock that stands at this instant, e.g. 2026-03-02T09:00:00+08:00, for training"
    parser.add_argument("--clock", metavar="INSTANT", help=clock)
    return parser


def _in_environment(module: str, arguments: list[str]) -> int:
    """Become the environment's Python running `module`; never comes back."""
    python = ready()
    sys.stdout.flush()
    os.execve(python, [str(python), "-P", "-m", module, *arguments], variables())  # noqa: S606 - a shell is what is not wanted


def _module(name: str) -> Callable[[list[str]], int]:
    return lambda arguments: _in_environment(name, arguments)


COMMANDS = {
    "test": Command("全部检查 / every check; --quick: under a minute, no system packages", run_checks),
    "demo": Command(
        "在运行中的系统上演示主流程 / walk the main job on a running system (--url)", _module("deploy.demo")
    ),
    "distributed": Command(
        "多进程：PostgreSQL 与 RabbitMQ / every service's own processes on PostgreSQL and RabbitMQ",
        _module("deploy.distributed"),
    ),
    "status": Command("正在运行的系统 / what runs, and whether it is well", _module("deploy.distributed.status")),
    "bench": Command("性能数字 / measure the figures that the README claims", _module("benchmarks")),
    "kills": Command(
        "随机 kill -9 后清点 / kill -9 at random moments under load, then count (--kills)",
        _module("tests.faults.kills"),
    ),
    "mutate": Command(
        "改动规则看测试是否发现 / change reception's rules, see whether a test notices", _module("deploy.mutation")
    ),
    "contracts": Command("重新生成契约 / write contracts/ anew from the code", _module("deploy.contracts")),
    "make-migration": Command("新的数据库迁移 / write a service's next migration", _module("deploy.make_migration")),
    "dead-letters": Command(
        "没有处理成的事件：查看、再试、作废 / events that could not be handled: list, retry, discard",
        _module("deploy.dead_letters"),
    ),
    "backup": Command("备份 / back the running system up into one file", _module("deploy.backup.make")),
    "restore": Command("恢复 / make a system from a backup", _module("deploy.backup.restore")),
    "verify-ledger": Command("校验账链 / verify the ledgers of a data folder", _module("deploy.verify_ledger")),
}
