"""What goes over the wire about customers that go back to the pool."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema, say


class GoingBackAskedSchema(PageArguments):
    """Which customers; without `customer_id` all in reach."""

    customer_id = fields.String(load_default=None, validate=validate.Length(1, 36))


class GoingBackSchema(ma.Schema):
    """A customer about to go back to the pool: since when nobody was in contact, and its first day there."""

    customer_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    owner_id = fields.String(required=True)
    idle_since = fields.Date(required=True)
    warned_on = fields.Date(required=True)
    goes_back_on = fields.Date(required=True)
    text = fields.Method("_text", required=True)

    def _text(self, row: Mapping[str, Any]) -> str:
        return say("returns.warned", idle_since=row["idle_since"], goes_back_on=row["goes_back_on"])


GoingBackPageSchema = page_schema(GoingBackSchema)
