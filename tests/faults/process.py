"""One process of the numbered services: `python -m tests.faults.process web|worker announcer|reader`, or `house`.

`house` is both services in one process, on SQLite files in `--folder` and the local bus. With `--die-at STEP` the
process kills itself at that step (tests.faults.dying) whenever the file `--armed` is there.
"""

import argparse
import signal
import sys
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from threading import Event, Thread
from typing import Any

from flask import Flask

from chassis.bus import RETRY_DELAYS, EventBus
from chassis.bus.local import LocalBus
from chassis.bus.rabbitmq import RabbitBus
from chassis.database import Database
from chassis.logs import configure_logs
from chassis.runtime import Worker
from chassis.service import Service
from chassis.web import create_app, open_database
from deploy.single_machine.server import listening
from tests.faults.count import open_sqlite
from tests.faults.dying import DyingBus, Step, dying_commits, dying_reader, dying_web
from tests.faults.numbers import ANNOUNCER, ASKER


def main(arguments: Sequence[str]) -> int:
    """Run until SIGTERM or the step to die at."""
    options = _options(arguments)
    configure_logs("console", "WARNING")
    stopping = Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    step = Step(options.die_at, options.armed)
    {"web": _web, "worker": _worker, "house": _house}[options.role](options, step, stopping)
    return 0


def _web(options: argparse.Namespace, step: Step, stopping: Event) -> None:
    database = open_database(options.database, options.service, pool_size=10)
    dying_commits(database, step)
    _serve(_app(database), options.port, step, stopping)
    database.close()


def _worker(options: argparse.Namespace, step: Step, stopping: Event) -> None:
    database = Database(options.database, options.service, answers_within=options.answers_within)
    dying_commits(database, step)
    bus = RabbitBus(options.bus, options.retries, heartbeat=options.heartbeat)
    worker = Worker(_service(options.service, step), database, DyingBus(bus, step))
    worker.start()
    stopping.wait()
    worker.stop()
    bus.close()
    database.close()


def _house(options: argparse.Namespace, step: Step, stopping: Event) -> None:
    bus: EventBus = DyingBus(LocalBus(delays=options.retries), step)
    databases = {name: open_sqlite(options.folder, name) for name in ("announcer", "reader")}
    workers = [Worker(_service(name, step), database, bus) for name, database in databases.items()]
    for database in databases.values():
        dying_commits(database, step)
    for worker in workers:
        worker.start()
    _serve(_app(databases["announcer"]), options.port, step, stopping)
    for worker in workers:
        worker.stop()


def _service(name: str, step: Step) -> Service:
    return ANNOUNCER if name == "announcer" else dying_reader(step)


def _app(database: Database) -> Flask:
    return create_app(ANNOUNCER, database, lambda _request: ASKER)


def _serve(app: Flask, port: int, step: Step, stopping: Event) -> None:
    server: Any = listening(dying_web(app.wsgi_app, step), "127.0.0.1", port)
    serving = Thread(target=server.serve)
    serving.start()
    stopping.wait()
    server.stop()
    serving.join()


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("role", choices=["web", "worker", "house"])
    parser.add_argument("service", nargs="?", choices=["announcer", "reader"])
    parser.add_argument("--database", metavar="URL")
    parser.add_argument("--bus", metavar="URL")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--port", type=int)
    parser.add_argument("--retries", type=_delays, default=RETRY_DELAYS, metavar="MILLISECONDS,…")
    parser.add_argument("--answers-within", type=float, default=30.0, metavar="SECONDS")
    parser.add_argument("--heartbeat", type=int, default=20, metavar="SECONDS")
    parser.add_argument("--die-at", metavar="STEP")
    parser.add_argument("--armed", type=Path, metavar="FILE")
    return parser.parse_args(arguments)


def _delays(text: str) -> tuple[timedelta, ...]:
    return tuple(timedelta(milliseconds=int(part)) for part in text.split(",") if part)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
