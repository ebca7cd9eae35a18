"""What goes over the wire about customers who may be one."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema, say
from services.customers.candidates.rules import Alike

_REASON = validate.And(validate.Length(max=400), validate.Regexp(r"\S"))


class CandidateFileSchema(ma.Schema):
    """What one needs to tell two customers apart; the phone is masked as everywhere."""

    customer_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    owner_id = fields.String(required=True, allow_none=True)
    registered_at = fields.AwareDateTime(required=True)


class AlikeSchema(ma.Schema):
    """Another customer, and in what they are alike, as codes and in the reader's language."""

    customer = fields.Nested(CandidateFileSchema, required=True)
    alike = fields.List(fields.Enum(Alike, by_value=True), required=True)
    text = fields.Method("_text", required=True)

    def _text(self, other: dict[str, Any]) -> str:
        return " ".join(say(f"alike.{one}") for one in other["alike"])


class CandidateSchema(ma.Schema):
    """A customer, and those with whom they may be one: a person decides."""

    customer = fields.Nested(CandidateFileSchema, required=True)
    others = fields.List(fields.Nested(AlikeSchema), required=True)


CandidatePageSchema = page_schema(CandidateSchema)


class VerdictSchema(ma.Schema):
    """What was decided about two customers: the same person or not, until it is taken back (`active` False)."""

    first_id = fields.String(required=True)
    second_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    same = fields.Boolean(required=True)
    active = fields.Boolean(required=True)
    reason = fields.String(required=True)
    decided_by = fields.String(required=True)
    decided_at = fields.AwareDateTime(required=True)
    version = fields.Integer(required=True)


class CandidatesSchema(CandidateSchema):
    """The same with what was decided so far about the customer, under any of the ids that they stand for."""

    decided = fields.List(fields.Nested(VerdictSchema), required=True)


class DecisionSchema(ma.Schema):
    """Whether the two are the same person, and why."""

    same = fields.Boolean(required=True)
    reason = fields.String(required=True, validate=_REASON)


class TakingBackSchema(ma.Schema):
    """Why a decision is taken back."""

    reason = fields.String(required=True, validate=_REASON)
