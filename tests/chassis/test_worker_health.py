"""What a worker says of itself to whoever watches it."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import MetaData

from chassis.bus import BusDown, Message
from chassis.bus.rabbitmq import RabbitBus
from chassis.database import Database
from chassis.events import Consumers
from chassis.furniture import furnish
from chassis.processes.worker import health_of
from chassis.runtime import Worker
from chassis.service import Service

NOWHERE = "amqp://nobody:nothing@127.0.0.1:1/%2F"


def test_a_worker_without_its_broker_is_not_ready_and_says_why(sqlite_url: str) -> None:
    """The reason stands in the reader's language; the process lives."""
    service = Service("idle", Path(__file__).parent, furnish(MetaData()), (), Consumers(), (), {})
    with closing(Database(sqlite_url, "idle")) as database, closing(RabbitBus(NOWHERE)) as bus:
        service.metadata.create_all(database.engine)
        client = health_of(service, database, bus, Worker(service, database, bus)).test_client()  # type: ignore[attr-defined]
        with pytest.raises(BusDown):
            bus.publish([Message("a", "thing.shown.v1", "{}")])
        answer = client.get("/health/ready", headers={"Accept-Language": "en"})
        (finding,) = (check for check in answer.get_json()["checks"] if check["name"] == "bus")
        assert (answer.status_code, finding["reason"]) == (503, "The message broker does not answer")
        assert client.get("/health/live").status_code == 200
