"""/api/v1/openapi.json: the merged document, as committed under contracts/."""

import json
from functools import cache
from pathlib import Path

from flask import Response, request

from chassis.web import ANYONE, Blueprint, merged, permits
from gateway.office import the_office

_CONTRACTS = Path(__file__).parents[2] / "contracts"

blueprint = Blueprint("openapi", __name__)


class NoDocument(Exception):
    """This installation came without contracts/openapi.json."""


@blueprint.get("/api/v1/openapi.json")
@permits(ANYONE)
@blueprint.response(200)
def show_document() -> Response:
    """The OpenAPI 3.1 document of the gateway and all services."""
    answer = Response(_in_full() if the_office().options.points else _document(), mimetype="application/json")
    answer.add_etag()
    return answer.make_conditional(request)  # type: ignore[return-value]


@cache
def _document() -> bytes:
    try:
        return (_CONTRACTS / "openapi.json").read_bytes()
    except FileNotFoundError as error:
        raise NoDocument from error


@cache
def _in_full() -> bytes:
    """The same with what an option adds."""
    plain = json.loads(_document())
    added = json.loads((_CONTRACTS / "optional" / "openapi.json").read_text(encoding="utf-8"))
    whole = merged([plain, added], plain["info"]["title"], plain["info"]["version"])
    return json.dumps(whole, ensure_ascii=False, indent=2).encode()
