"""What cannot be done as asked: one message in both languages that says why and what to do."""

import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
from sqlalchemy.exc import SQLAlchemyError

from chassis.database.migration_safety import MigrationRefused
from chassis.database.migrations import SchemaMismatch
from chassis.settings import SettingsWrong
from chassis.texts import Texts
from deploy.distributed.kept import DidNotStart
from deploy.distributed.packages import PackageMissing
from deploy.distributed.private_postgres import CannotReachFolder

_TEXTS = Texts.load(Path(__file__).with_name("texts.toml"))


class Refused(Exception):
    """`code` names the text under `refused` in texts.toml; nothing was done, or what was done is undone."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        super().__init__(_TEXTS.say_in_all(f"refused.{code}", **facts))


_SAID = (Refused, SchemaMismatch, MigrationRefused, SettingsWrong, PackageMissing, CannotReachFolder, DidNotStart)


def say(code: str, **facts: object) -> None:
    print(_TEXTS.say_in_all(code, **facts), flush=True)


def answered(do: Callable[[], int]) -> int:
    """The exit code of `do`, or 2 with a message when it is refused or a database fails."""
    try:
        return do()
    except _SAID as error:
        print(error, file=sys.stderr)
    except (sqlite3.Error, psycopg.Error, SQLAlchemyError) as error:  # by its kind alone: its text may quote rows
        print(_TEXTS.say_in_all("refused.database_failed", reason=type(error).__name__), file=sys.stderr)
    except KeyboardInterrupt:  # what was begun is undone
        return 130
    return 2
