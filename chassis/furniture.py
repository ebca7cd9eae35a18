"""The tables that stand in every service's database beside its own."""

from importlib import import_module

from sqlalchemy import MetaData

FURNITURE = MetaData()

# Every module that puts tables into FURNITURE; named, not imported above, because each of them imports this one.
_MODULES = (
    "chassis.audit",
    "chassis.database.tables",
    "chassis.events.tables",
    "chassis.jobs.tables",
    "chassis.ledger.tables",
    "chassis.web.tables",
)

# Constraints need names that migrations can say, the same on both databases.
_NAMES = {
    "pk": "pk_%(table_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
}


def furnish(metadata: MetaData) -> MetaData:
    """Put the chassis's tables into a service's metadata, and answer it: call it before the service's own tables."""
    from chassis.database.append_only import guards_of  # noqa: PLC0415 - its package's tables import this module

    for module in _MODULES:
        import_module(module)
    metadata.naming_convention = _NAMES
    for table in FURNITURE.tables.values():
        table.to_metadata(metadata)
    guards_of(metadata).update(guards_of(FURNITURE))
    return metadata
