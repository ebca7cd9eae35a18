"""What goes over the wire about erasing."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema
from chassis.web.fields import YesNo
from services.customers.erasure.rules import Because, Requester


class ErasureWishSchema(ma.Schema):
    """The customer's code once more, since nothing brings back what is erased, and who asked for it; `family_too`: all
    whose customer it is have asked, where it is a family's.
    """

    code = fields.String(required=True, validate=validate.Length(1, 20))
    requested_by = fields.Enum(Requester, by_value=True, required=True)
    family_too = YesNo(load_default=False)


class ErasureSchema(ma.Schema):
    """That a customer was erased, by whom and why; `ids` is under how many ids they stood. Nothing of who it was."""

    erasure_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    customer_id = fields.String(required=True)
    code = fields.String(required=True)
    ids = fields.Integer(required=True)
    because = fields.String(required=True, validate=validate.OneOf([one.value for one in Because]))
    requested_by = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([one.value for one in Requester])
    )
    by_id = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


ErasurePageSchema = page_schema(ErasureSchema)
