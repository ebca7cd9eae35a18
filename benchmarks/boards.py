"""200 boards of 10 halls open at once, in both shapes: how soon a change is on them, and what it costs everybody else.

Each board is a client that does what live.js does: it keeps a stream about its hall open, looks when something happens,
and once more when the day's numbers are counted, if they are the reader's to see. Arrivals come at a steady pace, from
all halls in turn. An ordinary request is asked all the while, and stands beside the same request at the same pace in
the same run without boards.
"""

import http.client
import json
import random
import socket
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import median
from threading import Condition, Event, Thread
from urllib.parse import urlencode, urlsplit

from benchmarks.__main__ import Figure
from benchmarks.arrivals import HALLS, Tablet, opened_halls
from benchmarks.memory import family_of
from deploy.distributed.packages import NGINX, POSTGRESQL, RABBITMQ
from tests.faults.totals import manager_headers
from tests.journeys.system import SingleMachine, start, start_distributed

BOARDS, RATE, CHANGES = 200, 1.0, 60
_WITHIN = 1000.0  # milliseconds from the answer of an arrival to the last board of its hall
_PACE = 10  # ordinary requests a second
_LIST = "/api/v1/customers?limit=20"
_GROWN = 100  # MB for all boards together
_TOGETHER, _APART, _COUNTED = 0.05, 0.15, 1.3  # seconds, as in live.js


class Board:
    """One board: its stream, its looks, and when it first showed each reception."""

    def __init__(self, url: str, cookie: str, hall: str, *, counts: bool) -> None:
        self.hall = hall
        self.counts = counts
        self.shown: dict[str, float] = {}
        self.failed: list[str] = []
        self.looks = 0
        self._server = urlsplit(url).netloc
        self._headers = {"Cookie": cookie}
        self._due = Condition()
        self._soon = self._later = float("inf")
        self._closed = False
        self._mark = ""
        self._stream = http.client.HTTPConnection(self._server, timeout=60)
        self._connection = http.client.HTTPConnection(self._server, timeout=30)

    def open(self) -> None:
        """Have the stream open and the board looked at."""
        self._stream.request("GET", f"/api/v1/events/stream?about={self.hall}", headers=self._headers)
        answer = self._stream.getresponse()
        if answer.status != 200:
            raise RuntimeError(f"the stream: {answer.status}")
        answer.readline()
        self._look()
        Thread(target=self._listen, args=(answer,), daemon=True).start()
        Thread(target=self._look_when_due, daemon=True).start()

    def close(self) -> None:
        with self._due:
            self._closed = True
            self._due.notify()
        if self._stream.sock is not None:
            self._stream.sock.shutdown(socket.SHUT_RDWR)

    def _listen(self, answer: http.client.HTTPResponse) -> None:
        try:
            while line := answer.readline():
                if line.startswith(b"event: happened"):
                    self._happened()
        except (OSError, ValueError, http.client.HTTPException):
            if not self._closed:
                self.failed.append("the stream broke")

    def _happened(self) -> None:
        now = time.monotonic()
        with self._due:
            if self._soon == float("inf"):
                self._soon = now + _TOGETHER + _APART * random.random()
            if self.counts:
                self._later = now + _COUNTED * (1 + random.random() / 4)
            self._due.notify()

    def _look_when_due(self) -> None:
        while self._waited():
            try:
                self._look()
            except (OSError, http.client.HTTPException) as error:
                self.failed.append(type(error).__name__)
                self._connection.close()

    def _waited(self) -> bool:
        """Come back when it is time to look; False when the board is closed."""
        with self._due:
            while not self._closed:
                left = min(self._soon, self._later) - time.monotonic()
                if left <= 0:
                    self._soon, self._later = (
                        float("inf"),
                        self._later if self._later > time.monotonic() else float("inf"),
                    )
                    return True
                self._due.wait(min(left, 60))
        return False

    def _look(self) -> None:
        known = {"If-None-Match": f'"{self._mark}"'} if self._mark else {}
        self._connection.request("GET", f"/halls/{self.hall}/board", headers=self._headers | known)
        answer = self._connection.getresponse()
        content, now = answer.read().decode(), time.perf_counter()
        self.looks += 1
        if answer.status == 200:
            self._mark = (answer.headers["ETag"] or "").strip('"')
            for piece in content.split('id="why-')[1:]:
                self.shown.setdefault(piece.partition('"')[0], now)
        elif answer.status != 304:
            self.failed.append(str(answer.status))


def figures() -> Iterator[Figure]:
    """Both shapes, as far as the machine has what they stand on."""
    with tempfile.TemporaryDirectory() as folder:
        start(Path(folder) / "data").stop()
        yield from _measured("single machine", start(Path(folder) / "data"), 160)
    if POSTGRESQL.present and RABBITMQ.present and NGINX.present:
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o711)  # PostgreSQL's user walks through it
            start_distributed(Path(folder) / "data").stop()
            yield from _measured("distributed", start_distributed(Path(folder) / "data"), 700)


