"""What goes over the wire about a whole customer."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields

from chassis.web import say
from gateway.whole_customer.rules import Code, Told


class PartSchema(ma.Schema):
    """A part: `here` with what its service says, or a code and words for why it is not."""

    code = fields.Enum(Code, by_value=True, required=True)
    text = fields.Function(lambda told: say(f"parts.{told.code.value}"), required=True)
    body = fields.Dict(required=True, allow_none=True)


class WholeCustomerSchema(ma.Schema):
    """A customer as all services together know them: the parts by their names."""

    customer_id = fields.String(required=True)
    parts = fields.Dict(keys=fields.String(), values=fields.Nested(PartSchema), required=True)


def whole(customer_id: str, parts: Mapping[str, Told]) -> dict[str, Any]:
    """What WholeCustomerSchema shows: a merged customer under the id that holds."""
    basics = parts["basics"].body or {}
    return {"customer_id": basics.get("customer_id", customer_id), "parts": parts}
