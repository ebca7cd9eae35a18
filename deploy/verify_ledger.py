"""`./run verify-ledger --data DIR`: read every ledger of a data folder and say whether it is what was written.

Of a distributed system the databases are read that its addresses.json names, while it runs.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from chassis.database import Database
from chassis.ledger import Broken, verify
from deploy.backup.folder import databases_of
from deploy.distributed.plan import ADDRESSES

_WHY = {
    "hash": "内容被改动 / its content was changed",
    "link": "与前一条不相连 / it does not follow the one before",
    "number": "之前缺少条目 / entries are missing before it",
    "personal": "个人信息被改动 / its personal part was changed",
    "end": "之后的条目被删除 / entries after it were cut off",
}


def main(arguments: list[str]) -> int:
    """Answers 0 when every chain is whole, 1 when one is broken, 2 when there is nothing to verify."""
    parser = argparse.ArgumentParser(prog="./run verify-ledger", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / ".data", metavar="DIR")
    folder: Path = parser.parse_args(arguments).data
    urls = _urls_in(folder)
    if not urls:
        print(f"{folder} 中没有数据 / holds no data: give the folder with --data DIR", file=sys.stderr)
        return 2
    return max(_verify(service, url) for service, url in urls.items())


def say_of(service: str, broken: Sequence[Broken]) -> None:
    """One line when the ledger is whole, else one per broken entry."""
    if not broken:
        print(f"{service}: 完整 / whole")
    for each in broken:
        print(f"{service}: {each.chain} #{each.n}: {_WHY[each.why]}")


def _urls_in(folder: Path) -> dict[str, str]:
    if (folder / ADDRESSES).exists():
        return databases_of(folder)
    return {file.stem: f"sqlite:///{file}" for file in sorted(folder.glob("*.db"))}


def _verify(service: str, url: str) -> int:
    with closing(Database(url, service)) as database, database.read() as tx:
        broken = verify(tx)
    say_of(service, broken)
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
