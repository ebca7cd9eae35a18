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

_WITHIN = 0.9  # seconds: the whole answers within one, whoever is down


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
    questions = {part.name: _question(office.routes, part, customer_id, headers) for part in asked}
    told |= dict.fromkeys(questions, Told(Code.SLOW)) | _at_once().asked(questions, _WITHIN)
    if told["basics"].code is Code.NOTHING:
        raise UnknownCustomer
    return told


def _question(routes: Routes, part: Part, customer_id: str, headers: Mapping[str, str]) -> Question[Told]:
    named = quote(customer_id, safe="")
    path, query = str(part.path).format(id=named), part.query.format(id=named)
    outgoing = Outgoing("GET", path, query, dict(headers), within=_WITHIN)
    return Question(routes.word_of(path), partial(_ask, routes, outgoing))


def _ask(routes: Routes, outgoing: Outgoing) -> Told:
    reply = reply_to(routes, outgoing)
    return told_by(reply.status, reply.body)


def _at_once() -> AtOnce:
    return cast(AtOnce, current_app.extensions["whole_customer"])
