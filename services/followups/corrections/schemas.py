"""What goes over the wire about corrections of deals."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema
from chassis.web.fields import Text, Whole
from services.followups.corrections.rules import State

_ID = validate.Length(1, 36)
_MOST_CENTS = 10**15
_STATES = validate.OneOf([state.value for state in State])


class NewCorrectionSchema(ma.Schema):
    """What a deal is to say instead, by the branch's clock, and why; what is left out stays as it stands."""

    deal_id = fields.String(required=True, validate=_ID)
    deal_date = fields.Date(load_default=None, allow_none=True)
    signed_time = fields.Time(
        load_default=None, allow_none=True, format="%H:%M", metadata={"description": "hour of signing, HH:MM"}
    )
    amount = Whole(
        load_default=None,
        allow_none=True,
        validate=validate.Range(0, _MOST_CENTS),
        metadata={"description": "cents; 0: the deal is cancelled"},
    )
    reason = Text(1000, required=True)


class RefusalSchema(ma.Schema):
    """Why a correction is refused."""

    reason = Text(1000, required=True)


class CorrectionSchema(ma.Schema):
    """A correction of a deal: what stood before, what it is to be, who asked why, who signed or refused it.

    Why is null once the customer was erased.
    """

    correction_id = fields.String(required=True, attribute="id")
    deal_id = fields.String(required=True)
    state = fields.String(required=True, validate=_STATES)
    deal_date_before = fields.Date(required=True)
    signed_time_before = fields.Time(required=True, allow_none=True, format="%H:%M")
    amount_before = fields.Integer(required=True, allow_none=True)
    deal_date = fields.Date(required=True)
    signed_time = fields.Time(required=True, allow_none=True, format="%H:%M")
    amount = fields.Integer(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    asked_by = fields.String(required=True)
    asked_at = fields.AwareDateTime(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    answer = fields.String(required=True, allow_none=True)


class CorrectionsArguments(PageArguments):
    """Which corrections to list."""

    deal_id = fields.String(load_default=None, validate=_ID)
    state = fields.String(load_default=None, validate=_STATES)


CorrectionPageSchema = page_schema(CorrectionSchema)
