"""The process from which ours are forked: it has imported everything once, so that they share that memory.

Each of the eleven would need some 75 MB and a second of CPU for the same imports. What runs in a fork is what
`python -m chassis.processes …` runs; containers start that.

JSON lines in on stdin: first `{"database"}`, any one of the server, to have connected to one before there are children;
then for each child `{"name", "module": ["chassis.processes", "web", "services.reception"], "environment", "log"}`. One
line out for each birth `{"name", "pid"}` and each death `{"pid", "code"}` (as `Popen.returncode`). When
stdin ends, or this process does, the kernel ends every child. It has one thread: a fork takes no lock along.
"""

import ctypes
import gc
import json
import os
import selectors
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from types import FrameType
from typing import Any

from sqlalchemy import text

from chassis.database import Database
from chassis.database.migration_connection import migrating
from chassis.database.migrations import stand_of
from chassis.processes import __main__ as chassis_processes
from chassis.web import create_app
from deploy.catalogue import services
from gateway import processes as gateway_processes

_MAINS: Mapping[str, Callable[[list[str]], int]] = {
    "chassis.processes": chassis_processes.main,
    "gateway.processes": gateway_processes.main,
}
_LATE = ("gunicorn.arbiter", "gunicorn.workers.gthread", "psycopg_binary", "sqlalchemy.dialects.postgresql.psycopg")
_NOBODY = "postgresql+psycopg://127.0.0.1:1/nothing"  # refuses at once, and that is all it is for
_PR_SET_PDEATHSIG, _PR_SET_NAME = 1, 15


def main() -> int:
    gc.disable()  # it would leave holes that every child fills with copies of its own
    _grow_up()
    gc.freeze()  # the collector would touch, and so unshare, what is shared
    gc.enable()
    woken, wakes = os.pipe()
    for end in (woken, wakes):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, _heard)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to answer
    for line in _lines(woken):
        asked = json.loads(line)
        if "database" in asked:
            _meet(asked["database"])
        else:
            _tell({"name": asked["name"], "pid": _born(asked)})
    return 0


def _grow_up() -> None:
    """Import everything and do once what every child does first: what is made now is shared, what later is not."""
    for module in _LATE:
        import_module(module)
    for service in services():
        database = Database(_NOBODY, service.name)
        create_app(service, database, lambda _request: None)  # asks nothing: metrics are counted by process
        database.close()


def _meet(url: str) -> None:
    """Ask a database something: what libpq, its TLS library and SQLAlchemy make for that is 15 MB in each process."""
    with migrating(url, patience=5, only_look=True) as connection:
        stand_of(connection)
    database = Database(url, "nursery")
    with database.read() as tx:
        tx.execute(text("SELECT 1"))
    database.close()
    gc.freeze()


def _lines(woken: int) -> Iterator[bytes]:
    """What is asked, until nobody asks any more; who has died meanwhile is buried in between."""
    with selectors.DefaultSelector() as selector:
        selector.register(0, selectors.EVENT_READ)
        selector.register(woken, selectors.EVENT_READ)
        begun = b""
        while True:
            ready = {key.fd for key, _events in selector.select()}
            if woken in ready:
                os.read(woken, 4096)
            _bury()
            if 0 in ready:
                came = os.read(0, 64 * 1024)
                if not came:
                    return
                *whole, begun = (begun + came).split(b"\n")
                yield from whole


def _bury() -> None:
    """Say of each child that has ended how it did."""
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        _tell({"pid": pid, "code": os.waitstatus_to_exitcode(status)})


def _born(asked: Mapping[str, Any]) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    code = 1
    try:
        _settle(asked, parent)
        code = _MAINS[asked["module"][0]](asked["module"][1:])
    except SystemExit as end:  # gunicorn ends so
        code = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _settle(asked: Mapping[str, Any], parent: int) -> None:
    """Become a process of its own: session, name, environment, log, default signals."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    libc.prctl(_PR_SET_NAME, asked["name"].encode()[:15])
    if os.getppid() != parent:  # it ended before the kernel was told
        os._exit(1)
    signal.set_wakeup_fd(-1)
    for number in (signal.SIGCHLD, signal.SIGINT):
        signal.signal(number, signal.SIG_DFL)
    os.setsid()
    os.environ.clear()
    os.environ.update(asked["environment"])
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for kept, at in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(kept, at)


def _heard(_number: int, _frame: FrameType | None) -> None:
    """The wakeup descriptor says it; a handler must stand for it to be written."""


def _tell(said: Mapping[str, Any]) -> None:
    os.write(1, json.dumps(said).encode() + b"\n")


if __name__ == "__main__":
    sys.exit(main())
