"""One plan per customer.

Invariants: a row is derived from the customer's records, grade and merges and can be computed again from them;
`version` is 0 until the plan was first announced and then counts its announcements. The row is also the lock under
which a customer's plan is computed, so it may stand before anything is due. `keeper_id` is whose list it is on: the
owner's; until the customer itself has been heard of, the list of who followed up last.
"""

from sqlalchemy import Column, Date, Index, Integer, String, Table

from services.followups.tables import METADATA

plans = Table(
    "plans",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("grade", String(1)),
    Column("owner_id", String(36)),
    Column("keeper_id", String(36)),
    Column("next_due", Date),
    Column("last_contact", Date),
    Column("reason", String(20), nullable=False),
    Column("version", Integer, nullable=False),
)
Index("plans_due", plans.c.branch_id, plans.c.next_due, plans.c.customer_id)
Index("plans_due_of_keeper", plans.c.keeper_id, plans.c.next_due, plans.c.customer_id)
