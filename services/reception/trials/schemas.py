"""What goes over the wire about trials of a policy."""

import marshmallow as ma
from marshmallow import fields, validate

_ID = validate.Length(1, 36)


class NewTrialSchema(ma.Schema):
    """A draft of a branch's policy (what it leaves out is as in the company's), or (null) of the company's, tried in
    every branch that is open under what the branch itself decided; and the local days to try it on.
    """

    branch_id = fields.String(required=True, allow_none=True, validate=_ID)
    values = fields.Dict(keys=fields.String(), required=True)
    from_day = fields.Date(required=True)
    to_day = fields.Date(required=True)


class SumsSchema(ma.Schema):
    """What came of the days. Fines in yuan."""

    penalties = fields.Integer(required=True)
    fine = fields.Integer(required=True)
    points = fields.Integer(required=True)
    forfeits = fields.Integer(required=True)
    suspensions = fields.Integer(required=True)
    passed_on = fields.Integer(required=True)
    overstays = fields.Integer(required=True)
    turns_used = fields.Integer(required=True)
    turns_kept = fields.Integer(required=True)


class TotalsSchema(ma.Schema):
    """The sums under what held and under the draft, and how many of each kind of thing differ."""

    before = fields.Nested(SumsSchema, required=True)
    after = fields.Nested(SumsSchema, required=True)
    assignments_changed = fields.Integer(required=True)
    turns_changed = fields.Integer(required=True)
    penalties_changed = fields.Integer(required=True)
    people_changed = fields.Integer(required=True)
    passed_on_unsure = fields.Integer(required=True)


class BranchTriedSchema(ma.Schema):
    """What would have changed in one branch."""

    branch_id = fields.String(required=True)
    totals = fields.Nested(TotalsSchema, required=True)


class PersonChangedSchema(ma.Schema):
    """Somebody for whom the sums differ."""

    branch_id = fields.String(required=True)
    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    before = fields.Nested(SumsSchema, required=True)
    after = fields.Nested(SumsSchema, required=True)


class SideSchema(ma.Schema):
    """One side of a change: whom it is about, and what is said of them there."""

    staff_id = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String()
    turn = fields.String()
    fine = fields.Integer()
    points = fields.Integer()
    sure = fields.Boolean()
    starts_at = fields.AwareDateTime(allow_none=True)
    ends_at = fields.AwareDateTime(allow_none=True)


class ChangeSchema(ma.Schema):
    """One thing that the draft decides otherwise; null where there is nothing of it on that side.

    An assignment, a turn or a passing-on names its `reception_id`; an overstay its `step_out_id`; a penalty or forfeit
    its `cause` and `evidence`. A suspension without `starts_at` waited for the end of a reception.
    """

    branch_id = fields.String(required=True)
    day = fields.Date(required=True)
    reception_id = fields.String()
    call = fields.Integer()
    step_out_id = fields.String()
    cause = fields.String()
    evidence = fields.String()
    before = fields.Nested(SideSchema, required=True, allow_none=True)
    after = fields.Nested(SideSchema, required=True, allow_none=True)


class SaidSchema(ma.Schema):
    """One thing that the trial says of itself."""

    code = fields.String(required=True)
    text = fields.String(required=True)


class TrialSchema(ma.Schema):
    """What would have changed, for whom; `totals` are those of all `branches`.

    `re_decided` is judged anew, `as_it_happened` is not, and `cannot_know` is what a trial leaves open.
    """

    branch_id = fields.String(required=True, allow_none=True)
    from_day = fields.Date(required=True)
    to_day = fields.Date(required=True)
    totals = fields.Nested(TotalsSchema, required=True)
    branches = fields.List(fields.Nested(BranchTriedSchema), required=True)
    people = fields.List(fields.Nested(PersonChangedSchema), required=True)
    assignments = fields.List(fields.Nested(ChangeSchema), required=True)
    passed_on = fields.List(fields.Nested(ChangeSchema), required=True)
    overstays = fields.List(fields.Nested(ChangeSchema), required=True)
    turns = fields.List(fields.Nested(ChangeSchema), required=True)
    penalties = fields.List(fields.Nested(ChangeSchema), required=True)
    forfeits = fields.List(fields.Nested(ChangeSchema), required=True)
    suspensions = fields.List(fields.Nested(ChangeSchema), required=True)
    re_decided = fields.List(fields.Nested(SaidSchema), required=True)
    as_it_happened = fields.List(fields.Nested(SaidSchema), required=True)
    cannot_know = fields.List(fields.Nested(SaidSchema), required=True)
