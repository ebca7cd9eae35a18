"""Jobs: each thing once, with progress, retried with a limit, taken over when a replica falls silent."""

import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import MetaData, func, select

from chassis.clock import StandingClock
from chassis.database import Database
from chassis.furniture import furnish
from chassis.jobs import Job, JobLoop, JobState, LeaseLost, Task, enqueue, state_of
from chassis.jobs.tables import jobs

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url, "probe", StandingClock(NOW), patience=60)
    furnish(MetaData()).create_all(opened.engine)
    yield opened
    opened.close()


@pytest.fixture
def wall() -> StandingClock:
    """The machine's time, in the test's hand."""
    return StandingClock(NOW)


def _ask(database: Database, key: str = "k", name: str = "count", payload: Mapping[str, Any] | None = None) -> str:
    with database.write() as tx:
        return enqueue(tx, name, payload or {}, key)


def _state(database: Database, job_id: str) -> JobState:
    with database.read() as tx:
        state = state_of(tx, job_id)
    assert state is not None
    return state


def test_a_job_runs_once_with_its_payload_and_leaves_its_result(database: Database, wall: StandingClock) -> None:
    """What was asked for is done with what it was asked with; the result can be read afterwards."""
    loop = JobLoop(database, [Job("count", lambda task: {"sum": sum(task.payload["of"])})], wall)
    job_id = _ask(database, payload={"of": [1, 2, 3]})
    assert (loop.run_due(), loop.run_due()) == (1, 0)
    assert _state(database, job_id) == JobState(job_id, "done", 1, None, {"sum": 6}, None)


def test_the_same_key_is_the_same_job(database: Database, wall: StandingClock) -> None:
    """Asking again, before or after it is done, adds nothing and answers the first id."""
    loop = JobLoop(database, [Job("count", lambda _task: None)], wall)
    first = _ask(database)
    assert (_ask(database), loop.run_due(), _ask(database), loop.run_due()) == (first, 1, first, 0)


def test_a_job_is_asked_for_with_the_deed_or_not_at_all(database: Database, wall: StandingClock) -> None:
    """When the transaction that asks fails, nothing is to be done."""
    loop = JobLoop(database, [Job("count", lambda _task: None)], wall)
    with pytest.raises(ZeroDivisionError), database.write() as tx:
        enqueue(tx, "count", {}, "k")
        raise ZeroDivisionError
    assert loop.run_due() == 0


def test_progress_shows_while_it_runs(database: Database, wall: StandingClock) -> None:
    """Another reader sees how far the job is before it ends."""
    seen: list[JobState] = []

    def work(task: Task) -> None:
        task.report({"done": 120, "of": 300})
        seen.append(_state(database, task.id))

    job_id = _ask(database)
    JobLoop(database, [Job("count", work)], wall).run_due()
    assert [(state.state, state.progress) for state in seen] == [("running", {"done": 120, "of": 300})]
    assert _state(database, job_id).state == "done"


def test_a_failing_job_is_tried_again_later_and_then_left(database: Database, wall: StandingClock) -> None:
    """Attempts are counted and spaced out; after the last one the job stays failed with its error: what and where, not
    the exception's words, which may quote a phone.
    """

    def fail(_task: Task) -> None:
        raise ValueError("Key (branch_id, phone)=(east, +8613800138000) already exists")

    loop = JobLoop(database, [Job("count", fail, attempts=3)], wall)
    job_id = _ask(database)
    ran = []
    for later in (timedelta(), timedelta(seconds=9), timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=9)):
        wall.move_to(wall.now() + later)
        ran.append(loop.run_due())
    assert ran == [1, 0, 1, 1, 0]
    state = _state(database, job_id)
    assert (state.state, state.attempts) == ("failed", 3)
    assert re.fullmatch(r"ValueError at tests/chassis/jobs/test_jobs\.py:\d+", state.error or "")


