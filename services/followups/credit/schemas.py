"""What goes over the wire about credit."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments
from services.followups.credit.rules import Reason, Rule


class CreditArguments(PageArguments):
    """Whose ledger (one's own by default), and of which month of signing (the present one by default)."""

    staff_id = fields.String(load_default=None, validate=validate.Length(1, 36))
    month = fields.String(load_default=None, validate=validate.Regexp(r"^(?!9999)[1-9]\d{3}-(0[1-9]|1[0-2])$"))


class CreditMonthsArguments(ma.Schema):
    """Whose ledger (one's own by default), and of which year of signing (the present one by default)."""

    staff_id = fields.String(load_default=None, validate=validate.Length(1, 36))
    year = fields.Integer(load_default=None, validate=validate.Range(1900, 9998))


class CreditWhySchema(ma.Schema):
    """Why a line says what it says: a code, and words in the reader's language."""

    code = fields.String(required=True, validate=validate.OneOf([one.value for one in Reason]))
    text = fields.String(required=True)


class CreditLineSchema(ma.Schema):
    """A line of the ledger. A line that `reverses` another takes it back; `cents` null: the deal has no amount yet."""

    line_id = fields.String(required=True, attribute="id")
    deal_id = fields.String(required=True)
    deal_date = fields.Date(required=True, attribute="day")
    customer_id = fields.String(required=True, allow_none=True)
    customer_code = fields.String(required=True, allow_none=True)
    customer_name = fields.String(required=True, allow_none=True)
    customer_erased = fields.Boolean(required=True)
    parts = fields.Integer(required=True, metadata={"description": "of 10,000"})
    cents = fields.Integer(required=True, allow_none=True)
    rule = fields.String(required=True, validate=validate.OneOf([one.value for one in Rule]))
    rule_version = fields.String(required=True)
    article = fields.String(
        required=True, allow_none=True, metadata={"description": "of the rule book; null: this system's own rule"}
    )
    reception_id = fields.String(
        required=True, allow_none=True, attribute="evidence", metadata={"description": "the reception it rests on"}
    )
    correction_id = fields.String(
        required=True, allow_none=True, metadata={"description": "the signed correction by which the deal is so"}
    )
    reverses = fields.String(required=True, allow_none=True)
    booked_at = fields.AwareDateTime(required=True)
    why = fields.Nested(CreditWhySchema, required=True)


class CreditSchema(ma.Schema):
    """One person's credit of the deals signed in a month, line by line; `total_cents` is the whole month's."""

    staff_id = fields.String(required=True)
    month = fields.String(required=True)
    total_cents = fields.Integer(required=True)
    items = fields.List(fields.Nested(CreditLineSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)


class CreditMonthSchema(ma.Schema):
    """What a person's lines of a month of signing add up to, and of how many deals the person has a part."""

    month = fields.String(required=True)
    total_cents = fields.Integer(required=True)
    deals = fields.Integer(required=True)


class CreditMonthsSchema(ma.Schema):
    """One person's credit of a year, by the months of signing in which there are lines."""

    staff_id = fields.String(required=True)
    year = fields.Integer(required=True)
    total_cents = fields.Integer(required=True)
    months = fields.List(fields.Nested(CreditMonthSchema), required=True)
