"""What goes over the wire about stepping out and forfeits."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema
from services.reception.forfeits.rules import ForfeitCause
from services.reception.stepping_out.rules import State

_WHY = validate.And(validate.Length(max=400), validate.Regexp(r"\S"))


class NewStepOutSchema(ma.Schema):
    """Why one steps out: a reason of the policy's. `without_stand_in`: A or B does not wait for one, and forfeits."""

    reason = fields.String(required=True, validate=validate.Length(1, 20))
    without_stand_in = fields.Boolean(load_default=False)


class ReasonSchema(ma.Schema):
    """Why; it goes on the record."""

    reason = fields.String(required=True, validate=_WHY)


class StepOutSchema(ma.Schema):
    """A step-out. Asked for, `asked_id` takes the place by accepting (None: nobody is free, a supervisor may grant).

    `since` when and `until` when one is away; without limit, and with `forfeit_id`, for who walked off.
    """

    step_out_id = fields.String(required=True, attribute="id")
    hall_id = fields.String(required=True)
    staff_id = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf([state.value for state in State]))
    asked_at = fields.AwareDateTime(required=True)
    asked_id = fields.String(required=True, allow_none=True)
    stand_in_id = fields.String(required=True, allow_none=True)
    granted_by = fields.String(required=True, allow_none=True)
    since = fields.AwareDateTime(required=True, allow_none=True)
    until = fields.AwareDateTime(required=True, allow_none=True)
    ended_at = fields.AwareDateTime(required=True, allow_none=True)
    forfeit_id = fields.String(required=True, allow_none=True)


class ReadySchema(ma.Schema):
    """Who stands at A and has the materials ready."""

    hall_id = fields.String(required=True)
    a = fields.String(required=True)
    is_ready = fields.Boolean(required=True)


class NewForfeitSchema(ma.Schema):
    """Who walked off."""

    staff_id = fields.String(required=True, validate=validate.Length(1, 36))


class ForfeitSchema(ma.Schema):
    """A turn given up. It counts unless it was excused, or spent by the suspension it names."""

    forfeit_id = fields.String(required=True, attribute="id")
    hall_id = fields.String(required=True)
    staff_id = fields.String(required=True)
    cause = fields.String(required=True, validate=validate.OneOf([cause.value for cause in ForfeitCause]))
    at = fields.AwareDateTime(required=True)
    evidence = fields.String(required=True)
    recorded_by = fields.String(required=True)
    excused_by = fields.String(required=True, allow_none=True)
    excused_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    suspension_id = fields.String(required=True, allow_none=True)


ForfeitPageSchema = page_schema(ForfeitSchema)


class SuspensionSchema(ma.Schema):
    """A suspension that has not ended; without `starts_at` it begins when the reception in progress ends."""

    suspension_id = fields.String(required=True, attribute="id")
    ordered_at = fields.AwareDateTime(required=True)
    starts_at = fields.AwareDateTime(required=True, allow_none=True)
    ends_at = fields.AwareDateTime(required=True, allow_none=True)


class OwnForfeitsSchema(ma.Schema):
    """One's own forfeits. `counting`: the ids of those that count now; more than `allowed` of them suspend (一.1)."""

    items = fields.List(fields.Nested(ForfeitSchema), required=True)
    next_after = fields.String(required=True, allow_none=True)
    counting = fields.List(fields.String(), required=True)
    allowed = fields.Integer(required=True)
    suspension = fields.Nested(SuspensionSchema, required=True, allow_none=True)
