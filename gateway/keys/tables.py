"""API keys.

Invariants: only the fingerprint of a key is stored; a key without branch reaches all branches; a revoked key stays as a
row, so that what it did remains explainable.
"""

from sqlalchemy import Column, ForeignKey, Index, String, Table

from chassis.database import Instant, Json
from gateway.tables import METADATA

api_keys = Table(
    "api_keys",
    METADATA,
    Column("id", String(36), primary_key=True),
    Column("branch_id", String(36), ForeignKey("branches.branch_id")),
    Column("name", String(80), nullable=False),
    Column("scopes", Json, nullable=False),
    Column("key_hash", String(64), nullable=False, unique=True),
    Column("created_by", String(36), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
)
Index("api_keys_of_branch", api_keys.c.branch_id, api_keys.c.id)
