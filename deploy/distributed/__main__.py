"""`./run distributed`: the real thing on this machine, each service's processes on PostgreSQL and RabbitMQ.

It uses the servers that ANCHANG_POSTGRES_URL and ANCHANG_BUS_URL name, else starts private ones.
"""

import argparse
import signal
import sys
import time
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psycopg

from chassis.settings import SettingsWrong
from chassis.texts import Texts
from deploy.data_folder import Unusable, held
from deploy.distributed import status
from deploy.distributed.house import CannotPrepare, CannotStart, House, Place
from deploy.distributed.kept import answers, free_port
from deploy.distributed.packages import PackageMissing
from deploy.distributed.plan import CannotScale, scales
from deploy.distributed.private_postgres import CannotReachFolder
from deploy.distributed.servers import servers
from deploy.distributed.supervisor import Part
from deploy.environment import ROOT
from deploy.first_start import begin, finish
from deploy.running import noted

_TEXTS = Texts.load(Path(__file__).parents[1] / "texts.toml")


class PortInUse(Exception):
    """Something else listens on the port."""


class _ToldToStop(Exception):
    """Ctrl-C, or SIGTERM."""


def main() -> int:
    options = _options()
    try:
        place = Place(options.host, _port(options), scales(options.scale))
        with held(options.data, shape="distributed") as folder:
            return _run(options, folder, place)
    except PortInUse:
        _say("port_in_use", port=options.port)
    except CannotScale as error:
        _say("cannot_scale", asked=error.asked, known=error.known)
    except psycopg.OperationalError:
        _say("postgres_away")
    except (CannotStart, CannotPrepare) as error:
        _say("cannot_start", why=error, logs=options.data / "logs")
    except (Unusable, PackageMissing, CannotReachFolder, SettingsWrong) as error:
        print(error, file=sys.stderr)
    return 2


def _run(options: argparse.Namespace, folder: Path, place: Place) -> int:
    """Until it is told to stop; every part that was started has ended then."""
    folder = folder.resolve()
    house = House(folder, servers(folder), place, _tell)
    try:
        _stop_on_signal()
        house.start_servers()
        anew: list[bool] = []
        first = begin(folder, empty=options.empty, made=house.has_databases(), clear=lambda: anew.append(True))
        house.prepare(anew=bool(anew))
        house.start((folder / "keys" / "inside-private.pem", folder / "keys" / "inside-public.pem"))
        with house.addressed(), noted(place.port, folder):
            finish(first, folder, house.create_administrator, place.url, _say)
            print(status.table(folder))
            _say("ready", url=place.url)
            _wait_for_ever()
    except _ToldToStop:
        return 0
    finally:
        house.stop()
        _say("stopped")


def _wait_for_ever() -> NoReturn:
    while True:
        time.sleep(1)  # not pause(): a signal in the instant before it would be noticed with the next one only


def _port(options: argparse.Namespace) -> int:
    if options.port == 0:
        return free_port()
    if answers(options.port, options.host):
        raise PortInUse
    return int(options.port)


def _tell(part: Part, end: str | None) -> None:
    """A death is named as it happens; that a part runs again, too."""
    if part.state == "ended":
        _say("part_ended", name=part.name, how=end)
    elif part.state == "given up":
        _say("part_given_up", name=part.name, how=end)
    elif part.state == "running" and part.deaths:
        _say("part_again", name=part.name, pid=part.program.pid)


def _stop_on_signal() -> None:
    """The first signal ends whatever is under way, also a start that hangs; a second one does not disturb the end."""
    numbers = (signal.SIGINT, signal.SIGTERM)

    def stop(_number: int, _frame: FrameType | None) -> None:
        for each in numbers:
            signal.signal(each, signal.SIG_IGN)
        raise _ToldToStop

    for number in numbers:
        signal.signal(number, stop)


def _say(code: str, **facts: object) -> None:
    print(_TEXTS.say_in_all(f"start.{code}", **facts), flush=True)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run distributed", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (0: any free one)")
    data = "where the data is kept (.data-distributed beside ./run)"
    parser.add_argument("--data", type=Path, default=ROOT / ".data-distributed", metavar="DIR", help=data)
    parser.add_argument("--empty", action="store_true", help="start without the demo company")
    parser.add_argument(
        "--scale", action="append", default=[], metavar="NAME=N", help="how many, e.g. reporting-worker=2"
    )
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
