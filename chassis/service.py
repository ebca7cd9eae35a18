"""What a service says of itself; the runtime, the gateway, the docs and the tests all read it from here."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flask_smorest import Blueprint
from sqlalchemy import MetaData

from chassis.events.consumers import Consumers
from chassis.events.facts import Fact

if TYPE_CHECKING:
    from chassis.jobs import Job


@dataclass(frozen=True)
class Service:
    """One service: its rooms' blueprints, what it announces, what it listens to, and what it stores.

    `problems` maps the business's exceptions to HTTP statuses; the code of a problem is the exception's name in
    snake_case, its text stands in texts.toml under `problems.<code>` and may use the exception's attributes.
    `folder` is the service's package folder; migrations lie in `folder/migrations`, texts in `folder/texts.toml`.
    """

    name: str
    folder: Path
    metadata: MetaData
    blueprints: tuple[Blueprint, ...]
    consumers: Consumers
    facts: tuple[type[Fact], ...]
    problems: Mapping[type[Exception], int]
    jobs: "tuple[Job, ...]" = field(default=())
