"""What goes over the wire at the door."""

import marshmallow as ma
from marshmallow import fields, validate

from services.reception.door.rules import LAST_FOUR
from services.reception.receptions.rules import Relation
from services.reception.rotation.rules import Kind, Standing

_ID = validate.Length(1, 36)
_SHOWN = [one.value for one in Standing if one is not Standing.SUSPENDED]


class LookUpSchema(ma.Schema):
    """Who is asked for: exactly one of phone, its last four digits, and a customer's id."""

    phone = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 40))
    last_four = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.And(validate.Length(4, 4), validate.Regexp(LAST_FOUR)),
    )
    customer_id = fields.String(load_default=None, allow_none=True, validate=_ID)


class SuggestedSchema(ma.Schema):
    """The arrival to record, as the route of arrivals takes it."""

    kind = fields.String(required=True, validate=validate.OneOf([Kind.RETURNING.value, Kind.FIRST_VISIT.value]))
    customer_id = fields.String()
    phone = fields.String()
    relation = fields.String(validate=validate.OneOf([Relation.SELF.value]))


class AtTheDoorSchema(ma.Schema):
    """A salesperson, and where they are as seen from this hall. Whoever is suspended counts as off duty."""

    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    standing = fields.String(required=True, validate=validate.OneOf(_SHOWN))


class LastVisitSchema(ma.Schema):
    """When the customer was received last, and by whom."""

    reception_id = fields.String(required=True)
    local_day = fields.Date(required=True)
    server_id = fields.String(required=True)
    name = fields.String(required=True)


class CandidateSchema(ma.Schema):
    """A customer whom the visitor may be.

    `original` null: the customer lies in the pool, and comes as a first visit. `delegate` is there where the original
    is off duty and has entrusted somebody. `registered_on` is the branch's day. Name and phone are whole for the owner
    and who manages, masked (王**, 138****1234) for others; the audit trail has whom the managers were shown. `code`
    null: the register has not told of the customer yet.
    """

    customer_id = fields.String(required=True)
    code = fields.String(required=True, allow_none=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    registered_at = fields.AwareDateTime(required=True, allow_none=True)
    registered_on = fields.Date(required=True, allow_none=True)
    original = fields.Nested(AtTheDoorSchema, required=True, allow_none=True)
    delegate = fields.Nested(AtTheDoorSchema, required=True, allow_none=True)
    last_visit = fields.Nested(LastVisitSchema, required=True, allow_none=True)
    text = fields.String(required=True)
    suggested = fields.Nested(SuggestedSchema, required=True)


class LookedUpSchema(ma.Schema):
    """Whom the visitor may be, first registered first; `more`: ask for the whole phone.

    `suggested` is for when nobody was found.
    """

    hall_id = fields.String(required=True)
    candidates = fields.List(fields.Nested(CandidateSchema), required=True)
    more = fields.Boolean(required=True)
    suggested = fields.Nested(SuggestedSchema, required=True, allow_none=True)
