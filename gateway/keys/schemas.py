"""API keys on the wire."""

import marshmallow as ma
from marshmallow import fields, validate


class NewKeySchema(ma.Schema):
    name = fields.String(required=True, validate=validate.Length(1, 80))
    scopes = fields.List(fields.String(validate=validate.Length(1, 40)), required=True, validate=validate.Length(1, 40))
    branch_id = fields.String(load_default=None, allow_none=True, validate=validate.Length(1, 36))


class KeySchema(ma.Schema):
    key_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created_by = fields.String(required=True)
    created_at = fields.AwareDateTime(required=True)
    revoked_at = fields.AwareDateTime(required=True, allow_none=True)


class MadeKeySchema(KeySchema):
    key = fields.String(required=True, metadata={"description": "Shown this once"})
