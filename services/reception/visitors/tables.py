"""Whose phone is whose, as far as reception knows.

Invariants: `own_phones` is written by completing a reception, once per branch and phone, so that a phone that is typed
twice at once becomes one customer; whose that customer is it says until the register has told. `customer_phones` and
`aliases` are copies kept from the register's events; a row is replaced only by an event of a higher `sequence`.
`other_phones` has a row for each phone beside the one in `customer_phones`, as told by the event that stands there, and
the id that bears it: the customer's own, or that of one who was merged into them. Phones are E.164; phones and names
are personal data. Who was erased has no row in `own_phones`, none in `other_phones` under either id, and an empty one
in `customer_phones` that nothing replaces (`rules.FOREVER`).
"""

from sqlalchemy import Boolean, Column, Index, Integer, String, Table, Text

from chassis.database import Instant
from services.reception.tables import METADATA

own_phones = Table(
    "own_phones",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
    Column("phone", String(20), primary_key=True),
    Column("customer_id", String(36), nullable=False),
    Column("owner_id", String(36)),
    Column("name", Text),
    Column("registered_at", Instant),
)
Index("own_phones_of_customer", own_phones.c.customer_id)

customer_phones = Table(
    "customer_phones",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("phone", String(20)),
    Column("owner_id", String(36)),
    Column("code", String(20)),
    Column("name", Text),
    Column("registered_at", Instant, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
)
Index("customer_phones_of_branch", customer_phones.c.branch_id, customer_phones.c.phone)

other_phones = Table(
    "other_phones",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("phone", String(20), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("bearer_id", String(36), nullable=False),
)
Index("other_phones_of_branch", other_phones.c.branch_id, other_phones.c.phone)
Index("other_phones_of_bearer", other_phones.c.bearer_id)

aliases = Table(
    "aliases",
    METADATA,
    Column("loser_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("winner_id", String(36), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("sequence", Integer, nullable=False),
)
Index("aliases_of_winner", aliases.c.winner_id)
