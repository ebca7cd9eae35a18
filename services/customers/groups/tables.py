"""Deals, as far as a group's totals need to know them: a copy kept from the credit ledger's events.

Invariant: a row is replaced only by an event of a higher `sequence`. `amount` is cents, NULL where it is not known. Who
stands under whom is the file's own `parent_id`.
"""

from sqlalchemy import BigInteger, Column, Date, Index, Integer, String, Table

from services.customers.tables import METADATA

deals = Table(
    "deals",
    METADATA,
    Column("deal_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36)),
    Column("deal_date", Date, nullable=False),
    Column("amount", BigInteger),
    Column("sequence", Integer, nullable=False),
)
Index("deals_of_customer", deals.c.branch_id, deals.c.customer_id)
