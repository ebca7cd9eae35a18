"""The credit ledger, and what it rests on.

Invariants: a row of `credit_lines` is never changed: what turned out otherwise is reversed by a line of its own, once,
and booked again; the lines of a deal that are not reversed always add up to the whole. Deals, owners and merges are
kept as they were told, each with its time, and never changed; of a reception the latest word holds. A deal is what the
latest row of `corrected_deals` says of it, each of which rests on one signed correction; else what `deals` says.
`amount` and `cents` are cents, `parts` of 10,000, `signed_time` the hour by the branch's clock.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Index,
    Integer,
    String,
    Table,
    Time,
    UniqueConstraint,
)

from chassis.database import Instant
from chassis.database.append_only import append_only
from services.followups.tables import METADATA

deals = append_only(
    Table(
        "deals",
        METADATA,
        Column("deal_id", String(36), primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("customer_id", String(36)),
        Column("day", Date, nullable=False),
        Column("amount", BigInteger),
        Column("salesperson_id", String(36)),
        Column("recorded_at", Instant, nullable=False),
    )
)
Index("deals_of_customer", deals.c.customer_id)
Index("deals_of_branch", deals.c.branch_id)

corrected_deals = append_only(
    Table(
        "corrected_deals",
        METADATA,
        Column("deal_id", String(36), primary_key=True),
        Column("version", Integer, primary_key=True, autoincrement=False),
        Column("branch_id", String(36), nullable=False),
        Column("day", Date, nullable=False),
        Column("signed_time", Time),
        Column("amount", BigInteger),
        Column("correction_id", String(36), nullable=False),
        UniqueConstraint("correction_id", name="corrected_deals_once"),
    )
)

visits = Table(
    "visits",
    METADATA,
    Column("reception_id", String(36), primary_key=True),
    Column("customer_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("rule", String(12), nullable=False),
    Column("day", Date, nullable=False),
    Column("completed_at", Instant, nullable=False),
    Column("original_id", String(36)),
    Column("server_id", String(36)),
    Column("owner_id", String(36)),
    Column("corrected", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
    CheckConstraint("rule IN ('owner', 'half_each', 'server')", name="visits_rule"),
)
Index("visits_of_customer", visits.c.customer_id)

owned = append_only(
    Table(
        "owned",
        METADATA,
        Column("customer_id", String(36), primary_key=True),
        Column("sequence", Integer, primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("owner_id", String(36)),
        Column("at", Instant, nullable=False),
    )
)

merged = append_only(
    Table(
        "merged",
        METADATA,
        Column("loser_id", String(36), primary_key=True),
        Column("sequence", Integer, primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("winner_id", String(36), nullable=False),
        Column("active", Boolean, nullable=False),
        Column("at", Instant, nullable=False),
    )
)
Index("merged_of_winner", merged.c.winner_id)

credit_lines = append_only(
    Table(
        "credit_lines",
        METADATA,
        Column("id", String(36), primary_key=True),
        Column("branch_id", String(36), nullable=False),
        Column("deal_id", String(36), nullable=False),
        Column("booking", Integer, nullable=False),
        Column("n", Integer, nullable=False),
        Column("customer_id", String(36)),
        Column("day", Date, nullable=False),
        Column("staff_id", String(36)),
        Column("parts", Integer, nullable=False),
        Column("cents", BigInteger),
        Column("rule", String(12), nullable=False),
        Column("reason", String(20), nullable=False),
        Column("rule_version", String(60), nullable=False),
        Column("evidence", String(36)),
        Column("correction_id", String(36)),
        Column("reverses", String(36)),
        Column("booked_at", Instant, nullable=False),
        UniqueConstraint("deal_id", "booking", "n", name="credit_lines_in_order"),
        UniqueConstraint("reverses", name="credit_lines_reversed_once"),
    )
)
Index("credit_lines_of_person", credit_lines.c.staff_id, credit_lines.c.day)
