"""`./run distributed` as operations meet it: what it says, what it restarts, what it leaves behind."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from select import select as ready

import pytest
from sqlalchemy import select

from chassis.database import Database
from chassis.events.tables import inbox, outbox
from deploy.demo.client import Api, eventually
from services.reporting.app import SERVICE as REPORTING
from tests.journeys.system import (
    ROOT,
    DidNotStart,
    Distributed,
    on_the_ground,
    running,
    running_distributed,
    start,
    start_distributed,
)
from tests.processes import children_of

pytestmark = pytest.mark.system
_SERVICES = ("customers", "reception", "followups", "reporting")
_PARTS = {f"{name}-{kind}" for name in _SERVICES for kind in ("web", "worker")}
_PARTS |= {"gateway-web", "gateway-live", "gateway-worker", "nginx"}


@pytest.fixture(scope="module")
def distributed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Distributed]:
    """One system with two reporting workers, on the session's servers."""
    data = tmp_path_factory.mktemp("distributed") / "data"
    scale = ("--scale", "reporting-worker=2")
    with on_the_ground() as settings, running_distributed(data, *scale, environment=settings) as system:
        yield system


def _status(system: Distributed) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "deploy.distributed.status", "--data", str(system.data)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)


def _story(system: Distributed) -> None:
    command = [sys.executable, "-m", "deploy.demo", "--url", system.url, "--language", "en", "--within", "60"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert told.returncode == 0, told.stdout + told.stderr


def test_the_status_names_every_process_and_how_it_is(distributed: Distributed) -> None:
    """`./run status` shows each process once, running and well, with the broker's version, and exits 0."""
    told, _ = eventually(lambda: _all_well(distributed), "all well", 120)
    names = {line.split()[0] for line in told.stdout.splitlines()[2:]}
    assert names == _PARTS - {"reporting-worker"} | {"reporting-worker-1", "reporting-worker-2"}
    assert told.stdout.count("✓") == len(names)
    assert "RabbitMQ 3." in told.stdout or "RabbitMQ 4." in told.stdout


def _all_well(system: Distributed) -> "subprocess.CompletedProcess[str] | None":
    """What the status says once it exits 0: one that had to wait may say that it does not answer just now."""
    told = _status(system)
    return None if told.returncode else told


@pytest.mark.parametrize("name", ["reception-web", "customers-worker", "gateway-web", "gateway-live", "nginx"])
def test_a_process_that_dies_is_named_and_runs_again(distributed: Distributed, name: str) -> None:
    """kill -9 of one process: it is named in the terminal, started again, and the story goes on as told."""
    before = distributed.parts()[name]
    assert before.pid
    os.kill(before.pid, signal.SIGKILL)
    assert "signal 9" in distributed.hear(f"{name} ended")
    distributed.hear(f"{name} runs again")
    after = distributed.parts()[name]
    assert (after.state, after.deaths) == ("running", before.deaths + 1)
    assert after.pid != before.pid
    _story(distributed)
    assert distributed.parts()[name] == after  # it stays: nothing of the old one holds its port


def test_when_the_nursery_dies_everything_comes_again(distributed: Distributed) -> None:
    """kill -9 of the process that all others are forked from: they end with it, and all of them run again."""
    before = distributed.parts()
    os.kill(_nursery_of(distributed), signal.SIGKILL)
    forked = before.keys() - {"nginx"}

    def all_new() -> bool | None:
        parts = distributed.parts()
        return all(parts[name].state == "running" and parts[name].pid != before[name].pid for name in forked) or None

    eventually(all_new, "new processes", 120)
    _story(distributed)


def _nursery_of(system: Distributed) -> int:
    """The only child of the supervisor that runs our own code and is no part."""
    parts = {part.pid for part in system.parts().values()}
    children = (child for child in children_of(system.process.pid) if child not in parts)
    return next(child for child in children if b"deploy.distributed.nursery" in _command_of(child))


def _command_of(process: int) -> bytes:
    with suppress(OSError):  # it has ended meanwhile
        return Path(f"/proc/{process}/cmdline").read_bytes()
    return b""


def test_two_reporting_workers_reach_the_totals_of_one(distributed: Distributed) -> None:
    """A backlog that both take from at once gives each total that what happened says, not one more or less."""
    manager = distributed.as_person("manager")
    hall = manager.get("/api/v1/reception/halls")["items"][0]["hall_id"]
    sales = [distributed.as_person(f"sales{number}") for number in range(1, 6)]
    for person in sales:
        person.post(f"/api/v1/reception/halls/{hall}/clock-in")
    day = manager.get(f"/api/v1/reception/halls/{hall}/board")["local_day"]
    eventually(lambda: _all_handled(distributed) or None, "what earlier tests did", 120)
    before = manager.get(f"/api/v1/reporting/days/{day}")
    both = [distributed.parts()[f"reporting-worker-{number}"].pid or 0 for number in (1, 2)]
    for worker in both:
        os.kill(worker, signal.SIGSTOP)
    visitors = 30
    for number in range(visitors):
        _visitor(manager, hall, number)
    for worker in both:
        os.kill(worker, signal.SIGCONT)
    names = ("arrivals", "receptions_completed", "turns_used", "new_customers", "followups")
    expected = {name: before[name] + visitors for name in names}

    def counted() -> dict[str, int] | None:
        totals = manager.get(f"/api/v1/reporting/days/{day}")
        return totals if all(totals[name] >= expected[name] for name in names) else None

    totals, _ = eventually(counted, "the totals", 120)
    assert {name: totals[name] for name in names} == expected
    for person in sales:
        person.post(f"/api/v1/reception/halls/{hall}/clock-out")


def _all_handled(system: Distributed) -> bool:
    """Whether reporting has handled all that was announced to it."""
    wanted = REPORTING.consumers.types
    announced: set[str] = set()
    for name in (*_SERVICES, "gateway"):
        with closing(Database(system.database_url(name), name)) as database, database.read() as tx:
            announced |= set(tx.execute(select(outbox.c.id).where(outbox.c.type.in_(wanted))).scalars())
    with closing(Database(system.database_url("reporting"), "reporting")) as database, database.read() as tx:
        return announced <= set(tx.execute(select(inbox.c.event_id)).scalars())


def _visitor(manager: Api, hall: str, number: int) -> None:
    reception = manager.post(f"/api/v1/reception/halls/{hall}/arrivals", {"kind": "first_visit"})["reception_id"]
    visitor = {"name": "王小明", "phone": f"137{number:08d}"}
    manager.post(f"/api/v1/reception/receptions/{reception}/complete", visitor)


def test_a_backup_of_it_becomes_the_same_system(distributed: Distributed, tmp_path: Path) -> None:
    """Backed up while it runs and restored on other servers, it starts with the same people, rows and totals."""
    file, again = tmp_path / "one.tar", tmp_path / "again"
    _told("deploy.backup.make", str(file), "--data", str(distributed.data))
    query = {"from": "2020-02-01", "to": "2099-12-31"}
    with on_the_ground() as settings:
        told = _told("deploy.backup.restore", str(file), "--data", str(again), environment=settings)
        assert told.count("完整 / whole") == len(_SERVICES) + 1
        with running_distributed(again, environment=settings) as restored:
            both = [system.as_person("admin") for system in (distributed, restored)]

            def sheets_agree() -> bool | None:
                one, other = (person.get("/api/v1/reporting/followup-sheet", **query) for person in both)
                return one == other or None

            eventually(sheets_agree, "the same sheet", 60)
            _story(restored)
            assert "完整 / whole" in _told("deploy.verify_ledger", "--data", str(again))


def _told(module: str, *arguments: str, environment: dict[str, str] | None = None) -> str:
    """What a command says, having ended well."""
    done = subprocess.run(
        [sys.executable, "-m", module, *arguments],
        cwd=ROOT,
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_streams_are_answered_by_the_live_process_alone(distributed: Distributed) -> None:
    """The stream comes through the one address, and an ordinary process of the gateway refuses to hold one."""
    account = distributed.accounts()["manager"]
    signed = {"username": account.username, "password": account.password}
    token = Api(distributed.url).post("/api/v1/auth/token", signed)["access_token"]
    with _stream(distributed.url, token) as stream:
        assert stream.stdout is not None
        assert stream.stdout.readline().startswith("retry:")
        stream.kill()
    with _stream(f"http://127.0.0.1:{distributed.parts()['gateway-web'].port}", token) as refused:
        assert '"too_many_streams"' in refused.communicate(timeout=60)[0]


def _stream(url: str, token: str) -> "subprocess.Popen[str]":
    command = ["curl", "-sS", "-N", f"{url}/api/v1/events/stream", "-H", f"Authorization: Bearer {token}"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_stop_ends_exactly_what_was_started(open_folder: Path) -> None:
    """After Ctrl-C, and after kill -9, every process is gone, private servers too; a second start finds its data."""
    system = start_distributed(open_folder, "--empty")
    password = system.said.split("one-time password ")[1].split()[0]
    assert {"postgresql", "rabbitmq"} < set(system.parts())
    addresses = open_folder / "addresses.json"
    assert addresses.stat().st_mode & 0o077 == 0
    running = _processes(system)
    assert system.stop() == 0
    assert _all_ended(running, within=0)
    assert not addresses.exists()
    again = start_distributed(open_folder, "--empty")
    assert "one-time" not in again.said
    assert Api(again.url).signed_in("hq", password).get("/api/v1/auth/me")["role"] == "headquarters"
    running = _processes(again)
    again.kill()
    assert _all_ended(running, within=60)


def _processes(system: Distributed) -> list[int]:
    return [os.pidfd_open(part.pid) for part in system.parts().values() if part.pid]


def _all_ended(processes: list[int], within: float) -> bool:
    """Whether each process ends in time."""
    ended = [bool(ready([process], [], [], within)[0]) for process in processes]
    for process in processes:
        os.close(process)
    return all(ended)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--scale", "reporting=2"), "--scale reporting=2 is not possible.*reporting-worker"),
        (("--scale", "reporting-worker=0"), "--scale reporting-worker=0 is not possible"),
        (("--scale", "gateway-live=2"), "--scale gateway-live=2 is not possible"),
    ],
)
def test_what_cannot_be_scaled_is_said(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    """A wrong --scale is named with what is possible, before anything is started."""
    with pytest.raises(DidNotStart, match=says):
        start_distributed(tmp_path / "data", *arguments)
    assert not (tmp_path / "data").exists()


def test_a_port_in_use_is_said(tmp_path: Path) -> None:
    """A port that something else listens on is named, with what to do."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(DidNotStart, match=f"Port {port} is in use.*--port"):
            start_distributed(tmp_path / "data", port=port)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"POSTGRES_URL": "postgresql+psycopg://nobody:x@127.0.0.1:1/postgres"}, "PostgreSQL does not answer"),
        ({"BUS_URL": "amqp://nobody:x@127.0.0.1:1/%2F"}, "RabbitMQ"),
        ({"DATABASE_PREFIX": "no spaces"}, "ANCHANG_DATABASE_PREFIX is not right.*a–z"),
    ],
)
def test_a_server_that_is_not_there_is_said(tmp_path: Path, settings: dict[str, str], says: str) -> None:
    """A given server that does not answer ends the start with one message, and nothing is left running."""
    with on_the_ground() as ground:
        wrong = ground | {f"ANCHANG_{name}": value for name, value in settings.items()}
        with pytest.raises(DidNotStart, match=says) as told:
            start_distributed(tmp_path / "data", environment=wrong)
    assert "Traceback" not in str(told.value)
    assert not (tmp_path / "data" / "status.json").exists()


def test_the_two_shapes_never_share_a_folder(tmp_path: Path) -> None:
    """A folder made by one shape is refused by the other, with the command that starts it."""
    with running(tmp_path / "single", "--empty"):
        pass
    with pytest.raises(DidNotStart, match=r"start it with ./run, or use --data"):
        start_distributed(tmp_path / "single")
    mark = {"format": 1, "clock": "system", "shape": "distributed"}
    (tmp_path / "anchang.json").write_text(json.dumps(mark), encoding="utf-8")
    with pytest.raises(DidNotStart, match=r"start it with ./run distributed, or use --data"):
        start(tmp_path)


def test_nothing_runs_is_said(tmp_path: Path) -> None:
    """`./run status` for a folder on which nothing runs says how to start it, and exits 2."""
    command = [sys.executable, "-m", "deploy.distributed.status", "--data", str(tmp_path)]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    assert told.returncode == 2
    assert "./run distributed" in told.stderr
