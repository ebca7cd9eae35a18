"""What a transaction costs on the way to PostgreSQL, and that saving it breaks no promise."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, bindparam, func, insert, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from chassis.database import Database
from chassis.events.failures import is_the_databases
from deploy.demo.client import eventually
from tests.chassis.database.answering import answers
from tests.chassis.web.line import Line

METADATA = MetaData()
PARENTS = Table("parents", METADATA, Column("id", Integer, primary_key=True))
CHILDREN = Table("children", METADATA, Column("parent_id", Integer, ForeignKey("parents.id"), primary_key=True))
_ADD_PARENT, _ADD_CHILD = insert(PARENTS), insert(CHILDREN)
_ONE = select(PARENTS.c.id).where(PARENTS.c.id == bindparam("wanted"))
_PREPARED = text("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT parents.id%'")


class Refused(Exception):
    """What a view raises."""


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """One connection, so that what one transaction leaves the next one finds."""
    opened = Database(database_url, "trips", pool_size=1)
    METADATA.create_all(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def on_postgres(postgres_url: str) -> Iterator[Database]:
    with closing(Database(postgres_url, "trips", pool_size=1)) as opened:
        METADATA.create_all(opened.engine)
        yield opened


def _look(database: Database, *, refuse: bool = False) -> int:
    """Ask what is asked often, and answer how many times it stands prepared."""
    with database.read() as tx:
        tx.execute(_ONE, {"wanted": 1})
        if refuse:
            raise Refused
        return int(tx.execute(_PREPARED).scalar_one())


def test_what_is_asked_often_stays_prepared(on_postgres: Database) -> None:
    """From one view to the next, refused ones included: the server does not understand the same question anew."""
    for _time in range(8):
        with pytest.raises(Refused):
            _look(on_postgres, refuse=True)
    assert _look(on_postgres) == 1


def test_nothing_written_in_a_view_is_kept(database: Database) -> None:
    """SQLite forgets it, PostgreSQL refuses it."""
    try:
        with database.read() as tx:
            tx.execute(_ADD_PARENT, {"id": 1})
    except DBAPIError:
        assert not database.is_sqlite
    with database.read() as tx:
        assert tx.execute(select(PARENTS.c.id)).all() == []


def test_a_view_stays_as_it_began(on_postgres: Database, postgres_url: str) -> None:
    """What others commit meanwhile is not in it."""
    with on_postgres.read() as tx, closing(Database(postgres_url, "other")) as other:
        assert tx.execute(select(PARENTS.c.id)).all() == []
        with other.write() as theirs:
            theirs.execute(_ADD_PARENT, {"id": 1})
        assert tx.execute(select(PARENTS.c.id)).all() == []


def test_a_connection_that_the_server_ended_is_replaced(on_postgres: Database, postgres_url: str) -> None:
    """Nobody is refused because a connection of the pool was lost meanwhile."""
    with on_postgres.read() as tx:
        mine = tx.execute(select(func.pg_backend_pid())).scalar_one()
    with closing(Database(postgres_url, "other")) as other, other.write() as tx:
        tx.execute(select(func.pg_terminate_backend(mine, 60_000)))
    with on_postgres.write() as tx:
        assert tx.execute(select(func.pg_backend_pid())).scalar_one() != mine


def test_statements_left_for_later_keep_their_order(database: Database) -> None:
    """What refers to a row comes after the row."""
    with database.write() as tx:
        for number in (1, 2):
            tx.execute_later(_ADD_PARENT, {"id": number})
            tx.execute_later(_ADD_CHILD, {"parent_id": number})
    with database.read() as tx:
        assert tx.execute(select(CHILDREN.c.parent_id).order_by(CHILDREN.c.parent_id)).scalars().all() == [1, 2]


def test_what_fails_in_the_middle_is_the_error_that_it_is(database: Database) -> None:
    """A refused row among those left for later is found when the next statement asks, and leaves nothing behind."""
    with pytest.raises(IntegrityError), database.write() as tx:
        tx.execute_later(_ADD_PARENT, {"id": 1})
        tx.execute_later(_ADD_CHILD, {"parent_id": 2})
        tx.execute(select(PARENTS.c.id))
    with database.read() as tx:
        assert tx.execute(select(PARENTS.c.id)).all() == []


def test_after_a_failure_the_connection_serves_on(database: Database) -> None:
    """A refused commit leaves a connection on which the next transaction works."""
    with pytest.raises(IntegrityError), database.write() as tx:
        tx.execute_later(_ADD_CHILD, {"parent_id": 2})
    with database.write() as tx:
        tx.execute_later(_ADD_PARENT, {"id": 2})
    with database.read() as tx:
        assert tx.execute(select(PARENTS.c.id)).scalars().all() == [2]


def test_a_commit_without_an_answer_is_given_up(postgres_url: str) -> None:
    """A server that falls silent before what was left for later is away, and nothing counts as committed."""
    _create_tables(postgres_url)
    with closing(Line(make_url(postgres_url).port or 5432)) as line:
        url = make_url(postgres_url).set(host="127.0.0.1", port=line.port).render_as_string(hide_password=False)
        with closing(Database(url, "distant", answers_within=0.3)) as distant:
            committed: list[bool] = []
            with pytest.raises(OperationalError) as raised, distant.write() as tx:
                tx.after_commit(lambda: committed.append(True))
                tx.execute_later(_ADD_PARENT, {"id": 1})
                tx.execute_later(_ADD_CHILD, {"parent_id": 1})
                line.fall_silent()
            assert is_the_databases(raised.value)
            assert committed == []
            line.speak_again()
            eventually(lambda: answers(distant) or None, "an answer", 60)


def _create_tables(url: str) -> None:
    """By a way of their own: making them may take longer than one answer."""
    with closing(Database(url, "trips")) as near:
        METADATA.create_all(near.engine)
