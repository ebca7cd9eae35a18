"""A backup of the services on PostgreSQL and RabbitMQ in use, with events in the broker at its moment."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from deploy.backup.make import backup
from deploy.backup.postgres_programs import plain
from deploy.backup.restore import restore
from deploy.demo.client import eventually
from tests.faults.opening import more_answers, open_doors
from tests.faults.postgres_house import fresh_databases, living_in
from tests.faults.totals import agree_on

pytestmark = pytest.mark.system
_HELD_BACK = ("followups", "reporting")


@dataclass
class Night:
    """What a day left behind: its backup, the registrations answered before it, and all of them."""

    file: Path
    before: frozenset[str]
    answered: set[str]
    local_day: str


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """Visitors keep coming while two readers stand still: what they shall read waits in the broker, and is lost."""
    folder, urls = tmp_path_factory.mktemp("night"), fresh_databases()
    with living_in(urls, folder) as house:
        house.make_company()
        for name in _HELD_BACK:
            house.workers[name].stop()
        with open_doors(house) as visitors:
            more_answers(visitors, 20)
            before = frozenset(answer["customer_id"] for answer in visitors.answered.copy().values())
            _until_published(urls["reception"])
            backup(urls, folder, folder / "one.tar")
            more_answers(visitors, 5)
    answers = visitors.answered.values()
    answered = {answer["customer_id"] for answer in answers}
    return Night(folder / "one.tar", before, answered, next(iter(answers))["local_day"])


def _until_published(url: str) -> None:
    """Wait until all that stands in the outbox now is in the broker."""
    with closing(psycopg.connect(plain(url), autocommit=True)) as connection:
        newest = connection.execute("SELECT max(n) FROM outbox").fetchone()
        waiting = "SELECT count(*) FROM outbox WHERE position IS NULL AND n <= %s"
        eventually(lambda: connection.execute(waiting, newest).fetchone() == (0,) or None, "every event published", 60)


def test_what_the_broker_held_is_not_lost(night: Night, tmp_path: Path) -> None:
    """Restored beside an empty broker, the readers are given what they had not read, and all services agree."""
    urls = fresh_databases()
    restored = {each.service: each for each in restore(night.file, urls, tmp_path)}
    assert [name for name, each in restored.items() if each.broken] == []
    assert all(restored[name].entered_again >= len(night.before) for name in _HELD_BACK)
    completed = _completed(urls["reception"])
    with living_in(urls, tmp_path) as house:
        registered = agree_on(house, completed, night.local_day)
    assert night.before <= registered <= night.answered


def _completed(url: str) -> int:
    with closing(psycopg.connect(plain(url))) as connection:
        (row,) = connection.execute("SELECT count(*) FROM receptions WHERE state = 'completed'")
        return int(row[0])
