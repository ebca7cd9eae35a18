"""What goes over the wire about penalties, points and cases."""

from datetime import date
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate, validates_schema

from chassis.web import PageArguments, page_schema
from chassis.web.fields import Text, Whole
from services.reception.discipline.rules import State
from services.reception.policy.rules import Cause

_ID = validate.Length(1, 36)
_MONTH = validate.Regexp(r"^[0-9]{4}-(0[1-9]|1[0-2])$(?!\n)")
_SUBJECT = validate.Regexp(r"^[a-z_]{1,40}/[A-Za-z0-9-]{1,64}$(?!\n)")
_EARLIEST = validate.Range(date(2000, 1, 1))


class PenaltyArguments(PageArguments):
    """Which penalties; without any, all in reach."""

    branch_id = fields.String(load_default=None, validate=_ID)
    staff_id = fields.String(load_default=None, validate=_ID)
    state = fields.String(load_default=None, validate=validate.OneOf([state.value for state in State]))
    month = fields.String(load_default=None, validate=_MONTH)


class NewPenaltySchema(ma.Schema):
    """A penalty by hand. `note` says what happened; `day` is the day of the deed, by default today; `late_by` is in
    whole seconds, for lateness alone; `evidence` names what it rests on: `reception/…`, `dispute/…`.
    """

    staff_id = fields.String(required=True, validate=_ID)
    branch_id = fields.String(load_default=None, allow_none=True, validate=_ID)
    cause = fields.String(required=True, validate=validate.OneOf([cause.value for cause in Cause]))
    note = Text(1000, required=True)
    day = fields.Date(load_default=None, allow_none=True, validate=_EARLIEST)
    late_by = Whole(load_default=None, allow_none=True, validate=validate.Range(1, 86400))
    evidence = fields.String(load_default=None, allow_none=True, validate=_SUBJECT)

    @validates_schema
    def _late_by_how_much(self, data: dict[str, Any], **_: Any) -> None:
        if (data.get("cause") == Cause.LATE) != (data.get("late_by") is not None):
            raise ma.ValidationError("late_by", "late_by")


class PenaltyReasonSchema(ma.Schema):
    """Why; it goes on the record."""

    reason = Text(1000, required=True)


class PenaltySchema(ma.Schema):
    """A penalty as it stands. `fine` is in yuan; it moves, like the points, only `confirmed` or `upheld`."""

    penalty_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    cause = fields.String(required=True)
    article = fields.String(required=True, allow_none=True)
    fine = fields.Integer(required=True)
    points = fields.Integer(required=True)
    evidence = fields.String(required=True)
    note = fields.String(required=True, allow_none=True)
    policy_version = fields.String(required=True)
    day = fields.Date(required=True)
    at = fields.AwareDateTime(required=True)
    recorded_by = fields.String(required=True)
    state = fields.String(required=True)
    appealed_at = fields.AwareDateTime(required=True, allow_none=True)
    appeal = fields.String(required=True, allow_none=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    month = fields.String(required=True, allow_none=True)


PenaltyPageSchema = page_schema(PenaltySchema)


class PenaltyStepSchema(ma.Schema):
    """An entry of the branch's register: what the penalty came to, by whom, what was said."""

    n = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    state = fields.String(required=True)
    by = fields.String(required=True)
    said = fields.String(required=True, allow_none=True)
    hash = fields.String(required=True)


class EvidenceSchema(ma.Schema):
    """An entry of a register about what a penalty rests on."""

    chain = fields.String(required=True)
    n = fields.Integer(required=True)
    at = fields.AwareDateTime(required=True)
    kind = fields.String(required=True)
    hash = fields.String(required=True)
    facts = fields.Dict(required=True)


class PenaltyFileSchema(PenaltySchema):
    """A penalty with its way so far, and what it rests on."""

    steps = fields.List(fields.Nested(PenaltyStepSchema), required=True)
    rests_on = fields.List(fields.Nested(EvidenceSchema), required=True)


class PointsEntrySchema(ma.Schema):
    """What one penalty added to the points, or gave back."""

    penalty_id = fields.String(required=True)
    points = fields.Integer(required=True)
    month = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class PointsSchema(ma.Schema):
    """A person's points, opened at 0, and a page of the entries, the latest first."""

    staff_id = fields.String(required=True)
    balance = fields.Integer(required=True)
    items = fields.List(fields.Nested(PointsEntrySchema), required=True)
    next_after = fields.String(required=True, allow_none=True)


class CaseDecisionSchema(PenaltyReasonSchema):
    """What headquarters decides about a case."""

    decision = fields.String(required=True, validate=validate.OneOf(["removed", "kept"]))


class CaseSchema(ma.Schema):
    """A quarrel reported for removal: `open`, `removed`, `kept`, or `dropped` with the penalty it rests on."""

    case_id = fields.String(required=True, attribute="id")
    branch_id = fields.String(required=True)
    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    penalty_id = fields.String(required=True)
    opened_at = fields.AwareDateTime(required=True)
    opened_by = fields.String(required=True)
    state = fields.String(required=True)
    decided_by = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)


CasePageSchema = page_schema(CaseSchema)
