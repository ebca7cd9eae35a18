"""The dead letters of a service, as its people decide about them: the same routes in every service."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate
from sqlalchemy import RowMapping

from chassis.database import Transaction
from chassis.events import dead_letters
from chassis.events.tables import dead_letters as table
from chassis.identity import Who
from chassis.web.blueprint import Blueprint
from chassis.web.context import the_web
from chassis.web.fields import Text
from chassis.web.pagination import Page, PageArguments, page_schema, paginate
from chassis.web.transactions import acts, reads

LONGEST_REASON = 400

Row = Mapping[str, Any]


class DeadLettersArguments(PageArguments):
    state = fields.String(load_default="parked", validate=validate.OneOf(dead_letters.STATES))


class DeadLetterSchema(ma.Schema):
    """An event that could not be handled here; who decided last, why and when is null before the first decision."""

    id = fields.String(required=True)
    type = fields.String(required=True)
    subject = fields.String(required=True)
    error = fields.String(required=True)
    attempts = fields.Integer(required=True)
    parked_at = fields.AwareDateTime(required=True)
    branch_id = fields.String(required=True, allow_none=True)
    state = fields.String(required=True, validate=validate.OneOf(dead_letters.STATES))
    decided_by = fields.String(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    decided_at = fields.AwareDateTime(required=True, allow_none=True)


class DeadLetterDecisionSchema(ma.Schema):
    reason = Text(LONGEST_REASON, required=True)


def dead_letters_blueprint(prefix: str) -> Blueprint:
    """`GET <prefix>/dead-letters`, and below each letter `POST retry` and `POST discard`."""
    blueprint = Blueprint("dead_letters", __name__)
    _list_at(blueprint, f"{prefix}/dead-letters")
    _decide_at(blueprint, f"{prefix}/dead-letters/<letter_id>")
    return blueprint


def _list_at(blueprint: Blueprint, path: str) -> None:
    @blueprint.get(path)
    @blueprint.arguments(DeadLettersArguments, location="query")
    @reads("operations.see")
    @blueprint.response(200, page_schema(DeadLetterSchema))
    def list_dead_letters(tx: Transaction, who: Who, asked: Row) -> Page:
        """Events in reach that could not be handled here, without their content."""
        return paginate(tx, dead_letters.listed(who, asked["state"]), [table.c.id], asked)


def _decide_at(blueprint: Blueprint, path: str) -> None:
    @blueprint.post(f"{path}/retry")
    @blueprint.arguments(DeadLetterDecisionSchema)
    @acts("operations.manage")
    @blueprint.response(200, DeadLetterSchema)
    def retry_dead_letter(tx: Transaction, who: Who, body: Row, letter_id: str) -> RowMapping:
        """Have the event tried again, from its first attempt."""
        return dead_letters.retry(tx, who, letter_id, body["reason"], the_web().wall_clock.now())

    @blueprint.post(f"{path}/discard")
    @blueprint.arguments(DeadLetterDecisionSchema)
    @acts("operations.manage")
    @blueprint.response(200, DeadLetterSchema)
    def discard_dead_letter(tx: Transaction, who: Who, body: Row, letter_id: str) -> RowMapping:
        """Decide that the event is never handled here; it stays readable."""
        return dead_letters.discard(tx, who, letter_id, body["reason"], the_web().wall_clock.now())
