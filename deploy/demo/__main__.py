"""`./run demo --url http://…`: tell the main job against a running system; exits 1 when a step is not as told."""

import argparse
import sys
from pathlib import Path
from urllib.parse import urlsplit

from chassis.texts import Texts
from deploy.demo.client import NotInTime, Refused, Unreachable
from deploy.demo.company import accounts_in
from deploy.demo.story import SOON, NotAsTold, Story
from deploy.running import data_folder_of

_TEXTS = Texts.load(Path(__file__).parents[1] / "texts.toml")


def main() -> int:
    options = _options()

    def say(code: str, **facts: object) -> None:
        print(_TEXTS.say(f"story.{code}", options.language, **facts), flush=True)

    try:
        accounts = list(accounts_in(options.accounts))
    except (OSError, ValueError, TypeError):
        say("no_accounts", file=options.accounts)
        return 1
    try:
        Story(options.url, accounts, say, options.language, options.within).run()
    except (NotAsTold, NotInTime, Refused) as error:
        say("not_as_told", what=error)
        return 1
    except Unreachable as error:
        say("unreachable", url=error)
        return 1
    say("end")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run demo", description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000", help="the gateway's address")
    parser.add_argument("--accounts", type=Path, help="the demo's sign-ins: demo-accounts.json in its data folder")
    parser.add_argument("--language", choices=("zh", "en"), default="zh")
    within = "seconds that what travels by events may take; more on a machine that is busy (%(default)g)"
    parser.add_argument("--within", type=float, default=SOON, metavar="SECONDS", help=within)
    options = parser.parse_args()
    if options.accounts is None:
        folder = data_folder_of(urlsplit(options.url).port) or Path(".data")
        options.accounts = folder / "demo-accounts.json"
    return options


if __name__ == "__main__":
    sys.exit(main())
