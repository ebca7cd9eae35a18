"""The tables that stand in every service's database beside its own."""

from sqlalchemy import MetaData

FURNITURE = MetaData()


def furnish(metadata: MetaData) -> MetaData:
    """Put the chassis's tables into a service's metadata, and answer it."""
    for table in FURNITURE.tables.values():
        table.to_metadata(metadata)
    return metadata
