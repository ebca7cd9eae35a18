"""What goes over the wire about families."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema, say
from services.customers.relations.rules import Kin, State

_ID = validate.Length(1, 36)
_STATE = validate.OneOf([state.value for state in State])
_REASON = validate.And(validate.Length(max=400), validate.Regexp(r"\S"))


class NewRelationSchema(ma.Schema):
    """Who is what to the customer. Siblings, in-laws and friends are `other`: noted, but nobody's family (一.5)."""

    relative_id = fields.String(required=True, validate=_ID)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in Kin]))


class RelationSchema(ma.Schema):
    """`relative_id` is the `kind` (`kind_name` in the reader's language) of `customer_id`, once it is confirmed."""

    relation_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    customer_id = fields.String(required=True)
    relative_id = fields.String(required=True)
    kind = fields.Enum(Kin, by_value=True, required=True)
    kind_name = fields.Function(lambda row: say(f"kinds.{row['kind']}"), required=True)
    state = fields.String(required=True, validate=_STATE)
    asked_by = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)


RelationPageSchema = page_schema(RelationSchema)


class RelationsSchema(ma.Schema):
    """Every relation of one customer."""

    items = fields.List(fields.Nested(RelationSchema), required=True)


class RelationQuerySchema(PageArguments):
    """All of them, or those in one state."""

    state = fields.String(load_default=None, validate=_STATE)


class RelationReasonSchema(ma.Schema):
    """Why it is refused, or ended."""

    reason = fields.String(required=True, validate=_REASON)
