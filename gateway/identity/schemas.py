"""Branches, departments, teams and people on the wire."""

import marshmallow as ma
from marshmallow import fields, validate

from gateway.identity.rules import LONGEST_PASSWORD, ROLES

_NAME = validate.Length(1, 80)
_ID = validate.Length(1, 36)


class NewBranchSchema(ma.Schema):
    code = fields.String(required=True, validate=validate.Regexp(r"^[A-Za-z0-9_-]{1,20}$"))
    name = fields.String(required=True, validate=_NAME)
    time_zone = fields.String(load_default="Asia/Shanghai", validate=validate.Length(1, 60))


class BranchChangesSchema(ma.Schema):
    name = fields.String(validate=_NAME)
    time_zone = fields.String(validate=validate.Length(1, 60))
    active = fields.Boolean()


class BranchSchema(ma.Schema):
    branch_id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True)
    time_zone = fields.String(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class NewDepartmentSchema(ma.Schema):
    branch_id = fields.String(required=True, validate=_ID)
    name = fields.String(required=True, validate=_NAME)


class DepartmentChangesSchema(ma.Schema):
    name = fields.String(validate=_NAME)
    active = fields.Boolean()


class DepartmentSchema(ma.Schema):
    department_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class NewTeamSchema(ma.Schema):
    branch_id = fields.String(required=True, validate=_ID)
    department_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    name = fields.String(required=True, validate=_NAME)


class TeamChangesSchema(ma.Schema):
    name = fields.String(validate=_NAME)
    department_id = fields.String(allow_none=True, validate=_ID)
    active = fields.Boolean()


class TeamSchema(ma.Schema):
    team_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    department_id = fields.String(required=True, allow_none=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class NewStaffSchema(ma.Schema):
    username = fields.String(required=True, validate=validate.Regexp(r"^[\w.@+-]{2,64}\Z"))
    password = fields.String(required=True, validate=validate.Length(1, LONGEST_PASSWORD), load_only=True)
    name = fields.String(required=True, validate=_NAME)
    role = fields.String(required=True, validate=validate.OneOf(sorted(ROLES)))
    branch_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    department_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    team_id = fields.String(load_default=None, allow_none=True, validate=_ID)


class StaffChangesSchema(ma.Schema):
    name = fields.String(validate=_NAME)
    role = fields.String(validate=validate.OneOf(sorted(ROLES)))
    department_id = fields.String(allow_none=True, validate=_ID)
    team_id = fields.String(allow_none=True, validate=_ID)
    active = fields.Boolean()


class StaffSchema(ma.Schema):
    staff_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True, allow_none=True)
    department_id = fields.String(required=True, allow_none=True)
    team_id = fields.String(required=True, allow_none=True)
    username = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True)
    active = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class PasswordSchema(ma.Schema):
    password = fields.String(required=True, validate=validate.Length(1, LONGEST_PASSWORD), load_only=True)
