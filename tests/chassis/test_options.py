"""A part of a service that is there only where a setting says so."""

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import ClassVar

from sqlalchemy import MetaData

from chassis.database import Database, Transaction
from chassis.events import Consumers, Envelope, Fact, Received
from chassis.service import Option, Service
from chassis.settings import POINTS, read
from chassis.web import Blueprint
from tests.services.synthetic import event


@dataclass(frozen=True)
class _Told(Fact):
    """Something was told."""

    TYPE: ClassVar[str] = "story.told.v1"


@dataclass(frozen=True)
class _Story:
    title: str = field(default="")


def _consumers(heard: list[str], name: str, *types: str) -> Consumers:
    made = Consumers()
    for event_type in types:

        @made.on(event_type, _Story)
        def hear(_tx: Transaction, received: Received[_Story]) -> None:
            heard.append(f"{name} {received.data.title}")

    return made


def _service(heard: list[str]) -> Service:
    option = Option(POINTS, (Blueprint("extra", __name__),), _consumers(heard, "extra", "b.v1", "c.v1"), (_Told,))
    plain = Service("stories", Path(), MetaData(), (), _consumers(heard, "plain", "a.v1", "b.v1"), (), {})
    return replace(plain, options=(option,))


def test_an_option_is_there_only_where_the_setting_says_yes() -> None:
    """No by default: the service is what it was; yes: routes, facts and what it hears are its own and the option's."""
    service = _service([])
    assert service.as_set(read(service.switches, {})) is service
    on = service.as_set(read(service.switches, {POINTS.variable: "yes"}))
    assert ([one.name for one in on.blueprints], on.facts) == (["extra"], (_Told,))
    assert (service.consumers.types, on.consumers.types) == (("a.v1", "b.v1"), ("a.v1", "b.v1", "c.v1"))


def test_what_both_hear_the_service_handles_first(sqlite_url: str) -> None:
    """Each event goes to whoever has a handler for it, the service's own before the option's."""
    heard: list[str] = []
    service = _service(heard)
    on = service.as_set(read(service.switches, {POINTS.variable: "yes"}))
    database = Database(sqlite_url, "stories")
    with database.write() as tx:
        for event_type in ("a.v1", "b.v1", "c.v1"):
            on.consumers.handle(tx, _told(event_type))
    database.close()
    assert heard == ["plain a.v1", "plain b.v1", "extra b.v1", "extra c.v1"]


def _told(event_type: str) -> Envelope:
    return event("elsewhere", event_type, "story/1", 1, {"title": event_type})
