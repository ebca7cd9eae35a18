"""Everything that reporting stores: the facts beside the chassis's tables."""

from sqlalchemy import MetaData

from chassis.furniture import furnish

METADATA = furnish(MetaData())
