"""What goes over the wire about plans."""

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema
from services.followups.plans.rules import Reason


class WhySchema(ma.Schema):
    """Why a plan says what it says, as a code and in the reader's language."""

    code = fields.String(required=True, validate=validate.OneOf([reason.value for reason in Reason]))
    text = fields.String(required=True)


class PlanSchema(ma.Schema):
    """When one customer is due next. `next_due` null: nothing is due."""

    customer_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    customer_code = fields.String(required=True, allow_none=True)
    customer_name = fields.String(required=True, allow_none=True)
    customer_erased = fields.Boolean(required=True)
    grade = fields.String(required=True, allow_none=True)
    owner_id = fields.String(required=True, allow_none=True)
    next_due = fields.Date(required=True, allow_none=True)
    last_contact = fields.Date(required=True, allow_none=True)
    why = fields.Nested(WhySchema, required=True)


class PlansArguments(PageArguments):
    """Which plans to list: those due before a day, that day excluded."""

    due_before = fields.Date(load_default=None)


PlanPageSchema = page_schema(PlanSchema)
