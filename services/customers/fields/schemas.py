"""What goes over the wire about the company's own fields and lists."""

import marshmallow as ma
from marshmallow import ValidationError, fields, validate

from chassis.web.fields import Text, Whole, YesNo
from services.customers.fields.rules import BETWEEN_CHOICES, Kind

_PLACE = validate.Range(0, 10_000)
_ID = validate.Length(1, 36)
_OF_COMPANY = {"description": "for those of the whole company; none: it holds in all branches"}


class _ChoicesSchema(ma.Schema):
    choices = fields.List(Text(80), validate=validate.Length(max=100))

    @ma.validates("choices")
    def _apart(self, choices: list[str], **_options: object) -> None:
        if len(set(choices)) < len(choices):
            raise ValidationError("twice")
        if any(sign in choice for choice in choices for sign in BETWEEN_CHOICES):
            raise ValidationError("sign_between_choices")


class FieldSchema(_ChoicesSchema):
    """A field as it is to be defined; its kind is for good. `searchable`: customers are found by what is set in it."""

    name_zh = Text(40, required=True)
    name_en = Text(40, required=True)
    kind = fields.String(required=True, validate=validate.OneOf([kind.value for kind in Kind]))
    required = YesNo(load_default=False)
    choices = fields.List(Text(80), load_default=list, validate=validate.Length(max=100))
    searchable = YesNo(load_default=False)
    place = Whole(load_default=None, allow_none=True, validate=_PLACE)
    branch_id = fields.String(load_default=None, allow_none=True, validate=_ID, metadata=_OF_COMPANY)


class FieldChangeSchema(_ChoicesSchema):
    """What is to change of a field; `retired`: it keeps its values and gets no others."""

    name_zh = Text(40)
    name_en = Text(40)
    required = YesNo()
    searchable = YesNo()
    place = Whole(validate=_PLACE)
    retired = YesNo()


class DefinedFieldSchema(ma.Schema):
    """A field: `branch_id` null when it holds in every branch; values stand in `details` under `field_id`."""

    field_id = fields.String(required=True)
    branch_id = fields.String(required=True, allow_none=True)
    name_zh = fields.String(required=True)
    name_en = fields.String(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    required = fields.Boolean(required=True)
    choices = fields.List(fields.String(), required=True)
    searchable = fields.Boolean(required=True)
    place = fields.Integer(required=True)
    retired = fields.Boolean(required=True)
    version = fields.Integer(required=True)


class FieldsSchema(ma.Schema):
    """The fields of a branch, in their order."""

    items = fields.List(fields.Nested(DefinedFieldSchema), required=True)


class FieldsArguments(ma.Schema):
    """Which branch's: for those of the whole company; none: what holds in all."""

    branch_id = fields.String(load_default=None, validate=_ID)


class TypesSchema(ma.Schema):
    """The types of customers, in the order in which they are offered."""

    names = fields.List(Text(40), required=True, validate=validate.Length(1, 50))
    branch_id = fields.String(load_default=None, allow_none=True, validate=_ID, metadata=_OF_COMPANY)

    @ma.validates("names")
    def _apart(self, names: list[str], **_options: object) -> None:
        if len(set(names)) < len(names):
            raise ValidationError("twice")


class KeptTypesSchema(ma.Schema):
    """The types that hold: a branch's own, or (`branch_id` null) the company's; version 0 is the shipped list."""

    names = fields.List(fields.String(), required=True)
    branch_id = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True)
