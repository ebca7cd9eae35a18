"""What goes over the wire about corrections."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema
from services.reception.corrections.rules import Ruling
from services.reception.receptions.rules import Relation
from services.reception.rotation.rules import Kind

_ID = validate.Length(1, 36)
_REASON = validate.And(validate.Length(max=500), validate.Regexp(r"\S"))
_RELATION = validate.OneOf([one.value for one in Relation])


class AskingSchema(ma.Schema):
    """Whose customer the visitor is, as it turns out (撞单): the customer, or the salesperson. `relation` is what the
    visitor is to that customer. With `confirm` a supervisor asks and decides at once.
    """

    customer_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    original_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    relation = fields.String(load_default=Relation.SELF.value, validate=_RELATION)
    reason = fields.String(required=True, validate=_REASON)
    confirm = fields.Boolean(load_default=False)


class ConfirmingSchema(ma.Schema):
    """A confirmation; without a reason the asker's holds."""

    reason = fields.String(load_default=None, allow_none=True, validate=_REASON)


class RefusingSchema(ma.Schema):
    """A refusal, with its reason."""

    reason = fields.String(required=True, validate=_REASON)


class UndoingSchema(ma.Schema):
    """Why an entry is undone; who tapped a moment ago need not say."""

    reason = fields.String(load_default=None, allow_none=True, validate=_REASON)


class RulingSchema(ma.Schema):
    """What was asked about a reception, and what was decided; why is null once the customer was erased."""

    ruling_id = fields.String(required=True, attribute="id")
    reception_id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([one.value for one in Kind]))
    relation = fields.String(required=True, validate=_RELATION)
    original_id = fields.String(required=True)
    customer_id = fields.String(required=True, allow_none=True)
    asked_by = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf([one.value for one in Ruling]))
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    decided_because = fields.String(required=True, allow_none=True)


RulingPageSchema = page_schema(RulingSchema)


class RulingsArguments(PageArguments):
    """Which rulings to list."""


class RegisterArguments(ma.Schema):
    """From which entry of the register on."""

    after = fields.Integer(load_default=0, validate=validate.Range(0, 2**53))
    limit = fields.Integer(load_default=50, validate=validate.Range(1, 200))


class RegisterEntrySchema(ma.Schema):
    """An entry of a hall's register: when, who, and what it says of whom. `corrected_by` names the entry that
    corrects it.
    """

    n = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    by = fields.String(required=True, allow_none=True)
    what = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    corrected_by = fields.Integer(required=True, allow_none=True)


class RegisterSchema(ma.Schema):
    """A part of a hall's register, and after which entry the next begins (null: there are no more)."""

    items = fields.List(fields.Nested(RegisterEntrySchema), required=True)
    next_after = fields.Integer(required=True, allow_none=True)
