"""What goes over the wire about the policy of owners."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema
from chassis.web.fields import Text

_ID = validate.Length(1, 36)


class NewOwnershipPolicySchema(ma.Schema):
    """What is to hold from a local day on, in a branch or (null) in every branch that does not decide otherwise.

    `values` names only what differs; `GET …/policies/current` shows every setting in its form.
    """

    branch_id = fields.String(required=True, allow_none=True, validate=_ID)
    holds_from = fields.Date(required=True)
    values = fields.Dict(keys=fields.String(), required=True)
    reason = Text(400, required=True)


class OwnershipPolicyVersionSchema(ma.Schema):
    """One version as it was made; `branch_id` null: the company's; `n` counts those of one branch."""

    policy_id = fields.String(required=True)
    n = fields.Integer(required=True)
    branch_id = fields.String(required=True, allow_none=True)
    holds_from = fields.Date(required=True)
    values = fields.Dict(keys=fields.String(), required=True, attribute="document")
    reason = fields.String(required=True)
    made_by = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)


OwnershipPolicyVersionPageSchema = page_schema(OwnershipPolicyVersionSchema)


class CurrentPolicyAskedSchema(ma.Schema):
    """Where (by default in the asker's branch), and on which local day (by default today)."""

    branch_id = fields.String(load_default=None, validate=_ID)
    day = fields.Date(load_default=None)


class OwnershipPolicySchema(ma.Schema):
    """What holds on a day: every setting. All of it is the product's own rule."""

    branch_id = fields.String(required=True)
    day = fields.Date(required=True)
    values = fields.Dict(keys=fields.String(), required=True)
