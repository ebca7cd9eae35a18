"""Answers kept for repeated requests.

Invariants: a row is inserted first in the transaction of what the request did and holds its answer when that
transaction commits: whoever sees a row sees an answer. `scope` is the digest of actor, method, path and key, so one
actor's keys never meet another's. `kept_at` is wall time; rows older than a day are purged. An answer that spoke of
somebody who is to be forgotten is empty, with status 410.
"""

from sqlalchemy import Column, Index, Integer, LargeBinary, String, Table

from chassis.database.types import Instant, Json
from chassis.furniture import FURNITURE

kept_answers = Table(
    "kept_answers",
    FURNITURE,
    Column("scope", String(64), primary_key=True),
    Column("body_digest", String(64), nullable=False),
    Column("status", Integer, nullable=False),
    Column("headers", Json, nullable=False),
    Column("answer", LargeBinary, nullable=False),
    Column("kept_at", Instant, nullable=False),
)
Index("kept_answers_age", kept_answers.c.kept_at)
