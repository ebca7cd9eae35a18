"""What goes over the wire about the pool and its draws."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from chassis.web import PageArguments, page_schema, say
from chassis.web.fields import Whole


class PoolAskedSchema(PageArguments):
    """Whose pool: for those of the whole company."""

    branch_id = fields.String(load_default=None, validate=validate.Length(1, 36))


class PoolCustomerSchema(ma.Schema):
    """A customer in the pool, without the phone. Until `cooling_off_until` the asker, who was the owner, waits."""

    customer_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    code = fields.String(required=True)
    name = fields.String(required=True, allow_none=True)
    customer_type = fields.String(required=True, allow_none=True)
    grade = fields.String(required=True, allow_none=True)
    key_account = fields.Boolean(required=True)
    industry = fields.String(required=True, allow_none=True)
    province = fields.String(required=True, allow_none=True)
    city = fields.String(required=True, allow_none=True)
    district = fields.String(required=True, allow_none=True)
    local_day = fields.Date(required=True)
    cooling_off_until = fields.Date(required=True, allow_none=True)


PoolCustomerPageSchema = page_schema(PoolCustomerSchema)


class NextDrawSchema(ma.Schema):
    """The branch's next draw (null: not promised yet) and what the asker may draw.

    `commitment` is the SHA-256 of the seed, which was made already: keep it, and check the draw by it afterwards.
    """

    draw_id = fields.String(required=True, allow_none=True)
    commitment = fields.String(required=True, allow_none=True)
    in_pool = fields.Integer(required=True)
    held = fields.Integer(required=True)
    drawn_today = fields.Integer(required=True)
    hold_at_most = fields.Integer(required=True)
    draw_daily = fields.Integer(required=True)
    draw_batch = fields.Integer(required=True)


class NewDrawSchema(ma.Schema):
    """How many customers one would like to draw; the policy may allow fewer."""

    wanted = Whole(required=True, validate=validate.Range(1, 100))


class LimitSchema(ma.Schema):
    """Why fewer were given than were asked for: a code, and the words for it."""

    code = fields.String(required=True)
    text = fields.String(required=True)


class DrawDoneSchema(ma.Schema):
    """Who drew which customers, and why not as many as they wished."""

    draw_id = fields.String(required=True)
    branch_id = fields.String(required=True)
    n = fields.Integer(required=True)
    commitment = fields.String(required=True)
    seed = fields.String(required=True, allow_none=True)
    promised_at = fields.AwareDateTime(required=True)
    drawn_at = fields.AwareDateTime(required=True, allow_none=True)
    drawer_id = fields.String(required=True, allow_none=True)
    wanted = fields.Integer(required=True, allow_none=True)
    limited_by = fields.Method("_limited_by", required=True)
    given = fields.List(fields.String(), required=True, allow_none=True)

    def _limited_by(self, row: Mapping[str, Any]) -> list[dict[str, str]]:
        return [{"code": code, "text": say(f"limits.{code}")} for code in row["limited_by"] or ()]


class DrawSchema(DrawDoneSchema):
    """A draw with all that it takes to check it; of one that is only promised neither seed nor customers.

    To check it: the SHA-256 of `seed` is `commitment`, which was published before; sort `candidates` by the SHA-256, in
    hexadecimal, of the UTF-8 text `seed/id`: the first of them are `given`.
    """

    candidates = fields.List(fields.String(), required=True, allow_none=True)
    rule = fields.Constant("sha256(seed/customer_id)", required=True)


DrawDonePageSchema = page_schema(DrawDoneSchema)
