"""What goes over the wire about receipts."""

import re
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from services.reception.receipts.rules import Verdict
from services.reception.receptions.schemas import TogetherSchema


class ReceiptSchema(ma.Schema):
    """The receipt of a registration: the register's entry `number` of the hall says so, under `hash`.

    `registered_at` is when the visitor was registered, `recorded_at` when the register was written (a hall that was cut
    off hands in later). Name and phone are whole for the owner and who manages, masked for others; who was `erased` has
    none. `reconciled_with`: the customer turned out to be this one; so of each companion.
    """

    reception_id = fields.String(required=True)
    hall_id = fields.String(required=True)
    customer_id = fields.String(required=True)
    customer_is_new = fields.Boolean(required=True)
    companions = fields.List(fields.Nested(TogetherSchema), required=True)
    visitor_name = fields.String(required=True, allow_none=True)
    visitor_phone = fields.String(required=True, allow_none=True)
    erased = fields.Boolean(required=True)
    owner_id = fields.String(required=True, allow_none=True)
    owner_name = fields.String(required=True, allow_none=True)
    server_id = fields.String(required=True)
    server_name = fields.String(required=True)
    registered_by = fields.String(required=True)
    registered_by_name = fields.String(required=True)
    registered_at = fields.AwareDateTime(required=True)
    recorded_at = fields.AwareDateTime(required=True)
    number = fields.Integer(required=True)
    hash = fields.String(required=True)
    previous_hash = fields.String(required=True)
    reconciled_with = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)


class DaysArguments(ma.Schema):
    """From which day to which, both included: a month at most."""

    first = fields.Date(required=True)
    last = fields.Date(required=True)

    @ma.validates_schema
    def _a_month(self, data: dict[str, Any], **_options: Any) -> None:
        if not 0 <= (data["last"] - data["first"]).days <= 31:
            raise ma.ValidationError("out_of_range", "last")


class OwnRegistrationSchema(ma.Schema):
    """A registration of which there is a receipt. Name and phone are whole for the owner, masked for others."""

    reception_id = fields.String(required=True)
    kind = fields.String(required=True)
    completed_at = fields.AwareDateTime(required=True)
    visitor_name = fields.String(required=True, allow_none=True)
    visitor_phone = fields.String(required=True, allow_none=True)
    erased = fields.Boolean(required=True)


class OwnRegistrationsSchema(ma.Schema):
    """Whom one received and registered, the latest first."""

    items = fields.List(fields.Nested(OwnRegistrationSchema), required=True)


class ShownReceiptSchema(ma.Schema):
    """A receipt as somebody shows it: the reception and the digest printed on it."""

    reception_id = fields.String(required=True, validate=validate.Length(1, 36))
    hash = fields.String(required=True, validate=validate.Regexp(re.compile(r"[0-9a-f]{64}\Z")))


class VerdictSchema(ma.Schema):
    """Whether the receipt stands; `number` is the register's entry that it is of."""

    reception_id = fields.String(required=True)
    stands = fields.Boolean(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf([one.value for one in Verdict]))
    number = fields.Integer(required=True, allow_none=True)
    text = fields.String(required=True)
