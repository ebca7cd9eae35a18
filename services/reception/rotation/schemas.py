"""What goes over the wire about halls and lines."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema

_ID = validate.Length(1, 36)
_LINE = validate.And(validate.Length(max=80), validate.Regexp(r"\S"))


class NewHallSchema(ma.Schema):
    """A hall to be opened; headquarters names the branch, everybody else opens at their own."""

    name = fields.String(required=True, validate=_LINE)
    branch_id = fields.String(load_default=None, allow_none=True, validate=_ID)


class HallSchema(ma.Schema):
    """A hall of a branch."""

    hall_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    name = fields.String(required=True)
    active = fields.Boolean(required=True)


HallPageSchema = page_schema(HallSchema)


class MemberSchema(ma.Schema):
    """Who joins the line."""

    staff_id = fields.String(required=True, validate=_ID)


class ReorderSchema(ma.Schema):
    """The manager's order of the line, from its head, with the reason that goes on the record."""

    order = fields.List(fields.String(validate=_ID), required=True, validate=validate.Length(max=500))
    reason = fields.String(required=True, validate=validate.And(validate.Length(max=400), validate.Regexp(r"\S")))


class InOrderSchema(ma.Schema):
    """One salesperson in the line."""

    staff_id = fields.String(required=True)
    name = fields.String(required=True)


class LineSchema(ma.Schema):
    """The line from its head; `line_version` is what a reorder's If-Match names."""

    hall_id = fields.String(required=True)
    line_version = fields.Integer(required=True)
    order = fields.List(fields.Nested(InOrderSchema), required=True)
