"""The ledger of one service.

Invariants: in each chain `n` counts 1, 2, 3 without a gap; `hash` covers every other column and the previous entry's
hash; entries are never changed and never deleted (the database refuses). `ledger_heads` says where each chain ends and
never goes back, so that a cut-off tail shows. `ledger_personal` holds what identifies a person, with its salt: an entry
covers only the digest, so that erasing the row leaves the chain whole.
"""

from sqlalchemy import BigInteger, Column, ForeignKeyConstraint, String, Table, Text

from chassis.database.append_only import append_only
from chassis.database.types import Instant
from chassis.furniture import FURNITURE

ledger = append_only(
    Table(
        "ledger",
        FURNITURE,
        Column("chain", String(80), primary_key=True),
        Column("n", BigInteger, primary_key=True, autoincrement=False),
        Column("at", Instant, nullable=False),
        Column("kind", String(80), nullable=False),
        Column("subject", String(120), nullable=False, index=True),
        Column("body", Text, nullable=False),  # the very bytes that were hashed
        Column("personal_digest", String(64)),
        Column("previous_hash", String(64), nullable=False),
        Column("hash", String(64), nullable=False, unique=True),
    )
)

ledger_heads = append_only(
    Table(
        "ledger_heads",
        FURNITURE,
        Column("chain", String(80), primary_key=True),
        Column("n", BigInteger, nullable=False),
        Column("hash", String(64), nullable=False),
    ),
    update="NEW.chain = OLD.chain AND NEW.n > OLD.n",
)

ledger_personal = append_only(
    Table(
        "ledger_personal",
        FURNITURE,
        Column("chain", String(80), primary_key=True),
        Column("n", BigInteger, primary_key=True, autoincrement=False),
        Column("body", Text, nullable=False),
        ForeignKeyConstraint(["chain", "n"], ["ledger.chain", "ledger.n"]),
    ),
    deletable=True,
)
