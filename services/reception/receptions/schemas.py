"""What goes over the wire about receptions."""

import marshmallow as ma
from marshmallow import fields, validate

from services.reception.receptions.rules import Closed, CreditRule, Relation, State, Turn
from services.reception.rotation.rules import OWN_CUSTOMER, Kind, Role, Standing

_ID = validate.Length(1, 36)
_LINE = validate.And(validate.Length(max=80), validate.Regexp(r"\S"))
_PHONE = validate.Length(1, 40)


def _one_of(names: type) -> validate.OneOf:
    return validate.OneOf([one.value for one in names])  # type: ignore[attr-defined]


class ArrivalSchema(ma.Schema):
    """A visitor at the door; a party that comes together is one arrival.

    Whose visitor it is is found by `customer_id` or `phone`, and by `original_id`, the salesperson who received them
    before or whom a party with several asks for. `relation` is what the visitor is to that customer: family is the
    customer (老客户), anybody else was brought (老带新). `kind` counts where no such customer is known.
    """

    kind = fields.String(load_default=Kind.FIRST_VISIT.value, validate=_one_of(Kind))
    party_size = fields.Integer(load_default=1, strict=True, validate=validate.Range(1, 99))
    customer_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    phone = fields.String(load_default=None, allow_none=True, validate=_PHONE)
    relation = fields.String(load_default=Relation.SELF.value, validate=_one_of(Relation))
    original_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    trade = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 20))


class CompanionSchema(ma.Schema):
    """Somebody who came with the visitor and is a customer too."""

    name = fields.String(required=True, validate=_LINE)
    phone = fields.String(required=True, validate=_PHONE)


class CompletionSchema(ma.Schema):
    """The visitor's name and phone; the rest as far as it is known. `next_contact` is a day agreed with the visitor."""

    name = fields.String(required=True, validate=_LINE)
    phone = fields.String(required=True, validate=_PHONE)
    companions = fields.List(fields.Nested(CompanionSchema), load_default=list, validate=validate.Length(max=20))
    intent = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 40))
    progress = fields.Integer(load_default=None, allow_none=True, strict=True, validate=validate.Range(0, 100))
    note = fields.String(load_default=None, allow_none=True, validate=validate.Length(max=4000))
    next_contact = fields.Date(load_default=None, allow_none=True)


class NotBuyingSchema(ma.Schema):
    """As what a visitor came who is not buying, and who else heard it."""

    trade = fields.String(required=True, validate=validate.Length(1, 20))
    witness_id = fields.String(load_default=None, allow_none=True, validate=_ID)


class PassedOverSchema(ma.Schema):
    """Somebody ahead in the line who does not receive, and why."""

    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    reason = fields.String(required=True, validate=validate.OneOf([*(one.value for one in Standing), OWN_CUSTOMER]))
    text = fields.String(required=True)


class FactsSchema(ma.Schema):
    """What the decision rests on, as of the assignment."""

    kind = fields.String(required=True, validate=_one_of(Kind))
    original_id = fields.String(required=True, allow_none=True)
    original_is = fields.String(required=True, allow_none=True, validate=_one_of(Standing))
    delegate_id = fields.String(required=True, allow_none=True)
    delegate_is = fields.String(required=True, allow_none=True, validate=_one_of(Standing))


class ExplanationSchema(ma.Schema):
    """Why this person receives, or why nobody does yet. `article` null: the rule is the product's own."""

    reception_id = fields.String(required=True)
    code = fields.String(required=True)
    article = fields.String(required=True, allow_none=True)
    policy_version = fields.String(required=True)
    text = fields.String(required=True)
    facts = fields.Nested(FactsSchema, required=True)
    passed_over = fields.List(fields.Nested(PassedOverSchema), required=True)


class TogetherSchema(ma.Schema):
    """A customer who came with the visitor."""

    customer_id = fields.String(required=True)
    customer_is_new = fields.Boolean(required=True)
    reconciled_with = fields.String(required=True, allow_none=True)


class VisitSchema(ma.Schema):
    """One of a customer's receptions, in short, and why it was this person's."""

    reception_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    hall_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_one_of(Kind))
    state = fields.String(required=True, validate=_one_of(State))
    party_size = fields.Integer(required=True)
    arrived_at = fields.AwareDateTime(required=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    server_id = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True, validate=_one_of(Role))
    why = fields.Nested(ExplanationSchema, required=True)


class VisitsSchema(ma.Schema):
    """The last receptions of a customer, the newest first: fifty at most."""

    items = fields.List(fields.Nested(VisitSchema), required=True)


class ReceptionSchema(ma.Schema):
    """One reception, from the door on."""

    reception_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    hall_id = fields.String(required=True)
    kind = fields.String(required=True, validate=_one_of(Kind))
    state = fields.String(required=True, validate=_one_of(State))
    party_size = fields.Integer(required=True)
    local_day = fields.Date(required=True)
    arrived_at = fields.AwareDateTime(required=True)
    assigned_at = fields.AwareDateTime(required=True, allow_none=True)
    greeted_at = fields.AwareDateTime(required=True, allow_none=True)
    completed_at = fields.AwareDateTime(required=True, allow_none=True)
    server_id = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True, validate=_one_of(Role))
    original_id = fields.String(required=True, allow_none=True)
    relation = fields.String(required=True, allow_none=True, validate=_one_of(Relation))
    trade = fields.String(required=True, allow_none=True)
    witness_id = fields.String(required=True, allow_none=True)
    witnessed_at = fields.AwareDateTime(required=True, allow_none=True)
    turn = fields.String(required=True, allow_none=True, validate=_one_of(Turn))
    customer_id = fields.String(required=True, allow_none=True)
    customer_is_new = fields.Boolean(required=True, allow_none=True)
    companions = fields.List(fields.Nested(TogetherSchema), required=True)
    credit_rule = fields.String(required=True, allow_none=True, validate=_one_of(CreditRule))
    credit_day = fields.Date(required=True, allow_none=True)
    owner_id = fields.String(required=True, allow_none=True)
    closed_because = fields.String(required=True, allow_none=True, validate=_one_of(Closed))
    reconciled_with = fields.String(required=True, allow_none=True)
    why = fields.Nested(ExplanationSchema, required=True)
