"""What goes over the wire about tags."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web.fields import Text

_ID = validate.Length(1, 36)
_OF_COMPANY = {"description": "for those of the whole company"}


class TagsSchema(ma.Schema):
    """The tags of a customer."""

    tags = fields.List(fields.String(), required=True)


class TagChangeSchema(ma.Schema):
    """Tags to put on a customer, and to take off."""

    add = fields.List(Text(40), load_default=list, validate=validate.Length(max=50))
    remove = fields.List(Text(40), load_default=list, validate=validate.Length(max=50))


class BranchArguments(ma.Schema):
    """Which branch's: for those of the whole company."""

    branch_id = fields.String(load_default=None, validate=_ID)


class TagInUseSchema(ma.Schema):
    """A tag, and how many customers in reach have it."""

    tag = fields.String(required=True)
    count = fields.Integer(required=True)


class TagsInUseSchema(ma.Schema):
    """The tags of a branch, the one of most customers first."""

    items = fields.List(fields.Nested(TagInUseSchema), required=True)


class RenamingSchema(ma.Schema):
    """A tag and its new name; where that is a tag already, the two become one."""

    tag = Text(40, required=True)
    new = Text(40, required=True)
    branch_id = fields.String(load_default=None, allow_none=True, validate=_ID, metadata=_OF_COMPANY)
