"""Facts kept from events; all of it can be built again from the feeds, with the same result.

Invariants: one row per subject, replaced only by an event of a higher `sequence`, so order and repetition make no
difference. Rows name each other by id and may arrive in any order: there are no foreign keys, and reads join outward.
A fact keeps the customer it arrived with; `aliases` say at reading which customers are one. What customers are called
stands apart in `names`: who was erased has the row without a name that nothing replaces (`rules.FOREVER`). Of their
follow-ups no word is kept but the usual ones (`rules.USUAL`).
"""

from sqlalchemy import Boolean, Column, Date, Index, Integer, String, Table, Text

from services.reporting.tables import METADATA

branches = Table(
    "branches",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
    Column("name", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
)

staff = Table(
    "staff",
    METADATA,
    Column("staff_id", String(36), primary_key=True),
    Column("branch_id", String(36)),
    Column("team_id", String(36)),
    Column("name", Text, nullable=False),
    Column("sequence", Integer, nullable=False),
)
Index("staff_of_team", staff.c.branch_id, staff.c.team_id)

customers = Table(
    "customers",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("code", String(20), nullable=False),
    # Written only by code older than `names`, and read only where `names` has no row. The next contraction drops it,
    # with that reading and the emptying at erasure, once it has filled the rows that `names` lacks.
    Column("name", Text),
    Column("customer_type", Text),
    Column("owner_id", String(36)),
    Column("local_day", Date, nullable=False),
    Column("sequence", Integer, nullable=False),
)
Index("customers_of_day", customers.c.local_day, customers.c.branch_id)

names = Table(
    "names",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("name", Text),
    Column("sequence", Integer, nullable=False),
)

aliases = Table(
    "aliases",
    METADATA,
    Column("loser_id", String(36), primary_key=True),
    Column("winner_id", String(36), nullable=False),
    Column("branch_id", String(36), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
)

receptions = Table(
    "receptions",
    METADATA,
    Column("reception_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("state", String(12), nullable=False),
    Column("local_day", Date, nullable=False),
    Column("server_id", String(36)),
    Column("turn", String(8)),
    Column("sequence", Integer, nullable=False),
)
Index("receptions_of_day", receptions.c.local_day, receptions.c.branch_id)

penalties = Table(
    "penalties",
    METADATA,
    Column("penalty_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("staff_id", String(36), nullable=False),
    Column("cause", String(20), nullable=False),
    Column("state", String(12), nullable=False),
    Column("fine", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("day", Date, nullable=False),
    Column("month", String(7)),
    Column("sequence", Integer, nullable=False),
)
Index("penalties_of_month", penalties.c.branch_id, penalties.c.month)

followups = Table(
    "followups",
    METADATA,
    Column("followup_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36)),
    Column("date", Date),
    Column("method", Text),
    Column("progress", Integer),
    Column("intent", Text),
    Column("result", Text),
    Column("deal_date", Date),
    Column("salesperson_id", String(36)),
    Column("salesperson_name", Text),
    Column("row_number", Integer),
    Column("sequence", Integer, nullable=False),
)
# One index for a branch over any time, one for the whole company over some days.
Index("followups_of_branch", followups.c.branch_id, followups.c.date)
Index("followups_of_day", followups.c.date)
Index("followups_deals_of_branch", followups.c.branch_id, followups.c.deal_date)
Index("followups_deals_of_day", followups.c.deal_date)

plans = Table(
    "plans",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("owner_id", String(36)),
    Column("next_due", Date),
    Column("last_contact", Date),
    Column("sequence", Integer, nullable=False),
)
Index("plans_due", plans.c.branch_id, plans.c.next_due)
