"""Customer files, who was merged into whom, what moved into the recycle bin, and the next code of each branch.

Invariants: of the active files of a branch no two have the same code or the same phone. A file that was merged is
inactive, names the file that it belongs to, which has all further phones, and keeps the code it had; one with
`deleted_at` is inactive and in the recycle bin, and never merged as well; one with `erased_at` is inactive for good and
holds nothing that says who it is of. `version` counts the changes that were announced. `other_phones` are those beside
`phone` by which the register recognises the customer now, each with the id that bears it: their own or that of one
merged into them. `demand` holds purpose, budget, layout, area, preference and purchasing_power, as far as they are
known; `details` the company's own fields by their id. `owners` has a line for every change of owner, under the version
of the file that came of it; of all lines of the ids that stand for a customer the last one names the present owner.
`change_id` sorts them as they were written; lines without one are older. `bin_moves` has a line for every move into the
recycle bin and out of it. Lines of either are never rewritten, but that the words of `reason` may be forgotten. A
branch's row in `codes` is the lock under which its customers are registered; `last` is the greatest number given, so no
code is given twice.
"""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, String, Table, Text, func, text

from chassis.database import Instant, Json
from chassis.database.append_only import append_only, untouched
from services.customers.tables import METADATA

customers = Table(
    "customers",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("code", String(20), nullable=False),
    Column("name", Text),
    Column("phone", String(20)),
    Column("other_phones", Json, nullable=False, server_default=text("'[]'")),
    Column("customer_type", Text),
    Column("grade", String(1)),
    Column("key_account", Boolean, nullable=False),
    Column("company", Text),
    Column("industry", Text),
    Column("province", Text),
    Column("city", Text),
    Column("district", Text),
    Column("demand", Json, nullable=False, server_default=text("'{}'")),
    Column("remarks", Text),
    Column("details", Json, nullable=False, server_default=text("'{}'")),
    Column("parent_id", String(36)),
    Column("source", String(12), nullable=False),
    Column("owner_id", String(36)),
    Column("owner_by_hand", Boolean, nullable=False),
    Column("registered_at", Instant, nullable=False),
    Column("local_day", Date, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("merged_into", String(36)),
    Column("deleted_at", Instant),
    Column("erased_at", Instant),
    Column("version", Integer, nullable=False),
    CheckConstraint("grade IN ('A', 'B', 'C')", name="customers_grade"),
    CheckConstraint(
        "active = (merged_into IS NULL AND deleted_at IS NULL AND erased_at IS NULL)", name="customers_merged_or_active"
    ),
)
_ACTIVE = customers.c.active
Index(
    "customers_code",
    customers.c.branch_id,
    customers.c.code,
    unique=True,
    sqlite_where=_ACTIVE,
    postgresql_where=_ACTIVE,
)
Index(
    "customers_phone",
    customers.c.branch_id,
    customers.c.phone,
    unique=True,
    sqlite_where=_ACTIVE,
    postgresql_where=_ACTIVE,
)
Index("customers_newest", customers.c.branch_id, customers.c.registered_at, customers.c.customer_id)
Index("customers_newest_of_all", customers.c.registered_at, customers.c.customer_id)
Index(
    "customers_of_owner",
    customers.c.branch_id,
    customers.c.owner_id,
    customers.c.registered_at,
    customers.c.customer_id,
)
Index("customers_by_code", customers.c.branch_id, func.length(customers.c.code), customers.c.code)  # A999, A1000
Index("customers_of_code", customers.c.branch_id, customers.c.code)  # merged ones keep theirs
Index("customers_name", customers.c.branch_id, customers.c.name)

Index("customers_of_parent", customers.c.branch_id, customers.c.parent_id)
_DELETED = customers.c.deleted_at.is_not(None)
Index(
    "customers_in_bin",
    customers.c.branch_id,
    customers.c.deleted_at,
    customers.c.customer_id,
    sqlite_where=_DELETED,
    postgresql_where=_DELETED,
)

owners = Table(
    "owners",
    METADATA,
    Column("customer_id", String(36), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("owner_id", String(36)),
    Column("former_id", String(36)),
    Column("since", Instant, nullable=False),
    Column("because", String(30), nullable=False),
    Column("by_id", String(36)),
    Column("reason", Text),
    Column("change_id", String(36)),
)
append_only(owners, update=f"NEW.reason IS NULL AND {untouched(owners, 'reason')}")
Index("owners_former", owners.c.branch_id, owners.c.former_id, owners.c.customer_id)
OWNERS_IN_ORDER = (func.coalesce(owners.c.change_id, ""), owners.c.since, owners.c.version)
"""The order in which the lines of several ids were written."""

bin_moves = Table(
    "bin_moves",
    METADATA,
    Column("move_id", String(36), primary_key=True),
    Column("branch_id", String(36), nullable=False),
    Column("customer_id", String(36), nullable=False),
    Column("move", String(16), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by_id", String(36)),
    Column("reason", Text),
    CheckConstraint("move IN ('deleted', 'restored', 'registered_again', 'ruled', 'purged')", name="bin_moves_move"),
)
append_only(bin_moves, update=f"NEW.reason IS NULL AND {untouched(bin_moves, 'reason')}")
Index("bin_moves_of_customer", bin_moves.c.customer_id, bin_moves.c.move_id)

aliases = Table(
    "aliases",
    METADATA,
    Column("loser_id", String(36), primary_key=True),
    Column("winner_id", String(36), nullable=False),
    Column("branch_id", String(36), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("rule", String(40), nullable=False),
    Column("article", String(12), nullable=False),
    Column("version", Integer, nullable=False),
)
Index("aliases_of_winner", aliases.c.branch_id, aliases.c.winner_id)

codes = Table(
    "codes",
    METADATA,
    Column("branch_id", String(36), primary_key=True),
    Column("last", Integer, nullable=False),
)
