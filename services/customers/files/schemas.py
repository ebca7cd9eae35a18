"""What goes over the wire about customers."""

from typing import Any

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

from chassis.web import PageArguments, page_schema
from chassis.web.fields import Text, YesNo
from services.customers.files.rules import WHOSE, digits_of
from services.customers.register.schemas import RulingSchema

_NAME = validate.And(validate.Length(max=80), validate.Regexp(r"\S"))
_WORD = validate.And(validate.Length(max=40), validate.Regexp(r"\S"))
_PHONE = validate.And(validate.Length(max=30), validate.Regexp(r"[^0-9]*[0-9]"))
_ID = validate.Length(1, 36)
_GRADE = validate.OneOf(["A", "B", "C"])
_DETAILS: dict[str, Any] = {
    "keys": fields.String(validate=_ID),
    "values": fields.Raw(allow_none=True),
    "validate": validate.Length(max=200),
    "metadata": {"description": "values of the company's own fields, by field_id"},
}


class CustomerSchema(ma.Schema):
    """A customer's file. `phone` is E.164, masked (138****1234) for those who neither own nor keep the file; `phones`
    are all by which the customer is recognised, `phone` first, also those of their family (一.5).
    """

    customer_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    phones = fields.List(fields.String(), required=True)
    customer_type = fields.String(required=True, allow_none=True)
    grade = fields.String(required=True, allow_none=True)
    key_account = fields.Boolean(required=True)
    company = fields.String(required=True, allow_none=True)
    source = fields.String(required=True, validate=validate.OneOf(["reception", "import", "person"]))
    owner_id = fields.String(required=True, allow_none=True)
    registered_at = fields.AwareDateTime(required=True)
    local_day = fields.Date(required=True)
    version = fields.Integer(required=True)


class DemandSchema(ma.Schema):
    """What the customer wants, each in the words in which it was said; null: no longer known."""

    purpose = Text(200, allow_none=True)
    budget = Text(200, allow_none=True)
    layout = Text(200, allow_none=True)
    area = Text(200, allow_none=True)
    preference = Text(500, allow_none=True)
    purchasing_power = Text(200, allow_none=True)


class WholeFileSchema(CustomerSchema):
    """Everything in a customer's file; `details` holds the values of the company's own fields by their id, `deleted_at`
    since when the customer is in the recycle bin, which those who keep it alone learn.
    """

    industry = fields.String(required=True, allow_none=True)
    province = fields.String(required=True, allow_none=True)
    city = fields.String(required=True, allow_none=True)
    district = fields.String(required=True, allow_none=True)
    demand = fields.Nested(DemandSchema, required=True)
    remarks = fields.String(required=True, allow_none=True)
    details = fields.Dict(keys=fields.String(), values=fields.Raw(), required=True)
    parent_id = fields.String(required=True, allow_none=True)
    deleted_at = fields.AwareDateTime(required=True, allow_none=True)


class _ByHandSchema(ma.Schema):
    """What people set in a file; null takes it away."""

    grade = fields.String(allow_none=True, validate=_GRADE)
    key_account = YesNo()
    company = Text(120, allow_none=True)
    industry = Text(40, allow_none=True)
    province = Text(40, allow_none=True)
    city = Text(40, allow_none=True)
    district = Text(40, allow_none=True)
    remarks = Text(2000, allow_none=True)
    demand = fields.Nested(DemandSchema)
    details = fields.Dict(**_DETAILS)


CustomerPageSchema = page_schema(CustomerSchema)


class FoundSchema(CustomerSchema):
    """A customer who was found; not `exact`: with one wrong character in what was looked for."""

    exact = fields.Boolean(required=True)


class CountedPageSchema(page_schema(CustomerSchema)):  # type: ignore[misc]
    """Customers of whom there are `count`, or `is_more` than that."""

    count = fields.Integer(required=True)
    is_more = fields.Boolean(required=True)


class FoundPageSchema(CountedPageSchema):
    """Those found, the exact ones first: these are counted."""

    items = fields.List(fields.Nested(FoundSchema), required=True)


class RegistrationSchema(_ByHandSchema):
    """A customer as known at the moment; the full name is asked for when it is not full (一.4)."""

    name = fields.String(required=True, validate=_NAME)
    phone = fields.String(load_default=None, allow_none=True, validate=_PHONE)
    customer_type = fields.String(load_default=None, allow_none=True, validate=_WORD)
    branch_id = fields.String(
        load_default=None, allow_none=True, validate=_ID, metadata={"description": "for those of the whole company"}
    )
    demand = fields.Nested(DemandSchema, load_default=dict)
    details = fields.Dict(**_DETAILS, load_default=dict)


class AgainSchema(ma.Schema):
    """A further registration of a known customer; without `phone` it is registered with the phone of the file."""

    name = fields.String(required=True, validate=_NAME)
    phone = fields.String(load_default=None, allow_none=True, validate=_PHONE)


class RegisteredSchema(WholeFileSchema):
    """The customer a registration belongs to, whether it is new or was brought back out of the recycle bin, and the
    ruling.

    Who does not see that customer is told whose it is, and name and phone as they gave them: all else is left out.
    """

    is_new = fields.Boolean(required=True)
    is_back = fields.Boolean(required=True)
    ruling = fields.Nested(RulingSchema, required=True)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Of the file only what anybody is told is always there."""
        field_obj.required = field_name in (*WHOSE, "name", "phone", "is_new", "is_back", "ruling")


class ChangeSchema(_ByHandSchema):
    """What is to change; what is left out stays. Name and phone are the register's: a change of them is asked for."""

    customer_type = fields.String(allow_none=True, validate=_WORD)


class SearchSchema(PageArguments):
    """Exactly one of them: `text` is a part of a name, company, contact, code or phone, or of how a name is read
    (zhang, zs); `phone` a whole one or its last digits; `code` a whole one.
    """

    text = fields.String(load_default=None, validate=_NAME)
    phone = fields.String(load_default=None, validate=_PHONE)
    code = fields.String(load_default=None, validate=_WORD)

    @ma.validates_schema
    def _exactly_one(self, data: dict[str, Any], **_options: Any) -> None:
        if sum(data.get(key) is not None for key in ("text", "phone", "code")) != 1:
            raise ValidationError("exactly_one_question")

    @ma.validates("phone")
    def _enough_digits(self, phone: str | None, **_options: Any) -> None:
        if phone is not None and len(digits_of(phone)) < 4:
            raise ValidationError("four_digits")
