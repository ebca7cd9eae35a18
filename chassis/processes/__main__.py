"""`python -m chassis.processes KIND PACKAGE`: exits 2 with one message when a setting or the schema is not right."""

import sys
from collections.abc import Callable
from importlib import import_module

from chassis.bus.rabbitmq import declare_topology
from chassis.database.migrations import check_schema, migrate
from chassis.processes import web, worker
from chassis.processes.guarded import cannot, guarded
from chassis.service import Service
from chassis.settings import BUS_URL, DATABASE_URL, read


def main(arguments: list[str]) -> int:
    if len(arguments) != 2 or arguments[0] not in _KINDS:
        return cannot(f"usage: python -m chassis.processes {'|'.join(_KINDS)} PACKAGE")
    return guarded(lambda: _KINDS[arguments[0]](_as_set(import_module(f"{arguments[1]}.app").SERVICE)))


def _as_set(service: Service) -> Service:
    return service.as_set(read(service.switches))


def _topology(service: Service) -> None:
    declare_topology(read((BUS_URL,))[BUS_URL], {service.name: service.consumers.types})


def _migrate(service: Service) -> None:
    url = read((DATABASE_URL,))[DATABASE_URL]
    migrate(service.name, service.folder / "migrations", service.metadata, url)


def _web(service: Service) -> None:
    values = read(web.OF_A_SERVICE)
    check_schema(service.name, service.folder / "migrations", values[DATABASE_URL])
    web.serve(lambda: web.application(service, values), values)


def _worker(service: Service) -> None:
    values = read(worker.SETTINGS)
    check_schema(service.name, service.folder / "migrations", values[DATABASE_URL])
    worker.work(service, values)


_KINDS: dict[str, Callable[[Service], None]] = {
    "topology": _topology,
    "migrate": _migrate,
    "web": _web,
    "worker": _worker,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
