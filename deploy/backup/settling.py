"""What makes restored databases a system again: the schema of this code, and every event where it belongs."""

from collections.abc import Mapping
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import FromClause, func, select

from chassis.database import Database
from chassis.database.migrations import migrate, newest_in
from chassis.events.reentry import enter_again
from chassis.events.tables import inbox, outbox
from chassis.ledger import Broken, verify
from chassis.ledger.tables import ledger
from deploy.backup.archive import Contents
from deploy.backup.refusals import Refused
from deploy.catalogue import NAMES, folder_of, service


@dataclass(frozen=True)
class Restored:
    """What one service's database holds after the restore; `broken` is empty when its ledger is what was written."""

    service: str
    outbox: int
    inbox: int
    ledger: int
    entered_again: int
    broken: tuple[Broken, ...]


def refuse_newer(contents: Contents) -> None:
    """Raises Refused when a newer version made the backup."""
    for name, schema in contents.schemas.items():
        known = newest_in(folder_of(name) / "migrations") if name in NAMES else 0
        if schema > known:
            raise Refused("newer_schema", service=name, schema=f"{schema:04}", known=f"{known:04}")


def settle(urls: Mapping[str, str]) -> list[Restored]:
    """Migrate each database, give events to their readers again, verify the ledgers, and count."""
    for name, url in urls.items():
        migrate(name, folder_of(name) / "migrations", service(name).metadata, url)
    with ExitStack() as stack:
        databases = {name: stack.enter_context(closing(Database(url, name))) for name, url in urls.items()}
        return [_settle_one(reader, databases) for reader in databases.values()]


def _settle_one(reader: Database, databases: Mapping[str, Database]) -> Restored:
    types, now = service(reader.service).consumers.types, datetime.now(UTC)
    entered = sum(enter_again(announcer, reader, types, now) for announcer in databases.values()) if types else 0
    with reader.read() as tx:
        rows, arrived, entries = (
            tx.execute(select(func.count()).select_from(table)).scalar_one() for table in _counted()
        )
        return Restored(reader.service, rows, arrived, entries, entered, tuple(verify(tx)))


def _counted() -> tuple[FromClause, ...]:
    return outbox, inbox, ledger
