"""Lines to the broker and to the databases that are cut, slow, or lose one end, under load: nothing is lost by it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from itertools import count as numbers_from
from pathlib import Path

import pytest
from sqlalchemy import make_url, text

from chassis.bus.rabbitmq import RabbitBus
from chassis.runtime import Worker
from tests.chassis.web.line import Line
from tests.faults.asking import Asking
from tests.faults.count import Book, applied, open_sqlite
from tests.faults.numbers import ANNOUNCER, say
from tests.faults.rest import count_at_rest
from tests.faults.systems import Distributed

_THREADS = ("relay", "consumer", "second-consumer", "jobs")
_LISTENING = text("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'")


@pytest.fixture
def lines(distributed: Distributed) -> Iterator[dict[str, Line]]:
    """Every connection of the three processes leads over a line; who is silent is given up soon."""
    with ExitStack() as stack:
        lines: dict[str, Line] = {}
        for name, part in distributed.parts.items():
            part.options["database"] += "?options=-cidle_in_transaction_session_timeout%3D2000"
            for option in ("database", "bus"):
                if option in part.options:
                    line, part.options[option] = _line_to(part.options[option])
                    lines[f"{name} {option}"] = stack.enter_context(closing(line))
            if name.endswith("worker"):
                part.options |= {"heartbeat": "1", "answers-within": "2"}
        distributed.start()
        yield lines


def _line_to(url: str) -> tuple[Line, str]:
    """A line to what is at the address, and the address at its near end."""
    there = make_url(url)
    line = Line(there.port or 0)
    return line, there.set(host="127.0.0.1", port=line.port).render_as_string(hide_password=False)


def _cut(line: Line) -> None:
    line.cut()


def _lose(line: Line) -> None:
    line.lose_server()


def _lose_client(line: Line) -> None:
    line.lose_client()


def _slow(line: Line) -> None:
    line.be_slow(0.01)


@pytest.mark.parametrize("fault", [_cut, _slow, _lose, _lose_client], ids=["cut", "slow", "lost", "left-alone"])
def test_what_happens_to_a_line_loses_nothing(
    distributed: Distributed, lines: dict[str, Line], fault: Callable[[Line], None]
) -> None:
    """AMQP of relay and consumer, PostgreSQL of web, relay, consumer and listener: one after the other, under load."""
    asking = Asking(distributed.url, Book())
    with asking.pressing(numbers_from()) as wait_for:
        for line in lines.values():
            wait_for(10)
            asking.book.strike(applied(distributed.reader))
            fault(line)
        wait_for(10)
    found = count_at_rest(distributed, asking.book)
    assert found.is_clean, found
    assert found.recovered


def test_a_relay_goes_on_without_its_listener(distributed: Distributed, lines: dict[str, Line]) -> None:
    """When the database is gone from the listening connection without a word, the relay finds new events by looking."""
    asking = Asking(distributed.url, Book())
    asking.until_answered(0)
    distributed.until_applied()
    lines["announcer-worker database"].lose_server()
    asking.until_answered(1)
    distributed.until_applied()
    with distributed.announcer.read() as tx:
        assert tx.execute(_LISTENING).scalar() == 0
    assert count_at_rest(distributed, asking.book).is_clean


def test_a_worker_whose_broker_is_silent_can_be_stopped(rabbitmq_url: str, tmp_path: Path) -> None:
    """Its threads end within the patience of `stop`, though one of them waits for a confirm that does not come."""
    line, url = _line_to(rabbitmq_url)
    with closing(line), closing(open_sqlite(tmp_path, "announcer")) as database, closing(RabbitBus(url)) as bus:
        worker = Worker(ANNOUNCER, database, bus)
        worker.start()
        line.fall_silent()
        with database.write() as tx:
            say(tx, 1)
        worker.stop()
        assert set(worker.stopped()) == {f"announcer-{name}" for name in _THREADS}
