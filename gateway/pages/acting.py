"""Who acts on a hall's page: the reader, or at a shared tablet whoever types their PIN, for this one act."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import request

from chassis.identity import Who
from chassis.web import the_asker, the_web
from gateway.identity.rules import SHARED
from gateway.identity.views import who_lead
from gateway.office import the_office
from gateway.pages import forms, hall
from gateway.pages.board import Board
from gateway.pages.inside import Reply, tell
from gateway.pages.language import problem_text, text
from gateway.sign_in import pins
from gateway.sign_in.rules import PinRefused, TooManyAttempts


class Unproved(Reply):
    """Nobody has proved by PIN that it is them who acts: nothing was sent to any service."""


@dataclass(frozen=True)
class Person:
    """Somebody who may stand at the tablet; `serves` is the reception they serve."""

    staff_id: str
    name: str
    serves: str | None


def act(path: str, body: Mapping[str, Any] | None) -> Reply:
    """POST to a service's path as who acts, under the form's key; Unproved at a shared tablet without the right PIN."""
    if not at_a_tablet():
        return tell(path, body, forms.key())
    try:
        who = _who_acts()
    except (PinRefused, TooManyAttempts) as error:
        status, said = problem_text(error)
        return Unproved(status, {"detail": said})
    if who is None:
        return Unproved(422, {"detail": text("pin.needed")})
    return tell(path, body, forms.key(), who)


def at_a_tablet() -> bool:
    """Whether anybody of the hall may stand where the present page is open."""
    return the_asker().role in SHARED


def people_at(hall_id: str) -> list[Person]:
    """Who may act at the tablet of a hall: its line, and who leads in the branch."""
    board = hall.board_of(hall_id)
    line = [_in_line(one) for one in board.hall["line"]] if isinstance(board, Board) else []
    known = {one.staff_id for one in line}
    with the_web().database.read() as tx:
        leading = [Person(one["id"], one["name"], None) for one in who_lead(tx, the_asker())]
    return [*line, *(one for one in leading if one.staff_id not in known)]


def _who_acts() -> Who | None:
    typed, office = forms.pin(), the_office()
    if typed is None:
        return None
    attempt = pins.PinAttempt(*typed, request.remote_addr or "")
    return pins.who_acts(office.database, office.wall, office.options.sign_in, the_asker(), attempt)


def _in_line(one: Mapping[str, Any]) -> Person:
    return Person(one["staff_id"], one["name"], one["reception"] and one["reception"]["reception_id"])
