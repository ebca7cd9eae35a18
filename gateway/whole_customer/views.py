"""Putting a customer together: each part from the service whose it is, all asked at once."""

from collections.abc import Mapping
from functools import partial
from typing import cast
from urllib.parse import quote

from flask import current_app

from chassis.texts import Locale
from chassis.web import the_asker
from gateway.office import the_office
from gateway.routing.replies import headers_inside, reply_to
from gateway.routing.table import Routes
from gateway.routing.transport import Outgoing
from gateway.whole_customer.asking import AtOnce, Question
from gateway.whole_customer.rules import PARTS, POINTS, Code, Part, Told, UnknownCustomer, told_by


def whole_customer(customer_id: str, language: Locale) -> dict[str, Told]:
    """Every part by its name, as the asker may see it; raises UnknownCustomer.

    A part that is not theirs to see is not asked for. Whether the customer is in reach each service decides for itself.
    """
    who, office = the_asker(), the_office()
    parts = (*PARTS, POINTS) if office.options.points else PARTS
    told = {part.name: Told(Code.NOT_INSTALLED) for part in parts}
    told |= {part.name: Told(Code.NOT_PERMITTED) for part in parts if not who.may(part.permission)}
    asked = [part for part in parts if part.path and office.routes.has(part.path) and who.may(part.permission)]
    headers = headers_inside(language)
    at_once = _at_once()
    outgoing = {part.name: _outgoing(part, customer_id, headers, at_once.patience) for part in asked}
    questions = {name: _question(office.routes, one) for name, one in outgoing.items()}
    told |= dict.fromkeys(questions, Told(Code.SLOW)) | at_once.asked(questions)
    if told["basics"].code is Code.NOTHING:
        raise UnknownCustomer
    return told


def _outgoing(part: Part, customer_id: str, headers: Mapping[str, str], within: float) -> Outgoing:
    named = quote(customer_id, safe="")
    path, query = str(part.path).format(id=named), part.query.format(id=named)
    return Outgoing("GET", path, query, dict(headers), within=within)


def _question(routes: Routes, outgoing: Outgoing) -> Question[Told]:
    return Question(routes.word_of(outgoing.path), partial(_ask, routes, outgoing))


def _ask(routes: Routes, outgoing: Outgoing) -> Told:
    reply = reply_to(routes, outgoing)
    return told_by(reply.status, reply.body)


def _at_once() -> AtOnce:
    return cast(AtOnce, current_app.extensions["whole_customer"])