def _measured(shape: str, system: SingleMachine, idle: float) -> Iterator[Figure]:
    try:
        time.sleep(3)  # what the start left running is to end first
        before = family_of(system.process.pid)
        halls, signed = opened_halls(system), manager_headers(system)
        tablets = [Tablet(system.url, signed, hall) for hall in halls]
        alone, _delays = _run(system, tablets, [])
        boards = _opened(system, halls)
        with_boards, delays = _run(system, tablets, boards)
        loaded = family_of(system.process.pid)
        for board in boards:
            board.close()
        yield _seen(shape, delays, boards)
        yield _unharmed(shape, with_boards, alone)
        yield _memory(f"{shape}: memory idle, with room for {BOARDS} boards", before, None, idle)
        yield _memory(f"{shape}: memory with {BOARDS} boards open", loaded, before, before + _GROWN)
    finally:
        system.stop()


def _opened(system: SingleMachine, halls: Sequence[str]) -> list[Board]:
    """One in five is a manager's and has the day's numbers, the others are salespeople's."""
    manager, seller = _signed_in(system, "manager"), _signed_in(system, "sales1")
    every = [(n // HALLS % 5 == 0, halls[n % HALLS]) for n in range(BOARDS)]
    boards = [Board(system.url, manager if leads else seller, hall, counts=leads) for leads, hall in every]
    for board in boards:
        board.open()
    return boards


def _signed_in(system: SingleMachine, username: str) -> str:
    """The cookie of a session in a browser."""
    account = system.accounts()[username]
    connection = http.client.HTTPConnection(urlsplit(system.url).netloc, timeout=30)
    form = urlencode({"username": account.username, "password": account.password})
    connection.request("POST", "/sign-in", form, {"Content-Type": "application/x-www-form-urlencoded"})
    return connection.getresponse().headers["Set-Cookie"].partition(";")[0]


def _run(
    system: SingleMachine, tablets: Sequence[Tablet], boards: Sequence[Board]
) -> tuple[list[float], list[float | None]]:
    """Arrivals at a steady pace: how long the ordinary requests took, and when the last board of the hall showed each.

    None where not all boards showed an arrival in time.
    """
    ended, times = Event(), list[float]()
    asking = Thread(target=_ask_all_the_while, args=(system, ended, times))
    asking.start()
    arrived: list[tuple[str, str, float]] = []
    due = time.perf_counter()
    for n in range(CHANGES):
        time.sleep(max(0.0, due - time.perf_counter()))
        tablet = tablets[n % len(tablets)]
        _took, said = tablet.arrival()
        arrived.append((said["hall_id"], said["reception_id"], time.perf_counter()))
        if len(arrived) > HALLS // 2:
            tablets[(n - HALLS // 2) % len(tablets)].leave(arrived[-HALLS // 2 - 1][1])
        due += 1 / RATE
    time.sleep(2)  # what came last is to be shown too
    ended.set()
    asking.join()
    return times, [_shown_by_all(one, boards) for one in arrived]


def _shown_by_all(arrived: tuple[str, str, float], boards: Sequence[Board]) -> float | None:
    hall, reception, at = arrived
    seen = [board.shown.get(reception) for board in boards if board.hall == hall]
    return None if None in seen else max((one - at for one in seen if one), default=0.0) * 1000


def _ask_all_the_while(system: SingleMachine, ended: Event, times: list[float]) -> None:
    connection = http.client.HTTPConnection(urlsplit(system.url).netloc, timeout=30)
    headers = manager_headers(system)
    while not ended.wait(1 / _PACE):
        began = time.perf_counter()
        connection.request("GET", _LIST, headers=headers)
        answer = connection.getresponse()
        json.loads(answer.read())
        if answer.status != 200:
            raise RuntimeError(f"{_LIST}: {answer.status}")
        times.append((time.perf_counter() - began) * 1000)


def _p99(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def _seen(shape: str, delays: Sequence[float | None], boards: Sequence[Board]) -> Figure:
    told = [one for one in delays if one is not None]
    p99 = _p99(told) if told else float("inf")
    failed, missed = sum(len(board.failed) for board in boards), len(delays) - len(told)
    looks = sum(board.looks for board in boards)
    return Figure(
        figure=f"{shape}: a change on the last of a hall's boards, {BOARDS} boards of {HALLS} halls open, p99",
        value=round(p99, 1),
        unit=f"ms (p50 {median(told or [p99]):.1f} ms; {looks} looks, {failed} failed, {missed} changes missed)",
        reference=None,
        ratio=None,
        reach=f"≤ {_WITHIN:g} ms, nothing failed or missed",
        holds=p99 <= _WITHIN and not failed and not missed,
    )


def _unharmed(shape: str, found: Sequence[float], alone: Sequence[float]) -> Figure:
    value, reference = median(found), median(alone)
    return Figure(
        figure=f"{shape}: list page, 20 rows, while {BOARDS} boards are open, p50",
        value=round(value, 1),
        unit=f"ms (p99 {_p99(found):.1f} ms, without boards {_p99(alone):.1f} ms)",
        reference=round(reference, 1),
        ratio=round(value / reference, 2),
        reach="≤ 2 × without boards, p99 ≤ 250 ms",
        holds=value <= 2 * reference and _p99(found) <= 250,
    )


def _memory(name: str, value: float, reference: float | None, reach: float) -> Figure:
    return Figure(
        figure=name,
        value=round(value),
        unit="MB",
        reference=reference and round(reference),
        ratio=reference and round(value / reference, 2),
        reach=f"≤ {reach:g} MB",
        holds=value <= reach,
    )
