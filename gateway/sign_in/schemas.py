"""Sign-in on the wire."""

import marshmallow as ma
from marshmallow import fields, validate


class CredentialsSchema(ma.Schema):
    username = fields.String(required=True, validate=validate.Length(1, 200))
    password = fields.String(required=True, validate=validate.Length(1, 1000), load_only=True)


class NewPinSchema(ma.Schema):
    """One's own PIN, with the password that proves it."""

    password = fields.String(required=True, validate=validate.Length(1, 1000), load_only=True)
    pin = fields.String(required=True, validate=validate.Length(1, 20), load_only=True)


class ActingSchema(ma.Schema):
    """Who stands at the tablet."""

    staff_id = fields.String(required=True, validate=validate.Length(1, 36))
    pin = fields.String(required=True, validate=validate.Length(1, 20), load_only=True)


class TokenSchema(ma.Schema):
    access_token = fields.String(required=True)
    token_type = fields.String(required=True, validate=validate.Equal("Bearer"))
    expires_in = fields.Integer(required=True, metadata={"description": "Seconds"})


class MeSchema(ma.Schema):
    actor_id = fields.String(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(["person", "client"]))
    name = fields.String(required=True)
    role = fields.String(required=True)
    branch_id = fields.String(required=True, allow_none=True)
    team_id = fields.String(required=True, allow_none=True)
    reach = fields.String(required=True, validate=validate.OneOf(["own", "team", "branch", "all"]))
    permissions = fields.List(fields.String(), required=True)
