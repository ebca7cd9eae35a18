"""What goes over the wire about exports."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema
from chassis.web.fields import Whole, YesNo
from services.customers.exports.rules import FIELDS, LARGEST, SCOPES

_FIELD = validate.OneOf(list(FIELDS))


class ExportSchema(ma.Schema):
    """An export: waiting, running, done or failed; `rows` once it is done, of `total` that were asked for."""

    export_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(["waiting", "running", "done", "failed"]))
    asked_at = fields.AwareDateTime(required=True)
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")
    whole_phones = fields.Boolean(required=True)
    total = fields.Integer(required=True)
    rows = fields.Integer(required=True, allow_none=True)


ExportPageSchema = page_schema(ExportSchema)


class RightChangeSchema(ma.Schema):
    """What people of a role may export from now on; what is left out stays."""

    allowed = YesNo()
    scope = fields.String(validate=validate.OneOf(SCOPES))
    fields_ = fields.List(
        fields.String(validate=_FIELD), data_key="fields", attribute="fields", validate=validate.Length(1, len(FIELDS))
    )
    whole_phones = YesNo()
    most_rows = Whole(validate=validate.Range(1, LARGEST))


class RightSchema(ma.Schema):
    """What people of a role may export: whose customers, which fields, whole phones or not, how many at once."""

    role = fields.String(required=True)
    allowed = fields.Boolean(required=True)
    scope = fields.String(required=True, validate=validate.OneOf(SCOPES))
    fields_ = fields.List(fields.String(), required=True, data_key="fields", attribute="fields")
    whole_phones = fields.Boolean(required=True)
    most_rows = fields.Integer(required=True)
    version = fields.Integer(required=True)


class RightsSchema(ma.Schema):
    """The rights of all roles that can have any."""

    items = fields.List(fields.Nested(RightSchema), required=True)
