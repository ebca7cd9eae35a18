"""Every service and the gateway on PostgreSQL and RabbitMQ in the test's process: their workers can be held back."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread

from chassis.bus.rabbitmq import RabbitBus, declare_topology
from chassis.database import Database
from chassis.database.migrations import migrate
from chassis.runtime import Worker
from chassis.web import IdentitySigner, IdentityVerifier, bearer, create_app
from chassis.web.tokens import new_key_pair
from deploy.catalogue import NAMES, folder_of, service
from deploy.demo import company
from deploy.demo.client import Api
from deploy.demo.company import Account
from deploy.distributed.private_postgres import fresh_database
from deploy.distributed.private_rabbitmq import drop_vhost, fresh_vhost
from deploy.single_machine.server import listening
from gateway.app import create_gateway
from gateway.identity.actions import create_first_administrator
from gateway.routing.table import in_process
from tests.ground import ask

_PASSWORD = "demo-password-1"
_ACCOUNTS = "demo-accounts.json"


@dataclass
class PostgresHouse:
    """A running system: a tests.faults.totals.System. `folder` holds its accounts."""

    url: str
    urls: Mapping[str, str]
    folder: Path
    workers: Mapping[str, Worker]

    def accounts(self) -> dict[str, Account]:
        return {account.username: account for account in company.accounts_in(self.folder / _ACCOUNTS)}

    def as_person(self, username: str, language: str = "zh") -> Api:
        return Api(self.url, language=language).signed_in(username, self.accounts()[username].password)

    def make_company(self) -> None:
        """The demo company, as a first start makes it."""
        database = Database(self.urls["gateway"], "gateway")
        with database.write() as tx:
            create_first_administrator(tx, company.HEADQUARTERS_USERNAME, _PASSWORD, company.HEADQUARTERS_NAME)
        database.close()
        accounts = company.make(self.url, _PASSWORD)
        (self.folder / _ACCOUNTS).write_text(company.text_of(accounts), encoding="utf-8")


def fresh_databases() -> Mapping[str, str]:
    """An empty database per service. They go with the session's server: to drop each would wait for a checkpoint."""
    return {name: fresh_database(ask("postgres")) for name in NAMES}


@contextmanager
def living_in(urls: Mapping[str, str], folder: Path) -> Iterator[PostgresHouse]:
    """The whole system on these databases and a broker of its own that is empty."""
    amqp, management = ask("rabbitmq").split()
    vhost = fresh_vhost(management, amqp)
    with ExitStack() as stack:
        stack.callback(drop_vhost, management, vhost)
        declare_topology(vhost, {name: service(name).consumers.types for name in NAMES})
        databases = {name: _opened(name, urls[name], stack) for name in NAMES}
        workers = {name: _working(name, databases[name], vhost, stack) for name in NAMES}
        yield PostgresHouse(_answering(databases, stack), urls, folder, workers)


def _opened(name: str, url: str, stack: ExitStack) -> Database:
    migrate(name, folder_of(name) / "migrations", service(name).metadata, url)
    database = Database(url, name)
    stack.callback(database.close)
    return database


def _working(name: str, database: Database, vhost: str, stack: ExitStack) -> Worker:
    bus = RabbitBus(vhost)
    stack.callback(bus.close)
    worker = Worker(service(name), database, bus)
    worker.start()
    stack.callback(worker.stop)
    return worker


def _answering(databases: Mapping[str, Database], stack: ExitStack) -> str:
    pair = new_key_pair()
    authenticate = bearer(IdentityVerifier(pair.public_pem))
    apps = {
        name: create_app(service(name), database, authenticate).wsgi_app
        for name, database in databases.items()
        if name != "gateway"
    }
    gateway = create_gateway(databases["gateway"], in_process(apps), IdentitySigner(pair.private_pem))
    server = listening(gateway, "127.0.0.1", 0)
    serving = Thread(target=server.serve)
    serving.start()
    stack.callback(serving.join)
    stack.callback(server.stop)
    stack.callback(gateway.extensions["gateway"].hub.close)
    return f"http://127.0.0.1:{server.bind_addr[1]}"
