"""`./run`: the whole system in one process. Ctrl-C ends it; a second start uses the same data."""

import argparse
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import Any

from chassis.clock import Clock, StandingClock, SystemClock
from chassis.database.migrations import SchemaMismatch
from chassis.logs import configure_logs
from chassis.memory import return_large_blocks
from chassis.settings import SettingsWrong, read
from chassis.texts import Texts
from deploy.data_folder import Unusable, held
from deploy.first_start import begin, finish
from deploy.running import noted
from deploy.single_machine.house import SETTINGS, House, has_databases, remove_databases
from deploy.single_machine.server import PortInUse, listening

_TEXTS = Texts.load(Path(__file__).parents[1] / "texts.toml")
Say = Callable[..., None]

_LISTENS = 1.0  # seconds: a signal in the instant before a wait begins is noticed when that wait ends


def main() -> int:
    options = _options()
    configure_logs("console", "WARNING")
    return_large_blocks()
    try:
        clock = _clock(options.clock)
        with held(options.data, "standing" if options.clock else "system") as folder:
            return _run(options, folder, clock)
    except ValueError:
        _say("bad_clock", value=options.clock)
    except PortInUse:
        _say("port_in_use", port=options.port)
    except (Unusable, SchemaMismatch, SettingsWrong) as error:
        print(error, file=sys.stderr)
    return 2


def _run(options: argparse.Namespace, folder: Path, clock: Clock) -> int:
    first = begin(folder, empty=options.empty, made=has_databases(folder), clear=lambda: remove_databases(folder))
    house = House(folder, clock, read(SETTINGS))
    server = listening(house.application, options.host, options.port)
    url = f"http://{options.host}:{server.bind_addr[1]}"
    with house.working(), noted(server.bind_addr[1], folder):
        serving = Thread(target=server.serve, name="http")
        _stop_on_signal(house, server)
        serving.start()
        try:
            finish(first, folder, house.create_administrator, url, _say)
            _announce(url, folder, clock)
        except BaseException:
            _stop(house, server)
            raise
        while serving.is_alive():
            serving.join(_LISTENS)
    _say("stopped")
    return 0


def _announce(url: str, folder: Path, clock: Clock) -> None:
    if isinstance(clock, StandingClock):
        _say("standing_clock", now=clock.now().isoformat())
    _say("ready", url=url)


def _stop(house: House, server: Any) -> None:
    house.end_streams()
    server.stop()


def _stop_on_signal(house: House, server: Any) -> None:
    def stop(_number: int, _frame: FrameType | None) -> None:
        Thread(target=_stop, args=(house, server), name="stop").start()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)


def _clock(start: str | None) -> Clock:
    return SystemClock() if start is None else StandingClock(datetime.fromisoformat(start))


def _say(code: str, **facts: object) -> None:
    print(_TEXTS.say_in_all(f"start.{code}", **facts), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (0: any free one)")
    parser.add_argument("--data", type=Path, default=Path(".data"), metavar="DIR", help="where the data is kept")
    parser.add_argument("--empty", action="store_true", help="start without the demo company")
    parser.add_argument("--clock", metavar="INSTANT", help="a clock that stands at this instant, for training")
    return parser.parse_args()
