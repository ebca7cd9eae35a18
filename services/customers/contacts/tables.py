"""Contacts of customers.

Invariants: of the contacts under one customer's id at most one is `chosen`. The primary is the chosen one, or the
oldest where none is: as long as there are any there is exactly one, whatever is written. `phones` is a list in E.164.
All of it is personal data.
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from chassis.database import Json
from services.customers.tables import METADATA

contacts = Table(
    "contacts",
    METADATA,
    Column("contact_id", String(36), primary_key=True),
    Column("customer_id", String(36), nullable=False),
    Column("branch_id", String(36), nullable=False),
    Column("name", Text, nullable=False),
    Column("position", Text),
    Column("phones", Json, nullable=False),
    Column("email", Text),
    Column("wechat", Text),
    Column("remarks", Text),
    Column("chosen", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
)
_CHOSEN = contacts.c.chosen
Index(
    "contacts_chosen",
    contacts.c.customer_id,
    unique=True,
    sqlite_where=_CHOSEN,
    postgresql_where=_CHOSEN,
)
Index("contacts_of_customer", contacts.c.branch_id, contacts.c.customer_id)
