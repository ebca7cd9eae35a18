"""What goes over the wire about points."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import page_schema, say
from chassis.web.fields import Text
from services.customers.points.rules import MOST, ByHand, Kind, SpentOn
from services.customers.policy.schemas import (
    NewOwnershipPolicySchema,
    OwnershipPolicySchema,
    OwnershipPolicyVersionSchema,
)


class NewPointsRulesSchema(NewOwnershipPolicySchema):
    """What is to hold about points from a local day on, in a branch or (null) in every branch that does not decide.

    `values` names only what differs; `GET …/points-rules/current` shows every setting in its form.
    """


class PointsRulesVersionSchema(OwnershipPolicyVersionSchema):
    """One version as it was made; `branch_id` null: the company's; `n` counts those of one branch."""


PointsRulesVersionPageSchema = page_schema(PointsRulesVersionSchema)


class PointsRulesSchema(OwnershipPolicySchema):
    """What holds on a day: every setting, `deal_per` in cents; `branch_id` null: for branches that decide nothing.

    `on` switches a branch, `types_off` lists the types of customers that have no points. All of it is the product's own
    rule.
    """

    branch_id = fields.String(required=True, allow_none=True)
    version = fields.String(required=True)


class SpendingSchema(ma.Schema):
    """So many points spent, and on what."""

    points = fields.Integer(required=True, strict=True, validate=validate.Range(1, MOST))
    reason = fields.String(required=True, validate=validate.OneOf([one.value for one in SpentOn]))
    note = Text(400, load_default=None, allow_none=True)


class ByHandSchema(ma.Schema):
    """So many points given, or taken where they are below zero, and why."""

    points = fields.Integer(
        required=True, strict=True, validate=validate.And(validate.Range(-MOST, MOST), validate.NoneOf([0]))
    )
    reason = fields.String(required=True, validate=validate.OneOf([one.value for one in ByHand]))
    note = Text(400, load_default=None, allow_none=True)


class PostingSchema(ma.Schema):
    """A line of the ledger and why it is there; `source_…` is the evidence, a deal or a reception.

    `reverses_id` names the posting that this one takes back; `day` is the day of what it rests on, by whose
    `rule_version` it counts; `text` says it in words.
    """

    posting_id = fields.String(required=True)
    customer_id = fields.String(required=True)
    points = fields.Integer(required=True)
    kind = fields.String(required=True, validate=validate.OneOf([one.value for one in Kind]))
    reason = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True)
    source_kind = fields.String(required=True, allow_none=True)
    source_id = fields.String(required=True, allow_none=True)
    reverses_id = fields.String(required=True, allow_none=True)
    facts = fields.Dict(keys=fields.String(), required=True)
    rule_version = fields.String(required=True)
    day = fields.Date(required=True)
    posted_at = fields.AwareDateTime(required=True)
    by_id = fields.String(required=True, allow_none=True)
    text = fields.Method("_text", required=True)

    def _text(self, row: Mapping[str, Any]) -> str:
        code = row["kind"] if row["reverses_id"] is None else "taken_back"
        return say(f"points.{code}", **_said(row))


PostingPageSchema = page_schema(PostingSchema)


class PointsSchema(ma.Schema):
    """What a customer has, and how it last changed. `owed`: taken back after it was spent."""

    customer_id = fields.String(required=True)
    available = fields.Integer(required=True)
    owed = fields.Integer(required=True)
    rule_version = fields.String(required=True)
    latest = fields.List(fields.Nested(PostingSchema), required=True)


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    told = {"day": row["day"], "rule_version": row["rule_version"], "kind": say(f"points.kinds.{row['kind']}")}
    told |= {"points": abs(row["points"]), "reason": say(f"points.reasons.{row['reason']}") if row["reason"] else ""}
    return told | {name: _shown(name, value) for name, value in row["facts"].items()}


def _shown(name: str, value: Any) -> Any:
    return f"{value // 100:,}.{value % 100:02}" if name in ("amount", "per") else value
