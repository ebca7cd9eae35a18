"""What is done once before the processes start: databases, keys, topology, migrations. A process of its own.

It reads what it needs from its standard input, since addresses hold passwords: `{"folder", "postgres", "databases",
"bus", "anew"}`; `anew` removes the databases first, as a first start that was cut off needs it.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from chassis.bus.rabbitmq import declare_topology
from chassis.database.migrations import migrate
from chassis.processes.guarded import guarded
from deploy.catalogue import services
from deploy.distributed.databases import create, drop
from deploy.keys import key_pair


def main() -> int:
    asked = json.load(sys.stdin)
    return guarded(lambda: _prepare(asked))


def _prepare(asked: Mapping[str, Any]) -> None:
    key_pair(Path(asked["folder"]))
    urls = asked["databases"]
    if asked["anew"]:
        drop(asked["postgres"], urls.values())
    create(asked["postgres"], urls.values())
    declare_topology(asked["bus"], {service.name: service.consumers.types for service in services()})
    for service in services():
        migrate(service.name, service.folder / "migrations", service.metadata, urls[service.name])


if __name__ == "__main__":
    sys.exit(main())
