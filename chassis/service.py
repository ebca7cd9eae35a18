"""What a service says of itself; the runtime, the gateway, the docs and the tests all read it from here."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from flask_smorest import Blueprint
from sqlalchemy import MetaData

from chassis.events.consumers import Consumers
from chassis.events.facts import Fact
from chassis.settings import Setting, Values

if TYPE_CHECKING:
    from chassis.jobs import Job


@dataclass(frozen=True)
class Option:
    """A part of a service that is there only where `setting` says yes.

    Where it says no, the part's routes are unknown paths, and its facts are neither announced nor made. Its tables and
    its problems are the service's own.
    """

    setting: Setting[bool]
    blueprints: tuple[Blueprint, ...]
    consumers: Consumers
    facts: tuple[type[Fact], ...]


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
    options: tuple[Option, ...] = ()

    @property
    def switches(self) -> tuple[Setting[bool], ...]:
        """The settings that say which options are there: what `as_set` looks at."""
        return tuple(option.setting for option in self.options)

    def as_set(self, values: Values) -> "Service":
        """The service with those of its options that are switched on."""
        service = self
        for option in self.options:
            if values[option.setting]:
                service = service._with(option)
        return service

    def _with(self, option: Option) -> "Service":
        return replace(
            self,
            blueprints=(*option.blueprints, *self.blueprints),
            consumers=self.consumers.followed_by(option.consumers),
            facts=(*self.facts, *option.facts),
        )
