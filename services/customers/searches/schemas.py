"""What goes over the wire about searches by conditions."""

from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema
from chassis.web.fields import Number, Text, Whole, YesNo
from services.customers.searches.rules import SORTS

_MOST_CONDITIONS, _MOST_VALUES, _MOST_DAYS = 30, 100, 36_500
_LONGEST, _GREATEST = 200, 10**15
_RANGE = validate.Range(-_GREATEST, _GREATEST)
_DAYS = validate.Range(-_MOST_DAYS, _MOST_DAYS)
_DAY = validate.Range(*(ma.fields.Date().deserialize(day) for day in ("1900-01-01", "9998-12-31")))


class Value(fields.Raw):
    """A text, a number, true or false, or null: nothing is known."""

    default_error_messages = fields.String.default_error_messages

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> Any:
        if isinstance(value, str):
            fits = 0 < len(value) <= _LONGEST
        else:
            fits = isinstance(value, (bool, int, float)) and -_GREATEST <= value <= _GREATEST
        if fits:
            return value
        raise self.make_error("invalid", input=value)


class ConditionSchema(ma.Schema):
    """One condition: all that it says must hold. Days are the branch's; `…_days` count from today, before it negative.

    `field` is one of the file's (grade, city, demand.budget, last_contact …), `tags`, or `details.` and the id of one
    that the company has made, and that is in use. Of tags, and of a field of several choices, `any_of` asks for one at
    least, `none_of` that none is there.
    """

    field = Text(60, required=True)
    contains = Text(80)
    any_of = fields.List(Value(allow_none=True), validate=validate.Length(1, _MOST_VALUES))
    none_of = fields.List(Text(_LONGEST), validate=validate.Length(1, _MOST_VALUES))
    at_least = Number(validate=_RANGE)
    at_most = Number(validate=_RANGE)
    since = fields.Date(validate=_DAY)
    until = fields.Date(validate=_DAY)
    since_days = Whole(validate=_DAYS)
    until_days = Whole(validate=_DAYS)


class QuestionSchema(ma.Schema):
    """Which customers, and in which order; those of whom it is not known stand at the lower end."""

    text = Text(80, load_default=None, allow_none=True)
    conditions = fields.List(
        fields.Nested(ConditionSchema), load_default=list, validate=validate.Length(max=_MOST_CONDITIONS)
    )
    sort = fields.String(load_default="registered", validate=validate.OneOf(SORTS))
    descending = YesNo(load_default=True)


class AskingSchema(PageArguments, QuestionSchema):
    """A question, and which page of its answer."""


class SavingSchema(ma.Schema):
    """A question under a name, for oneself or `shared` with the branch."""

    name = Text(60, required=True)
    shared = YesNo(load_default=False)
    question = fields.Nested(QuestionSchema, required=True)


class SavedSchema(ma.Schema):
    """A saved question and whose it is."""

    search_id = fields.String(required=True)
    owner_id = fields.String(required=True)
    name = fields.String(required=True)
    shared = fields.Boolean(required=True)
    question = fields.Nested(QuestionSchema, required=True)
    saved_at = fields.AwareDateTime(required=True)


SavedPageSchema = page_schema(SavedSchema)
