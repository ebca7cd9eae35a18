"""What goes over the wire about the register."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import say
from services.customers.register.rules import Kind, Loser, Origin, Rule, Ruling
from services.customers.relations.rules import Kin


class EntrySchema(ma.Schema):
    """One registration, and the customer's id under which it came. `counts`: it has a full name and a correct phone."""

    entry_id = fields.String(required=True)
    customer_id = fields.String(required=True)
    kind = fields.Enum(Kind, by_value=True, required=True)
    at = fields.AwareDateTime(required=True)
    local_day = fields.Date(required=True)
    name = fields.String(required=True, allow_none=True)
    phone = fields.String(required=True, allow_none=True)
    has_correct_phone = fields.Boolean(required=True)
    counts = fields.Boolean(required=True)
    registered_by = fields.String(required=True, allow_none=True)
    origin = fields.Enum(Origin, by_value=True, required=True)


class LoserSchema(ma.Schema):
    """A registration that does not hold: the reason as a code and in the reader's language.

    `kin`: what its person is to the one whose registration holds, where a family is one customer (一.5).
    """

    entry_id = fields.String(required=True, attribute="entry.entry_id")
    registered_by = fields.String(required=True, allow_none=True, attribute="entry.registered_by")
    reason = fields.String(required=True)
    kin = fields.Enum(Kin, by_value=True, required=True, allow_none=True)
    article = fields.String(required=True)
    text = fields.Method("_text", required=True)

    def _text(self, loser: Loser) -> str:
        reason = say(f"reasons.{loser.reason}", article=loser.article)
        return f"{say(f'kin.{loser.kin}', article=loser.article)} {reason}" if loser.kin else reason


class RulingSchema(ma.Schema):
    """Which registration holds, by which rule of which article, and why each other one does not.

    `asks_for_full_name`: it has none, so that a later one with full name and correct phone would hold in its place.
    """

    winner_entry_id = fields.String(required=True, attribute="winner.entry_id")
    registered_by = fields.String(required=True, allow_none=True, attribute="winner.registered_by")
    registered_at = fields.AwareDateTime(required=True, attribute="winner.at")
    rule = fields.Enum(Rule, by_value=True, required=True)
    article = fields.String(required=True, validate=validate.Length(max=12))
    text = fields.Method("_text", required=True)
    asks_for_full_name = fields.Method("_asks_for_full_name", required=True)
    losers = fields.List(fields.Nested(LoserSchema), required=True)

    def _text(self, ruling: Ruling) -> str:
        return say(f"rules.{ruling.rule.value}", article=ruling.article)

    def _asks_for_full_name(self, ruling: Ruling) -> bool:
        return not ruling.winner.has_full_name


class RegisterSchema(ma.Schema):
    """All registrations of one customer, the first one first, and the ruling among them."""

    customer_id = fields.String(required=True)
    entries = fields.List(fields.Nested(EntrySchema), required=True)
    ruling = fields.Nested(RulingSchema, required=True)
