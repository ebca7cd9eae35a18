"""Running a process that is told everything by settings, or saying in one message why it cannot run."""

import sys
from collections.abc import Callable
from typing import Any

from chassis.bus import BusDown
from chassis.database.migrations import SchemaMismatch
from chassis.logs import configure_logs
from chassis.settings import LOG_FORMAT, LOG_LEVEL, Setting, SettingsWrong, read

_LOGS: tuple[Setting[Any], ...] = (LOG_FORMAT, LOG_LEVEL)
CANNOT = 2
"""The exit code of a process that cannot run as it was set up: starting it again is of no use."""


def guarded(run: Callable[[], None]) -> int:
    """Run it, logging as the settings say; answers 0, or CANNOT once the reason was said."""
    try:
        logs = read(_LOGS)
        configure_logs(logs[LOG_FORMAT], logs[LOG_LEVEL])
        run()
    except (SettingsWrong, SchemaMismatch, BusDown) as refusal:
        return cannot(str(refusal))
    return 0


def cannot(why: str) -> int:
    """Say it where whoever starts processes looks for it."""
    sys.stderr.write(f"{why}\n")
    return CANNOT
