"""`./run contracts`: write contracts/ anew. What changes there changes for others: read the difference."""

import argparse
import sys

from deploy.contracts.written import FOLDER, contents


def main(arguments: list[str]) -> int:
    """Answers 0; files of events that are gone are removed."""
    argparse.ArgumentParser(prog="./run contracts", description=__doc__).parse_args(arguments)
    wanted = contents()
    for gone in sorted(set(FOLDER.rglob("events/*.json")) - set(wanted)):
        gone.unlink()
        print(f"removed {gone.relative_to(FOLDER.parent)}")
    for file, text in wanted.items():
        if not file.exists() or file.read_text(encoding="utf-8") != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
            print(f"wrote {file.relative_to(FOLDER.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
