"""What goes over the wire about contacts."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web.fields import Text

_PHONE = validate.And(validate.Length(max=30), validate.Regexp(r"[^0-9]*[0-9]"))
_PHONES = validate.Length(max=10)


class ContactSchema(ma.Schema):
    """Somebody to speak to at a customer's."""

    name = Text(80, required=True)
    phones = fields.List(fields.String(validate=_PHONE), load_default=list, validate=_PHONES)
    position = Text(80, load_default=None, allow_none=True)
    email = fields.Email(load_default=None, allow_none=True, validate=validate.Length(max=254))
    wechat = Text(80, load_default=None, allow_none=True)
    remarks = Text(500, load_default=None, allow_none=True)


class ContactChangeSchema(ma.Schema):
    """What is to change of a contact; what is left out stays."""

    name = Text(80)
    phones = fields.List(fields.String(validate=_PHONE), validate=_PHONES)
    position = Text(80, allow_none=True)
    email = fields.Email(allow_none=True, validate=validate.Length(max=254))
    wechat = Text(80, allow_none=True)
    remarks = Text(500, allow_none=True)


class KeptContactSchema(ma.Schema):
    """A contact. `phones` are E.164, masked (138****1234) for those for whom the customer's own is."""

    contact_id = fields.String(required=True)
    name = fields.String(required=True)
    position = fields.String(required=True, allow_none=True)
    phones = fields.List(fields.String(), required=True)
    email = fields.String(required=True, allow_none=True)
    wechat = fields.String(required=True, allow_none=True)
    remarks = fields.String(required=True, allow_none=True)
    is_primary = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class ContactsSchema(ma.Schema):
    """All contacts of a customer, the primary first, then the oldest."""

    items = fields.List(fields.Nested(KeptContactSchema), required=True)
