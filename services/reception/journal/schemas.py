"""What goes over the wire about the journal of a hall that was cut off."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema
from chassis.web.fields import Moment, Text
from services.reception.journal.rules import (
    ABOUT_A_RECEPTION,
    ABOUT_A_STEP_OUT,
    BY_SOMEBODY,
    MOST_ENTRIES,
    Deed,
    Outcome,
)
from services.reception.receptions.schemas import ArrivalSchema, CompletionSchema, NotBuyingSchema
from services.reception.stepping_out.schemas import NewStepOutSchema, ReasonSchema

_ID = validate.Length(1, 36)
_WHAT = {
    Deed.ARRIVAL: {"arrival"},
    Deed.COMPLETE: {"visitor"},
    Deed.NOT_BUYING: {"not_buying"},
    Deed.STEP_OUT: {"out"},
    Deed.GRANT: {"granted"},
}
_PARTS = frozenset({"whose_id"}.union(*_WHAT.values()))


class EntrySchema(ma.Schema):
    """One thing that was done while the hall was cut off: by whom, when by the device's clock, under an id it made.

    `staff_id` is who acted; the front desk itself only records arrivals and that visitors left. A step of a reception
    names it by `arrival_id`, the entry of its arrival, or by `reception_id` where it was known before. `server_id` is
    whom the device called for an arrival. `whose_id` is who asked to step out, or walked off.
    """

    entry_id = fields.UUID(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([one.value for one in Deed]))
    happened_at = Moment(required=True)
    staff_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    arrival_id = fields.UUID(load_default=None, allow_none=True)
    reception_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    server_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    whose_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    arrival = fields.Nested(ArrivalSchema, load_default=None, allow_none=True)
    visitor = fields.Nested(CompletionSchema, load_default=None, allow_none=True)
    not_buying = fields.Nested(NotBuyingSchema, load_default=None, allow_none=True)
    out = fields.Nested(NewStepOutSchema, load_default=None, allow_none=True)
    granted = fields.Nested(ReasonSchema, load_default=None, allow_none=True)

    @ma.validates_schema
    def check_parts(self, entry: Mapping[str, Any], **_options: Any) -> None:
        """Each kind has its parts, and no others."""
        deed = Deed(entry["kind"])
        wanted = _WHAT.get(deed, set()) | ({"staff_id"} if deed in BY_SOMEBODY else set())
        wanted |= {"whose_id"} if deed in ABOUT_A_STEP_OUT | {Deed.WALK_OFF} else set()
        errors = {name: ["required"] for name in wanted if entry[name] is None}
        errors |= {name: ["unknown"] for name in _PARTS - wanted if entry[name] is not None}
        named = sum(entry[name] is not None for name in ("arrival_id", "reception_id"))
        if named != (deed in ABOUT_A_RECEPTION):
            errors["reception_id"] = ["which_reception"]
        if errors:
            raise ma.ValidationError(errors)

    @ma.post_load
    def as_text(self, entry: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Ids are text everywhere else."""
        arrival_id = entry["arrival_id"] and str(entry["arrival_id"])
        return entry | {"entry_id": str(entry["entry_id"]), "arrival_id": arrival_id}


class JournalSchema(ma.Schema):
    """What a hall did while it was cut off, in order; a longer journal is handed in in parts, one after the other."""

    entries = fields.List(fields.Nested(EntrySchema), required=True, validate=validate.Length(1, MOST_ENTRIES))


class NotFittingSchema(ma.Schema):
    """Why an entry does not fit: the code of the refusal that it would have met, its facts and its words."""

    code = fields.String(required=True)
    facts = fields.Dict(keys=fields.String(), required=True)
    text = fields.String(required=True)


class BecameSchema(ma.Schema):
    """What became of an entry. `counts_as_of` is the time at which it counts as done, null where it was not done.

    An arrival has its reception, and `server_id` is whom the rules called, even where `conflict` says that the device
    called somebody else.
    """

    entry_id = fields.String(required=True)
    outcome = fields.String(required=True, validate=validate.OneOf([one.value for one in Outcome]))
    counts_as_of = fields.AwareDateTime(required=True, allow_none=True)
    reception_id = fields.String(required=True, allow_none=True)
    server_id = fields.String(required=True, allow_none=True)
    conflict = fields.Nested(NotFittingSchema, required=True, allow_none=True)


class HandedInSchema(ma.Schema):
    """What became of the journal, entry by entry, and how many entries wait for the manager."""

    hall_id = fields.String(required=True)
    entries = fields.List(fields.Nested(BecameSchema), required=True)
    conflicts = fields.Integer(required=True)


class ConflictSchema(BecameSchema):
    """An entry that does not fit, with all that was said: `personal` is what identifies the visitor."""

    kind = fields.String(required=True, validate=validate.OneOf([one.value for one in Deed]))
    staff_id = fields.String(required=True, allow_none=True)
    happened_at = fields.AwareDateTime(required=True)
    handed_in_at = fields.AwareDateTime(required=True)
    handed_in_by = fields.String(required=True)
    said = fields.Dict(keys=fields.String(), required=True)
    personal = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    settled_at = fields.AwareDateTime(required=True, allow_none=True)
    settled_by = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


ConflictPageSchema = page_schema(ConflictSchema)


class ConflictsArguments(PageArguments):
    """`which`: those to be settled, or all."""

    which = fields.String(load_default="open", validate=validate.OneOf(["open", "all"]))


class SettlingSchema(ma.Schema):
    """How the manager settled a conflict."""

    reason = Text(400, required=True)
