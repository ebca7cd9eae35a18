"""The event feed, its cursors and its stream."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from chassis.database import Database
from chassis.events import Envelope
from chassis.identity import Who
from chassis.web import IdentitySigner
from gateway.feed.bell import Bell
from gateway.feed.copies import consumers
from gateway.feed.cursors import Cursors
from gateway.feed.hub import Hub
from gateway.feed.rules import TooManyStreams, UnknownCursor
from gateway.feed.stream import Watch, stream
from gateway.feed.tables import event_log
from gateway.feed.views import head, page
from gateway.office import Options
from gateway.routing.table import in_process
from tests.gateway.company import Company
from tests.gateway.conftest import KEYS
from tests.gateway.door import Door, WallClock


def happened(
    database: Database,
    branch: str | None,
    kind: str = "reception.opened.v1",
    number: int = 1,
    personal: bool = False,
    hall: str | None = None,
) -> list[str]:
    """Let events arrive in the log, in one transaction; their ids."""
    ids = [database.ids.new() for _ in range(number)]
    data: dict[str, Any] = {"hall_id": hall} | ({"personal": {"name": "王", "salt": "x"}} if personal else {})
    with database.write() as tx:
        for identifier in ids:
            now = datetime(2026, 3, 2, tzinfo=UTC)
            consumers.handle(
                tx, Envelope(identifier, "reception", kind, f"reception/{identifier}", 1, now, branch, None, data)
            )
    return ids


def ids_of(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.json
    return [event["id"] for event in answer.json["items"]]


def test_each_sees_their_branch(door: Door, database: Database, company: Company) -> None:
    """A branch reads its own events; who sees all branches reads all, also those of the whole company."""
    east = happened(database, company.east, number=2)
    west = happened(database, company.west)
    whole = happened(database, None, "staff.changed.v1")
    assert ids_of(door.as_("manager", "GET", "/api/v1/events")) == east
    assert ids_of(door.as_("westerner", "GET", "/api/v1/events")) == west
    assert ids_of(door.as_("headquarters", "GET", "/api/v1/events")) == [*east, *west, *whole]


@pytest.mark.parametrize("role", ["salesperson", "supervisor", "front_desk", "buyer"])
def test_not_for_everyone(door: Door, role: str) -> None:
    """The feed names people and visitors: it is for managers and those above them."""
    assert door.as_(role, "GET", "/api/v1/events").status_code == 403


def test_pages_follow_each_other(door: Door, database: Database, company: Company) -> None:
    """Following next_after reads each event once, in order, and goes on where it ended when more happens."""
    wanted = happened(database, company.east, number=5)
    token, read, after = door.token("manager"), [], None
    for _ in range(4):
        answer = door.ask(
            token, "GET", "/api/v1/events", query_string={"limit": 2} | ({"after": after} if after else {})
        )
        read += ids_of(answer)
        after = answer.json["next_after"]
    assert read == wanted
    later = happened(database, company.east)
    assert ids_of(door.ask(token, "GET", "/api/v1/events", query_string={"after": after})) == later


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.booleans(), max_size=12), st.integers(1, 4))
def test_foreign_volume_does_not_show(database: Database, company: Company, own: list[bool], limit: int) -> None:
    """However much happens elsewhere, one's pages are as full as without it, and reading them ends."""
    with database.read() as tx:
        start = head(tx)
    wanted = []
    for mine in own:
        ids = happened(database, company.east if mine else company.west)
        wanted += ids if mine else []
    read, sizes, after = [], [], start
    while not sizes or sizes[-1] == limit:
        with database.read() as tx:
            one = page(tx, company.who("manager"), after, (), limit)
        read += [event["id"] for event in one.items]
        sizes.append(len(one.items))
        after = one.scanned
    assert read == wanted
    assert set(sizes[:-1]) <= {limit}
    with database.read() as tx:
        assert after == head(tx)


def test_cursors_tell_nothing(database: Database) -> None:
    """Two cursors of one place differ, have one length, and only this database's open."""
    cursors = Cursors(database)
    one, two = cursors.seal(7), cursors.seal(7)
    assert one != two
    assert len(one) == len(cursors.seal(10**12))
    assert cursors.open(one) == Cursors(database).open(two) == 7
    changed = one[:-1] + ("y" if one[-1] == "x" else "x")
    for made_up in (one[:-1], changed, "", "7", "ü", one + "A" * 4):
        with pytest.raises(UnknownCursor):
            cursors.open(made_up)


def test_made_up_cursor(door: Door) -> None:
    """A cursor that was not given out here is refused."""
    answer = door.as_("manager", "GET", "/api/v1/events?after=made-up")
    assert (answer.status_code, answer.json["code"]) == (422, "unknown_cursor")


def test_types(door: Door, database: Database, company: Company) -> None:
    """One may ask for some types only."""
    happened(database, company.east, "hall.changed.v1")
    wanted = happened(database, company.east, "line.changed.v1")
    assert ids_of(door.as_("manager", "GET", "/api/v1/events?types=line.changed.v1,%20turn.used.v1")) == wanted


def test_positions_have_no_gap(any_database: Database) -> None:
    """Many writers at once give positions without gap or double, and none becomes visible before a smaller one."""
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda _number: happened(any_database, None, number=5), range(16)))
    with any_database.read() as tx:
        positions = list(tx.execute(select(event_log.c.position).order_by(event_log.c.position)).scalars())
        assert positions == list(range(1, 81))
        assert head(tx) == 80


