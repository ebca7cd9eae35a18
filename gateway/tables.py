"""The gateway's own database: people, sessions, keys and the event log, beside the chassis's furniture."""

from sqlalchemy import MetaData

from chassis.furniture import furnish

METADATA = furnish(MetaData())
