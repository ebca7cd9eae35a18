"""The gateway's own database: people, sessions, keys and the event log, beside the chassis's furniture."""

from sqlalchemy import MetaData

from chassis.events import tables as _events_furniture  # noqa: F401  the furniture must stand before it is copied
from chassis.furniture import furnish

METADATA = furnish(MetaData())