def test_a_silent_replica_is_taken_over_and_may_write_no_more(database: Database, wall: StandingClock) -> None:
    """After its lease another replica runs the job; the first one's later writes are refused and undone."""
    lease = timedelta(minutes=2)
    other = JobLoop(database, [Job("count", lambda _task: {"by": "other"}, lease=lease)], wall)
    refused: list[bool] = []

    def stall(task: Task) -> Mapping[str, Any]:
        wall.move_to(wall.now() + lease + timedelta(seconds=1))
        assert other.run_due() == 1
        with pytest.raises(LeaseLost), task.write():
            refused.append(False)
        task.report({"done": 1})  # raises too, and ends this run
        return {"by": "first"}

    job_id = _ask(database)
    JobLoop(database, [Job("count", stall, lease=lease)], wall).run_due()
    state = _state(database, job_id)
    assert (state.state, state.result, state.attempts, refused) == ("done", {"by": "other"}, 2, [])


def test_working_prolongs_the_lease(database: Database, wall: StandingClock) -> None:
    """A job that writes or reports now and then keeps its lease however long it takes."""
    lease = timedelta(minutes=2)
    other = JobLoop(database, [Job("count", lambda _task: None, lease=lease)], wall)

    def work(task: Task) -> None:
        for minute in range(5):
            wall.move_to(wall.now() + timedelta(minutes=1))
            task.report({"done": minute})
            assert other.run_due() == 0

    job_id = _ask(database)
    JobLoop(database, [Job("count", work, lease=lease)], wall).run_due()
    assert _state(database, job_id).attempts == 1


def test_a_job_that_kills_its_process_each_time_ends_as_failed(database: Database, wall: StandingClock) -> None:
    """A run that never comes back counts as an attempt; after the limit nobody runs into it again."""

    class PowerCut(BaseException):
        pass

    def die(_task: Task) -> None:
        raise PowerCut

    job_id = _ask(database)
    for _ in range(2):
        with pytest.raises(PowerCut):
            JobLoop(database, [Job("count", die, attempts=2)], wall).run_due()
        wall.move_to(wall.now() + timedelta(hours=1))
    JobLoop(database, [Job("count", die, attempts=2)], wall).run_due()
    assert (_state(database, job_id).state, _state(database, job_id).error) == ("failed", "did not come back")


def test_replicas_share_the_work_without_doing_any_twice(database: Database, wall: StandingClock) -> None:
    """Four replicas at once do forty jobs once each."""
    done: list[str] = []
    for number in range(40):
        _ask(database, key=f"{number}")

    def replica(_n: int) -> int:
        return JobLoop(database, [Job("count", lambda task: done.append(task.key))], wall).run_due()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(replica, range(4))) == 40
    assert sorted(done, key=int) == [str(number) for number in range(40)]


def test_a_periodic_job_runs_once_per_moment(database: Database, wall: StandingClock) -> None:
    """Due at each multiple of its period by the business clock, in however many replicas; missed ones once."""
    ran: list[str] = []
    kinds = [Job("close", lambda task: ran.append(task.key), every=timedelta(hours=1))]
    loops = [JobLoop(database, kinds, wall) for _ in range(3)]
    clock = database.clock
    assert isinstance(clock, StandingClock)
    for later in (timedelta(), timedelta(minutes=59), timedelta(minutes=1), timedelta(hours=5)):
        clock.move_to(clock.now() + later)
        for loop in loops:
            loop.run_due()
    assert ran == ["2026-03-02T01:00:00+00:00", "2026-03-02T02:00:00+00:00", "2026-03-02T07:00:00+00:00"]


def test_other_kinds_are_left_to_those_who_know_them(database: Database, wall: StandingClock) -> None:
    """A replica of an older version does not touch a kind of job that it does not have."""
    _ask(database, name="new_kind")
    assert JobLoop(database, [Job("count", lambda _task: None)], wall).run_due() == 0
    with database.read() as tx:
        assert tx.execute(select(func.count()).where(jobs.c.state == "waiting")).scalar() == 1


def test_a_commit_in_this_process_wakes_the_loop(database: Database) -> None:
    """A job asked for here starts at once, however seldom the loop looks by itself."""
    done = Event()
    loop = JobLoop(database, [Job("count", lambda _task: done.set())], look_every=3600)
    thread = Thread(target=loop.run)
    thread.start()
    _ask(database)
    came = done.wait(60)
    loop.stop()
    thread.join(60)
    assert came and not thread.is_alive()
