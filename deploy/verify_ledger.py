"""`./run verify-ledger --data DIR`: read every ledger of a data folder and say whether it is what was written."""

import argparse
import sys
from pathlib import Path

from chassis.database import Database
from chassis.ledger import Broken, verify

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
    files = sorted(folder.glob("*.db"))
    if not files:
        print(f"{folder} 中没有数据 / holds no data: give the folder with --data DIR", file=sys.stderr)
        return 2
    return max(_verify(file) for file in files)


def _verify(file: Path) -> int:
    database = Database(f"sqlite:///{file}", file.stem)
    try:
        with database.read() as tx:
            broken = verify(tx)
    finally:
        database.close()
    _say(file.stem, broken)
    return 1 if broken else 0


def _say(service: str, broken: list[Broken]) -> None:
    if not broken:
        print(f"{service}: 完整 / whole")
    for each in broken:
        print(f"{service}: {each.chain} #{each.n}: {_WHY[each.why]}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
