"""What goes over the wire about policies."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema

_ID = validate.Length(1, 36)


class NewPolicySchema(ma.Schema):
    """What is to hold from a local day on, in a branch or (null) in every branch that does not decide otherwise.

    `values` names only what differs; `GET …/policies/current` shows every setting in its form.
    """

    branch_id = fields.String(required=True, allow_none=True, validate=_ID)
    holds_from = fields.Date(required=True)
    values = fields.Dict(keys=fields.String(), required=True)
    reason = fields.String(required=True, validate=validate.And(validate.Length(max=400), validate.Regexp(r"\S")))


class VersionSchema(ma.Schema):
    """One version as it was made; `branch_id` null: the company's."""

    version = fields.String(required=True)
    branch_id = fields.String(required=True, allow_none=True)
    holds_from = fields.Date(required=True)
    values = fields.Dict(keys=fields.String(), required=True, attribute="document")
    reason = fields.String(required=True)
    made_by = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)


VersionPageSchema = page_schema(VersionSchema)


class VersionsAskedSchema(PageArguments):
    """Which versions to list: those that count in a branch, or all in reach."""

    branch_id = fields.String(load_default=None, validate=_ID)


class CurrentAskedSchema(ma.Schema):
    """Where, and on which local day (by default today)."""

    branch_id = fields.String(load_default=None, validate=_ID)
    day = fields.Date(load_default=None)


class PolicySchema(ma.Schema):
    """What holds on a day: every setting, and by setting (or `setting.entry`) the version that it comes from."""

    branch_id = fields.String(required=True, allow_none=True)
    day = fields.Date(required=True)
    version = fields.String(required=True)
    values = fields.Dict(keys=fields.String(), required=True)
    sources = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
