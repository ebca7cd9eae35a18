"""What is done once before the processes start: databases, keys, topology, migrations. A process of its own.

It reads what it needs from its standard input, since addresses hold passwords: `{"folder", "postgres", "databases",
"bus", "anew"}`; `anew` removes the databases first, as a first start that was cut off needs it.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from chassis.bus.rabbitmq import declare_topology
from chassis.database.migrations import migrate
from chassis.processes.guarded import guarded
from deploy.catalogue import services
from deploy.keys import key_pair


def main() -> int:
    asked = json.load(sys.stdin)
    return guarded(lambda: _prepare(asked))


def _prepare(asked: Mapping[str, Any]) -> None:
    key_pair(Path(asked["folder"]))
    _databases(asked["postgres"], asked["databases"].values(), asked["anew"])
    declare_topology(asked["bus"], {service.name: service.consumers.types for service in services()})
    for service in services():
        migrate(service.name, service.folder / "migrations", service.metadata, asked["databases"][service.name])


def _databases(server: str, urls: Any, anew: bool) -> None:
    plain = make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        for name in (sql.Identifier(str(make_url(url).database)) for url in urls):
            if anew:
                connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            try:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(name))
            except psycopg.errors.DuplicateDatabase:
                continue


if __name__ == "__main__":
    sys.exit(main())
