"""Everything that customers stores: the rooms' tables beside the chassis's."""

from sqlalchemy import MetaData

from chassis.furniture import furnish

METADATA = furnish(MetaData())
