"""`./run dead-letters list|retry|discard`: the events that could not be handled, and what becomes of them.

It asks the public API of a running system, as the person who signs in: what that person may not see or decide is
refused here as everywhere. The password comes from ANCHANG_PASSWORD, from the demo of a system that this checkout runs,
or from the terminal.
"""

import argparse
import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import datetime
from getpass import getpass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from chassis.texts import Texts
from deploy.demo.client import Api, Refused, Unreachable
from deploy.demo.company import accounts_in
from deploy.running import data_folder_of

PASSWORD = "ANCHANG_PASSWORD"  # noqa: S105 - the variable's name

_TEXTS = Texts.load(Path(__file__).parent / "texts.toml")
_PATHS = {name: f"/api/v1/{name}/dead-letters" for name in ("customers", "reception", "followups", "reporting")}
_PATHS["gateway"] = "/api/v1/events/dead-letters"
_COLUMNS = ("service", "id", "type", "error", "attempts", "since")
_DOWN = (503, 504)
_HERE = ("127.0.0.1", "localhost", "::1")


class CannotBeDone(Exception):
    """It cannot be done as asked; the arguments are the text's code and its facts."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def main(arguments: list[str]) -> int:
    """Answers 0, 1 when the system refused (with its message), 2 for what cannot be done as asked."""
    options = _options(arguments)
    try:
        anyone = Api(options.url, language=options.language)
        return _do(anyone.signed_in(options.username, _password(options)), options)
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    except Unreachable as error:
        print(_TEXTS.say("story.unreachable", options.language, url=error), file=sys.stderr)
    except CannotBeDone as error:
        print(_TEXTS.say(f"letters.{error.code}", options.language, **error.facts), file=sys.stderr)
    return 2


def _do(api: Api, options: argparse.Namespace) -> int:
    if options.command == "list":
        return _list(api, options)
    chosen = _chosen(api, options)
    if not chosen:
        print(_TEXTS.say("letters.none", options.language))
    for service, letter in chosen:
        api.post(f"{_PATHS[service]}/{quote(letter, safe='')}/{options.command}", {"reason": options.reason})
        print(_TEXTS.say(f"letters.{options.command}", options.language, service=service, letter=letter), flush=True)
    return 0


def _list(api: Api, options: argparse.Namespace) -> int:
    """Every letter in reach; a service that is down hides only its own."""
    rows, answers = [], 0
    services = [options.service] if options.service else list(_PATHS)
    for service in services:
        try:
            rows += [_row(service, letter) for letter in _parked(api, service)]
            answers += 1
        except Refused as refusal:
            if refusal.status not in _DOWN:
                raise
            print(refusal, file=sys.stderr)
    titles = [_TEXTS.say(f"letters.columns.{column}", options.language) for column in _COLUMNS]
    print(_table([titles, *rows]) if rows else _TEXTS.say("letters.none", options.language))
    return 0 if answers == len(services) else 1


def _chosen(api: Api, options: argparse.Namespace) -> list[tuple[str, str]]:
    """Which letters are meant, as (service, id). One event may be parked in several services: then one is named."""
    if options.letter is None:
        return [(options.service, letter["id"]) for letter in _parked(api, options.service)]
    if options.service:
        return [(options.service, options.letter)]
    services = [name for name in _PATHS if any(letter["id"] == options.letter for letter in _parked(api, name))]
    if not services:
        raise CannotBeDone("nowhere", letter=options.letter)
    if len(services) > 1:
        raise CannotBeDone("in_several", letter=options.letter, services=", ".join(services))
    return [(services[0], options.letter)]


def _parked(api: Api, service: str) -> Iterator[dict[str, Any]]:
    query = {"limit": "200"}
    while True:
        page = api.get(_PATHS[service], **query)
        yield from page["items"]
        if page["next_after"] is None:
            return
        query["after"] = page["next_after"]


def _row(service: str, letter: dict[str, Any]) -> list[str]:
    since = datetime.fromisoformat(letter["parked_at"]).astimezone().strftime("%Y-%m-%d %H:%M:%S")
    return [service, letter["id"], letter["type"], letter["error"], str(letter["attempts"]), since]


def _table(rows: Sequence[Sequence[str]]) -> str:
    widths = [max(_width(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )


def _width(text: str) -> int:
    """How many places of a terminal the text takes: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _password(options: argparse.Namespace) -> str:
    known = os.environ.get(PASSWORD) or _password_of_demo(options.url, options.username)
    return known or _asked_for(options)


def _password_of_demo(url: str, username: str) -> str | None:
    """The demo's password of this person, when this checkout runs a demo at the address and we may read it."""
    parts = urlsplit(url)
    folder = data_folder_of(parts.port) if parts.hostname in _HERE else None
    try:
        accounts = list(accounts_in(folder / "demo-accounts.json")) if folder else []
    except OSError:
        return None
    return next((account.password for account in accounts if account.username == username), None)


def _asked_for(options: argparse.Namespace) -> str:
    none = CannotBeDone("no_password", variable=PASSWORD, username=options.username)
    if not sys.stdin.isatty():
        raise none
    try:
        return getpass(_TEXTS.say("letters.ask_password", options.language, username=options.username))
    except EOFError as error:
        raise none from error


def address(value: str) -> str:
    """An http address; raises ValueError."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError(value)
    return value


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run dead-letters", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True, metavar="list|retry|discard")
    commands.add_parser("list", parents=[_asking()], help="没有处理成的事件 / the events that could not be handled")
    retry = commands.add_parser("retry", parents=[_asking(), _deciding()], help="再试一次 / have events tried again")
    retry.add_argument("--all", action="store_true", help="该服务的全部死信 / every one of --service")
    commands.add_parser("discard", parents=[_asking(), _deciding()], help="作废 / decide that it is never handled")
    options = parser.parse_args(arguments)
    if options.command != "list" and (options.letter is None) != getattr(options, "all", False):
        parser.error("给出编号或 --all 之一 / give an ID, or --all to retry, and not both")
    if getattr(options, "all", False) and options.service is None:
        parser.error("--all 需要 --service / --all needs --service")
    return options


def _asking() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--service", choices=tuple(_PATHS), help="哪个服务 / whose dead letters; default: all")
    common.add_argument("--url", type=address, default="http://127.0.0.1:8000", help="网关地址 / the gateway's address")
    common.add_argument("--username", default="hq", help="登录名 / who signs in (%(default)s)")
    common.add_argument("--language", choices=("zh", "en"), default="zh")
    return common


def _deciding() -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("letter", metavar="ID", nargs="?", help="死信编号 / the id that `list` shows")
    common.add_argument("--reason", required=True, help="为什么，记录在案 / why; it is kept with who decided")
    return common


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
