"""Every service and the gateway in one process: one SQLite file each, events on the local bus."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask

from chassis.bus.local import LocalBus
from chassis.clock import Clock
from chassis.database import Database
from chassis.database.migrations import migrate
from chassis.ids import TimeOrderedIds
from chassis.runtime import Worker
from chassis.service import Service
from chassis.settings import POINTS, Values, read
from chassis.web import Check, IdentitySigner, IdentityVerifier, bearer, create_app
from chassis.web.tokens import KeyPair
from deploy.keys import key_pair
from deploy.single_machine.server import STREAMS
from gateway.app import SERVICE as GATEWAY
from gateway.app import create_gateway
from gateway.identity.actions import create_first_administrator
from gateway.office import Office, Options
from gateway.routing.table import in_process
from services.customers.app import SERVICE as CUSTOMERS
from services.followups.app import SERVICE as FOLLOWUPS
from services.reception.app import SERVICE as RECEPTION
from services.reporting.app import SERVICE as REPORTING

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

SERVICES = (CUSTOMERS, RECEPTION, FOLLOWUPS, REPORTING)
SETTINGS = (POINTS,)
AS_USUAL = read(SETTINGS, {})


class House:
    """The whole system on one data folder, migrated and wired; nothing runs until `working()`."""

    def __init__(self, folder: Path, clock: Clock, values: Values = AS_USUAL) -> None:
        ids, bus = TimeOrderedIds(), LocalBus()
        self._values = values
        self._services = tuple(service.as_set(values) for service in SERVICES)
        every = (*self._services, GATEWAY)
        self._databases = {service.name: _opened(folder, service, clock, ids) for service in every}
        self._workers = {service.name: Worker(service, self._databases[service.name], bus) for service in every}
        self.application = self._wired(key_pair(folder))

    @contextmanager
    def working(self) -> Iterator[None]:
        """Relays, consumers and jobs run while the block does; afterwards everything is closed."""
        for worker in self._workers.values():
            worker.start()
        try:
            yield
        finally:
            for worker in self._workers.values():
                worker.stop()
            for database in self._databases.values():
                database.close()

    def end_streams(self) -> None:
        """Let go of everybody who watches a board: the server does not stop while a stream is open."""
        office: Office = self.application.extensions["gateway"]
        office.hub.close()

    def create_administrator(self, username: str, name: str, password: str) -> None:
        """The first one who may make all others."""
        with self._databases[GATEWAY.name].write() as tx:
            create_first_administrator(tx, username, password, name)

    def _wired(self, keys: KeyPair) -> Flask:
        authenticate = bearer(IdentityVerifier(keys.public_pem))
        applications: dict[str, WSGIApplication] = {
            service.name: create_app(service, self._databases[service.name], authenticate).wsgi_app
            for service in self._services
        }
        checks = [Check(f"{name}-worker", partial(_trouble, worker)) for name, worker in self._workers.items()]
        signer = IdentitySigner(keys.private_pem)
        options = Options(streams=STREAMS, points=self._values[POINTS])
        routes = in_process(applications)
        return create_gateway(self._databases[GATEWAY.name], routes, signer, options=options, checks=checks)


def has_databases(folder: Path) -> bool:
    """Whether a house was opened on this folder before."""
    return (folder / f"{GATEWAY.name}.db").exists()


def remove_databases(folder: Path) -> None:
    """Begin again from nothing."""
    for leftover in folder.glob("*.db*"):
        leftover.unlink()


def _opened(folder: Path, service: Service, clock: Clock, ids: TimeOrderedIds) -> Database:
    url = f"sqlite:///{folder.resolve() / service.name}.db"
    migrate(service.name, service.folder / "migrations", service.metadata, url)
    return Database(url, service.name, clock, ids)


def _trouble(worker: Worker) -> str | None:
    stopped = worker.stopped()
    return f"stopped: {', '.join(stopped)}" if stopped else None
