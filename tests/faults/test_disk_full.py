"""A disk without room: a clear refusal, nothing damaged, and everything goes on once there is room."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from urllib3 import BaseHTTPResponse, PoolManager
from werkzeug.test import TestResponse

from deploy.demo.client import eventually
from deploy.distributed.private_postgres import PrivatePostgres
from deploy.verify_ledger import main as verify_ledger
from tests.chassis.web.house import House, build
from tests.faults.totals import agree_on, everybody_at_work, manager_headers
from tests.journeys.system import running

_ROOM = "160m"
_PIECE, _LEFT = 64 * 1024, 96 * 1024  # bytes; what is left takes a few acts: the disk fills in the middle of one


@pytest.fixture
def small_disk(open_folder: Path) -> Iterator[Path]:
    """A file system of its own, with little room."""
    disk = open_folder / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_ROOM},mode=0711", "none", str(disk)], check=True)
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


def _fill(disk: Path) -> Path:
    """Fill the disk but for a little; answers the file to remove for room."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as out:
        with suppress(OSError):  # no room for more
            while out.write(bytes(_PIECE)):
                pass
        out.truncate(max(0, out.tell() - _LEFT))
    return filler


class _Door:
    """The manager at the door: a visitor arrives and is registered, each act under its key."""

    def __init__(self, url: str, hall: str, headers: dict[str, str]) -> None:
        self._pool = PoolManager(retries=False, timeout=30)
        self._url = f"{url}/api/v1/reception"
        self._hall = hall
        self._headers = headers
        self.customers: set[str] = set()
        self.day = ""

    def visitor(self, number: int, language: str = "zh") -> BaseHTTPResponse:
        """The answer to the registration, or the refusal of whatever was refused. Again: the same acts."""
        arrived = self._act(f"halls/{self._hall}/arrivals", {"kind": "first_visit"}, f"arrival-{number}", language)
        if arrived.status != 201:
            return arrived
        body = {"name": "王小明", "phone": f"136{number:08d}"}
        path = f"receptions/{arrived.json()['reception_id']}/complete"
        registered = self._act(path, body, f"registration-{number}", language)
        if registered.status == 200:
            self.customers.add(registered.json()["customer_id"])
            self.day = registered.json()["local_day"]
        return registered

    def board(self) -> BaseHTTPResponse:
        return self._pool.request("GET", f"{self._url}/halls/{self._hall}/board", headers=self._headers)

    def _act(self, path: str, body: dict[str, str], key: str, language: str) -> BaseHTTPResponse:
        headers = self._headers | {"Idempotency-Key": key, "Accept-Language": language}
        return self._pool.request("POST", f"{self._url}/{path}", json=body, headers=headers)


def _until_refused(door: _Door, number: int) -> tuple[int, BaseHTTPResponse]:
    """Visitors come until one is refused: whose number, and how."""
    for visitor in range(number, number + 500):
        answer = door.visitor(visitor)
        if answer.status != 200:
            return visitor, answer
    raise AssertionError("500 visitors found room")


def test_the_single_machine_refuses_and_goes_on(small_disk: Path) -> None:
    """Without room acts are refused in words and reads answered; with room again, nothing was lost or done twice."""
    with running(small_disk / "data") as system:
        door = _Door(system.url, everybody_at_work(system), manager_headers(system))
        assert door.visitor(0).status == 200
        filler = _fill(small_disk)
        refused, answer = _until_refused(door, 1)
        assert (answer.status, answer.json()["code"]) == (503, "disk_full")
        assert "磁盘已满" in answer.json()["detail"]
        english = door.visitor(refused, "en")
        assert (english.status, "disk is full" in english.json()["detail"]) == (503, True)
        assert door.board().status == 200
        filler.unlink()
        assert [door.visitor(number).status for number in range(refused, refused + 5)] == [200] * 5
        assert agree_on(system, refused + 5, door.day) == door.customers
        assert verify_ledger(["--data", str(system.data)]) == 0


@pytest.mark.system
def test_postgresql_refuses_and_goes_on(small_disk: Path) -> None:
    """On PostgreSQL the same: 503 while there is no room; with room what was answered stands, and nothing else."""
    with PrivatePostgres(small_disk / "postgres") as server:
        house = build(server.fresh_database())
        written = [_write(house, 0)]
        filler = _fill(small_disk)
        while (answer := _write(house, len(written))).status_code == 201:
            written.append(answer)
        assert (answer.status_code, answer.get_json(force=True)["code"]) in _REFUSALS
        filler.unlink()
        again, _ = eventually(lambda: _written(house, server, len(written)), "a note", 120)
        assert house.count() == len([*written, again])
        house.database.close()


_REFUSALS = ((503, "disk_full"), (503, "database_away"))  # no room for a row, or none for the log


def _write(house: House, number: int) -> TestResponse:
    body = {"text": f"{number} {'x' * 180}"}
    return house.ask("POST", "/api/v1/notes", json=body, headers={"Idempotency-Key": str(number)})


def _written(house: House, server: PrivatePostgres, number: int) -> TestResponse | None:
    """The answer to the act that was refused, repeated, once it is done."""
    if not server.process.running:  # without room for its log it has to end itself
        server.start()
    answer = _write(house, number)
    return answer if answer.status_code == 201 else None
