"""/api/v1/openapi.json: the merged document, as committed under contracts/."""

from functools import cache
from pathlib import Path

from flask import Response, request

from chassis.web import ANYONE, Blueprint, permits

_DOCUMENT = Path(__file__).parents[2] / "contracts" / "openapi.json"

blueprint = Blueprint("openapi", __name__)


class NoDocument(Exception):
    """This installation came without contracts/openapi.json."""


@blueprint.get("/api/v1/openapi.json")
@permits(ANYONE)
@blueprint.response(200)
def show_document() -> Response:
    """The OpenAPI 3.1 document of the gateway and all services."""
    answer = Response(_document(), mimetype="application/json")
    answer.add_etag()
    return answer.make_conditional(request)  # type: ignore[return-value]


@cache
def _document() -> bytes:
    try:
        return _DOCUMENT.read_bytes()
    except FileNotFoundError as error:
        raise NoDocument from error