class Listening:
    """A stream read by a thread of its own, as a client would."""

    def __init__(
        self, database: Database, hub: Hub, who: Who, after: int | None = None, about: str | None = None
    ) -> None:
        self._pieces = stream(database, hub, Cursors(database), Watch(who, about, after), lambda: True)
        self.first = next(self._pieces)
        self._heard: list[str] = []

    def told(self) -> dict[str, Any]:
        """The next announcement; heartbeats pass."""
        while not self._heard:
            piece = next(piece for piece in self._pieces if piece.startswith("id:"))
            self._heard = piece.strip().split("\n\n")
        lines = dict(line.split(": ", 1) for line in self._heard.pop(0).splitlines())
        return {"id": lines["id"], "event": lines["event"], **json.loads(lines["data"])}

    def close(self) -> None:
        self._pieces.close()  # type: ignore[attr-defined]


@pytest.fixture
def hub(database: Database) -> Iterator[Hub]:
    yield Hub(database, at_most=3)


def test_stream_tells_what_happens(database: Database, hub: Hub, company: Company) -> None:
    """A stream says that something happened in its branch, and nothing of what."""
    with closing(Listening(database, hub, company.who("salesperson"))) as mine:
        happened(database, company.west)
        (identifier,) = happened(database, company.east, personal=True)
        told = mine.told()
    assert told.pop("id")
    assert told == {
        "event": "happened",
        "type": "reception.opened.v1",
        "subject": f"reception/{identifier}",
        "branch": company.east,
    }


def test_stream_catches_up(database: Database, hub: Hub, company: Company) -> None:
    """After Last-Event-ID a stream first tells what was missed, then goes on, each once."""
    before = happened(database, company.east, number=3)
    with closing(Listening(database, hub, company.who("manager"), after=1)) as mine:
        after = happened(database, company.east, number=2)
        subjects = [mine.told()["subject"] for _ in range(4)]
    assert subjects == [f"reception/{identifier}" for identifier in [*before[1:], *after]]


def test_stream_about_one_thing(database: Database, hub: Hub, company: Company) -> None:
    """A stream about one hall tells of what names it, missed or new, and of nothing else."""
    who = company.who("salesperson")
    happened(database, company.east, hall="h2")
    before = happened(database, company.east, hall="h1")
    with closing(Listening(database, hub, who, after=0, about="h1")) as mine:
        happened(database, company.east, hall="h2")
        happened(database, company.west, hall="h1")
        after = happened(database, company.east, hall="h1", number=2)
        subjects = [mine.told()["subject"] for _ in range(3)]
    assert subjects == [f"reception/{identifier}" for identifier in [*before, *after]]


def test_stream_moves_on_over_what_concerns_others(database: Database, hub: Hub, company: Company) -> None:
    """Who missed more than is told at once is given a new place to go on from, also when none of it was theirs."""
    happened(database, company.east, hall="h2", number=500)
    pieces = stream(database, hub, Cursors(database), Watch(company.who("manager"), "h1", 0), lambda: True)
    places = [Cursors(database).open(piece.rsplit("id: ", 1)[1].strip()) for piece in pieces]
    assert places == [0, 500]


def test_streams_end_with_their_process(database: Database, hub: Hub, company: Company) -> None:
    """A hub that closes ends its streams at once and opens no more: nobody who watches holds up a stop."""
    pieces = stream(database, hub, Cursors(database), Watch(company.who("manager")), lambda: True)
    next(pieces)
    hub.close()
    assert list(pieces) == []
    with pytest.raises(TooManyStreams):
        Listening(database, hub, company.who("manager"))


def test_one_thread_for_all(database: Database, hub: Hub, company: Company) -> None:
    """Streams share one thread, which ends with the last of them."""

    of_others = set(threading.enumerate())  # streams of an earlier test may still be ending
    streams = [Listening(database, hub, company.who("manager")) for _ in range(3)]
    (thread,) = (one for one in set(threading.enumerate()) - of_others if one.name == "event-hub")
    happened(database, company.east)
    assert len({one.told()["subject"] for one in streams}) == 1
    for one in streams:
        one.close()
    thread.join(60)
    assert not thread.is_alive()
    assert hub.open == 0


def test_streams_are_bounded(database: Database, hub: Hub, company: Company) -> None:
    """One stream more than the process serves is refused; a closed one makes room."""
    streams = [Listening(database, hub, company.who("manager")) for _ in range(3)]
    with pytest.raises(TooManyStreams):
        Listening(database, hub, company.who("manager"))
    streams.pop().close()
    streams.append(Listening(database, hub, company.who("manager")))
    for one in streams:
        one.close()


def test_who_lags_is_let_go(database: Database, company: Company) -> None:
    """A stream whose client does not read is closed instead of filling memory; the client comes back."""
    hub = Hub(database, at_most=1, bell=Bell())
    with hub.listening(company.who("manager")) as listener:
        for chunk in range(3):
            happened(database, company.east, number=100)
            assert chunk < 2 or eventually_overrun(listener)


def eventually_overrun(listener: Any) -> bool:
    waiting = threading.Event()
    for _ in range(6000):
        if listener.overrun:
            return True
        waiting.wait(0.01)
    return False


def test_stream_over_http(door: Door, database: Database, company: Company) -> None:
    """The stream is server-sent events, for everybody who may watch a hall, and refused to others."""
    answer = door.as_("salesperson", "GET", "/api/v1/events/stream", buffered=False)
    assert (answer.status_code, answer.mimetype) == (200, "text/event-stream")
    assert next(iter(answer.response)).startswith(b"retry: 2000\nid: ")
    answer.close()
    assert door.office.hub.open == 0
    assert door.as_("buyer", "GET", "/api/v1/events/stream").status_code == 403


def test_too_many_over_http(database: Database, wall: WallClock, company: Company) -> None:
    """Beyond the bound: 503, and when to come back."""
    door = Door(database, in_process({}), IdentitySigner(KEYS.private_pem), wall, Options(streams=0))
    answer = door.as_("salesperson", "GET", "/api/v1/events/stream")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
