"""Neither side of a PostgreSQL connection waits for ever for one that is silent or gone without a word."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from threading import Event, Thread

import psycopg
import pytest
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DBAPIError

from chassis.database import Database
from chassis.database.patient import PatientConnection, session_settings
from chassis.events.failures import is_the_databases
from chassis.events.wake import listen
from chassis.web.database_trouble import trouble_of
from deploy.demo.client import eventually
from tests.chassis.database.answering import answers
from tests.chassis.web.line import Line

_LOCK = select(func.pg_try_advisory_xact_lock(7))


@pytest.fixture
def line(postgres_url: str) -> Iterator[Line]:
    with closing(Line(make_url(postgres_url).port or 5432)) as line:
        yield line


@pytest.fixture
def distant_url(postgres_url: str, line: Line) -> str:
    """The database at the other end of the line."""
    url = make_url(postgres_url).set(host="127.0.0.1", port=line.port)
    return url.render_as_string(hide_password=False)


@pytest.fixture
def open_database() -> Iterator[Callable[..., Database]]:
    with ExitStack() as stack:
        yield lambda url, **patience: stack.enter_context(closing(Database(url, "patient", **patience)))


def test_a_statement_without_an_answer_is_given_up(
    line: Line, distant_url: str, open_database: Callable[..., Database]
) -> None:
    """A server that falls silent in the middle of a transaction is away: no request and no event is to blame."""
    database = open_database(distant_url, answers_within=0.3)
    with pytest.raises(DBAPIError) as raised, database.write() as tx:
        tx.execute(text("SELECT 1"))
        line.fall_silent()
        tx.execute(text("SELECT 2"))
    assert trouble_of(raised.value) == (503, "database_away")
    assert is_the_databases(raised.value)
    line.speak_again()
    eventually(lambda: answers(database) or None, "an answer", 60)


def test_a_long_statement_within_its_time_is_waited_for(
    postgres_url: str, open_database: Callable[..., Database]
) -> None:
    """Patience counts the wait for one answer, not the whole transaction, and a server that works is not silent."""
    database = open_database(postgres_url, answers_within=5)
    with database.read() as tx:
        for _statement in range(3):
            tx.execute(text("SELECT pg_sleep(2)"))


def test_a_client_that_is_gone_without_a_word_holds_no_lock(
    line: Line, distant_url: str, postgres_url: str, open_database: Callable[..., Database]
) -> None:
    """The server ends a transaction in which nothing happens any more, and with it its locks; ours after 20 s."""
    conninfo = make_url(distant_url).set(drivername="postgresql").render_as_string(hide_password=False)
    settings = session_settings(waits_for_lock=1, abandoned_after=0.3)
    gone, other = PatientConnection.open(conninfo, answers_within=60, options=settings), open_database(postgres_url)
    gone.autocommit = True  # else psycopg says BEGIN by itself, and is abandoned where it takes long to go on
    gone.execute("BEGIN; SELECT pg_advisory_xact_lock(7)")
    line.lose_client()
    eventually(lambda: _lockable(other) or None, "the lock", 60)
    gone.close()
    with other.read() as tx:
        assert tx.execute(text("SHOW idle_in_transaction_session_timeout")).scalar() == "20s"
        assert tx.execute(text("SHOW TimeZone")).scalar() == "UTC"


def _lockable(database: Database) -> bool:
    with database.write() as tx:
        return bool(tx.execute(_LOCK).scalar())


def test_a_listener_misses_a_server_that_is_gone_without_a_word(line: Line, distant_url: str) -> None:
    """It raises, so that whoever runs it listens anew."""
    listening, ended = Event(), Event()

    def run() -> None:
        with pytest.raises(psycopg.OperationalError):
            listen(distant_url, listening.set, Event(), trusted_for=0.2)
        ended.set()

    Thread(target=run, daemon=True).start()
    assert listening.wait(60)
    line.lose_server()
    assert ended.wait(60)
