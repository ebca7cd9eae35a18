"""What a database says about itself.

Invariant: one row; `oldest_code` is the number of the newest migration that the oldest code still served knows.
"""

from sqlalchemy import Column, Integer, Table

from chassis.furniture import FURNITURE

schema_serves = Table(
    "schema_serves",
    FURNITURE,
    Column("one", Integer, primary_key=True, autoincrement=False),
    Column("schema", Integer, nullable=False),
    Column("oldest_code", Integer, nullable=False),
)
